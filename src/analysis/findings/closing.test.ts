import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import type { Finding } from "./finding.ts";
import { FindingSink } from "./read-findings.ts";

/** What is found in the packets of the lines; these have no checksums, which goes without saying. */
function findingsOf(...lines: readonly string[]): readonly Finding[] {
  const sink = new FindingSink();
  for (const [i, line] of lines.entries()) sink.onPacket(packetOf(line, i + 1));
  return sink.finish().findings.filter(({ id }) => id !== "checksum-offload");
}

const idsOf = (...lines: readonly string[]): string[] => findingsOf(...lines).map(({ id }) => id);

/** Numbers go on at 101 and 301. */
const OPEN = ["0 > S 100 mss 1460", "1 < S. 300 ack 101 mss 1460", "1.1 > . 101 ack 301"];

const after = (...lines: string[]): string[] => idsOf(...OPEN, ...lines);

test("closed in order, there is nothing to say", () => {
  expect(after("5 > F. 101 ack 301", "6 < F. 301 ack 102", "7 > . 102 ack 302")).toEqual([]);
});

test("a reset, with what had not been acknowledged", () => {
  const found = findingsOf(...OPEN, "5 > P. 101:151(50) ack 301", "6 < R. 301 ack 101");
  expect(found.map(({ id }) => id)).toEqual(["reset"]);
  expect(found[0]).toMatchObject({
    severity: "warning",
    evidence: { frames: [4, 5], numbers: { unacknowledgedBytes: 50, afterNs: 6e6 } },
  });
});

test("a reset with data that the window shows as unread", () => {
  const lines = [
    "0 > S 100 mss 1460 wscale 0",
    "1 < S. 300 ack 101 win 1000 mss 1460 wscale 0",
    "1.1 > . 101 ack 301",
    "2 < . 301 ack 101 win 1000",
    "5 > P. 101:151(50) ack 301",
    "6 < . 301 ack 151 win 950",
    "9 < R. 301 ack 151",
  ];
  expect(findingsOf(...lines)[0]!.evidence.numbers).toMatchObject({ unreadBytes: 50 });
  const read = lines.with(5, "6 < . 301 ack 151 win 1000");
  expect(findingsOf(...read)[0]!.evidence.numbers).toMatchObject({ unreadBytes: 0 });
});

test("data for a socket that is closed", () => {
  expect(after("5 < F. 301 ack 101", "6 > P. 101:151(50) ack 302", "7 < R 302")).toEqual([
    "data-after-close",
  ]);
});

test("a reset after both have closed is only a note", () => {
  expect(
    after("5 > F. 101 ack 301", "6 < F. 301 ack 102", "7 > . 102 ack 302", "8 > R 102"),
  ).toEqual(["reset-after-close"]);
});

test("data for a connection that the other side does not know", () => {
  expect(idsOf("0 > P. 101:151(50) ack 301", "1 < R 301")[0]).toBe("half-open");
  // It has spoken before: an ordinary reset.
  expect(idsOf("0 < P. 291:301(10) ack 101", "1 > P. 101:151(50) ack 301", "2 < R 301")).toContain(
    "reset",
  );
});

test("a FIN that nobody acknowledges while the capture goes on", () => {
  const fins = ["5 > F. 101 ack 301", "205 > F. 101 ack 301", "605 > F. 101 ack 301"];
  expect(after(...fins)).toEqual([]);
  expect(after(...fins, "5000 > F. 101 ack 301")).toEqual(["fin-unanswered"]);
});

test("the other side never closes", () => {
  const half = ["5 > F. 101 ack 301", "6 < . 301 ack 102"];
  expect(after(...half)).toEqual([]);
  expect(after(...half, "40000 > . 102 ack 301")).toEqual(["half-closed"]);
  // It goes on sending: that is what half-closing is for.
  expect(after(...half, "39000 < P. 301:311(10) ack 102", "40000 > . 102 ack 311")).toEqual([]);
});

test("keep-alives that nobody answers", () => {
  const asked = ["5 > . 100 ack 301", "1005 > . 100 ack 301"];
  expect(after(...asked)).toEqual(["keep-alive-unanswered"]);
  expect(after(...asked, "1006 < . 301 ack 101")).toEqual([]);
});

test("a reset with another distance than all else", () => {
  const sink = new FindingSink();
  const lines = [...OPEN, "5 < P. 301:311(10) ack 101", "6 < R. 311 ack 101"];
  for (const [i, line] of lines.entries()) {
    const packet = packetOf(line, i + 1);
    if (line.includes("R.")) packet.view.setUint8(8, 57);
    sink.onPacket(packet);
  }
  expect(sink.finish().findings.map(({ id }) => id)).toContain("reset-from-elsewhere");
});
