/** Segments of one byte behind holes (SegmentSmack, CVE-2018-5390): bounded room, whole streams. */
import { expect, test } from "vitest";
import { drive, isOver, OURS, PLAIN, theirs, victim, type Victim } from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";
import { Receiver } from "../tcp/receiver.ts";
import { RingPool } from "../tcp/ring-pool.ts";

const WINDOW = 60_000;

function byte(v: Victim, n: number, nowNs: number): void {
  const { endpoint } = v.conversation;
  endpoint.onSegment(parseSegment(`. ${theirs(n)}:${theirs(n + 1)}(1) ack ${OURS}`), nowNs);
  drive(endpoint, nowNs, nowNs);
}

test("of 30,000 islands of one byte 256 are kept, the rest is refused, and the holes still fill", () => {
  const v = victim({
    profile: { ...PLAIN, sack: true },
    offer: "sackOK",
    options: { receiveBuffer: WINDOW },
  });
  const { endpoint } = v.conversation;
  for (let i = 0; i < 30_000; i++) byte(v, 2 * i + 1, i);
  expect(endpoint.status().outOfOrder).toBe(256);
  expect(v.refused.take().filter((why) => why === "1 bytes too many holes").length).toBe(
    30_000 - 256,
  );
  for (let n = 0; n < 600; n++) byte(v, n, 30_000 + n);
  expect([endpoint.readable, endpoint.status().outOfOrder]).toEqual([600, 0]);
  endpoint.abort(1e9);
  drive(endpoint, 1e9, 2e9);
  expect(isOver(v, "aborted")).toBe(true);
});

test("bytes that come backwards grow one island", () => {
  const v = victim({ options: { receiveBuffer: WINDOW } });
  const { endpoint } = v.conversation;
  for (let n = 2000; n > 0; n--) byte(v, n, 2000 - n);
  expect(endpoint.status().outOfOrder).toBe(2000);
  byte(v, 0, 2001);
  expect([endpoint.readable, v.refused.take()]).toEqual([2001, []]);
  endpoint.abort(1e9);
  drive(endpoint, 1e9, 2e9);
  expect(isOver(v, "aborted")).toBe(true);
});

test.each([1000, 65_535, 540_000])(
  "a byte at the far end of a window of %d takes no more than twice that",
  (limit) => {
    const v = victim({ options: { receiveBuffer: limit } });
    byte(v, Math.min(limit, 65_535) - 1, 0);
    expect(v.conversation.endpoint.status().outOfOrder).toBe(1);
    const receiver = new Receiver(limit, 1460, new RingPool(0));
    receiver.begin(theirs(-1));
    receiver.take(theirs(receiver.wnd - 1), new Uint8Array(1));
    expect(receiver.buffer.capacity).toBeLessThanOrEqual(2 * Math.max(limit, 1024));
  },
);
