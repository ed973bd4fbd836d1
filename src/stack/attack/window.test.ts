/** Windows that shrink, stay closed for ever, or open by a byte (RFC 9293 §3.8.6; sockstress, CVE-2008-4609). */
import { describe, expect, test } from "vitest";
import {
  drive,
  isOver,
  ours,
  OURS,
  PLAIN,
  theirs,
  THEIRS,
  victim,
} from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";
import { linux } from "../tcp/profile.ts";
import type { TcpSegment } from "../types.ts";

const SECOND = 1e9;
const DAY = 86_400 * SECOND;

/** Whatever comes, the window is closed and nothing more is acknowledged than `ours(n)`. */
function closed(n: number): () => TcpSegment {
  return () => parseSegment(`. ${THEIRS} ack ${ours(n)} win 0`);
}

describe("a window that shrinks to the left of SND.NXT", () => {
  test.each([0, 1, 99, 100, 150])("to %d bytes: nothing beyond it is sent, again or new", (win) => {
    const v = victim({ win: 500 });
    v.conversation.writes(2000);
    const { endpoint } = v.conversation;
    drive(endpoint, 0, 0);
    expect(endpoint.status().flight).toBe(500);
    endpoint.onSegment(parseSegment(`. ${THEIRS} ack ${OURS} win ${win}`), 1);
    let furthest = 0;
    drive(endpoint, 1, 30 * SECOND, ({ seq, payload }) => {
      furthest = Math.max(furthest, ((seq - OURS) >>> 0) + payload.length);
      return null;
    });
    // A probe of a closed window is one byte.
    expect(furthest).toBeLessThanOrEqual(Math.max(1, win === 0 ? 1 : Math.ceil(win / 100) * 100));
    endpoint.abort(30 * SECOND);
    drive(endpoint, 30 * SECOND, DAY);
    expect(isOver(v, "aborted")).toBe(true);
  });

  test("and opens again: every byte goes", () => {
    const v = victim({ win: 300 });
    const { endpoint } = v.conversation;
    v.conversation.writes(1000);
    drive(endpoint, 0, 0);
    endpoint.onSegment(parseSegment(`. ${THEIRS} ack ${OURS} win 0`), 1);
    drive(endpoint, 1, 10 * SECOND);
    endpoint.closeWrite(10 * SECOND);
    // From now on the peer takes what comes in order.
    let taken = 0;
    const ack = (): TcpSegment => parseSegment(`. ${THEIRS} ack ${ours(taken)} win 300`);
    endpoint.onSegment(ack(), 10 * SECOND);
    drive(endpoint, 10 * SECOND, DAY, (segment) => {
      const from = (segment.seq - OURS) >>> 0;
      const end = from + segment.payload.length + (segment.flags & 1);
      if (from <= taken) taken = Math.max(taken, end);
      return ack();
    });
    expect([taken, endpoint.state]).toEqual([1001, "FIN-WAIT-2"]);
    v.conversation.aborts();
    drive(endpoint, DAY, 2 * DAY);
    expect(isOver(v, "aborted")).toBe(true);
  });
});

describe("a window that is closed for ever, by a peer who answers", () => {
  test.each([PLAIN, { ...linux, timestamps: false, sack: false, windowScaling: false }])(
    "$name: it stands for as long as the user wants (RFC 9293 §3.8.6.1), and asks less and less often",
    (profile) => {
      const v = victim({ profile });
      const { endpoint } = v.conversation;
      v.conversation.writes(1000);
      drive(endpoint, 0, DAY, closed(0));
      expect(endpoint.state).toBe("ESTABLISHED");
      const aDay = drive(endpoint, DAY, 2 * DAY, closed(0));
      expect(aDay).toBeLessThanOrEqual(DAY / profile.rtoMaxNs + 1);
      endpoint.abort(2 * DAY);
      drive(endpoint, 2 * DAY, 3 * DAY);
      expect(isOver(v, "aborted")).toBe(true);
    },
  );

  test.each([0, 300])("%d bytes in: a user timeout ends it (RFC 9293 §3.9.1)", (n) => {
    const v = victim({ options: { userTimeoutNs: 60 * SECOND }, win: n });
    const { endpoint } = v.conversation;
    v.conversation.writes(1000);
    drive(endpoint, 0, DAY, closed(n));
    expect(isOver(v, "timeout")).toBe(true);
  });

  test.each([
    ["nothing acknowledged", 0, 65_535],
    ["closed from the beginning", 0, 0],
    ["closed after some bytes", 300, 300],
  ])("%s: nobody waits for it once the user has closed", (_, n, win) => {
    const v = victim({ win });
    const { endpoint } = v.conversation;
    v.conversation.writes(1000);
    drive(endpoint, 0, 0);
    endpoint.close(0);
    drive(endpoint, 0, 30 * DAY, closed(n));
    expect(isOver(v, "timeout")).toBe(true);
  });
});

test("a window that opens by one byte at a time gets no small segments (RFC 9293 §3.8.6.2.1)", () => {
  const v = victim({ win: 0 });
  const { endpoint } = v.conversation;
  v.conversation.writes(10_000);
  let sent = 0;
  for (let win = 1; win < 50; win++) {
    endpoint.onSegment(parseSegment(`. ${THEIRS} ack ${OURS} win ${win}`), win);
    sent += drive(endpoint, win, win);
  }
  expect(sent).toBeLessThanOrEqual(1);
  endpoint.abort(100);
  drive(endpoint, 100, DAY);
  expect(isOver(v, "aborted")).toBe(true);
});

test("a user who reads one byte at a time offers no small window (RFC 9293 §3.8.6.2.2)", () => {
  const v = victim({ options: { receiveBuffer: 1000 } });
  v.conversation.arrives(`. ${THEIRS}:${theirs(1000)}(1000) ack ${OURS}`);
  v.conversation.at(200).sends(`. ${OURS} ack ${theirs(1000)} win 0`);
  for (let i = 0; i < 499; i++) v.conversation.reads(1, 1).is("ESTABLISHED");
  v.conversation.reads(1, 1).sends(`. ${OURS} ack ${theirs(1000)} win 500`);
  v.conversation.arrives(`R ${theirs(1000)}`).is("CLOSED");
  expect(isOver(v, "reset")).toBe(true);
});

test("a user who never reads: the buffer is the bound, and a peer who goes on is answered, not heard", () => {
  const v = victim({ options: { receiveBuffer: 5000 } });
  const { endpoint } = v.conversation;
  for (let i = 0; i < 1000; i++) {
    const line = `. ${theirs(100 * i)}:${theirs(100 * i + 100)}(100) ack ${OURS}`;
    endpoint.onSegment(parseSegment(line), i);
    drive(endpoint, i, i);
  }
  expect([endpoint.readable, endpoint.status().rcvWnd]).toEqual([5000, 0]);
  endpoint.close(1000);
  drive(endpoint, 1000, DAY);
  expect(isOver(v, "aborted")).toBe(true);
});
