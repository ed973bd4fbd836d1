import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { VerdictAnalyzer } from "./analyzer.ts";
import type { SegmentVerdicts } from "./result.ts";
import { verdictNames } from "./verdict.ts";

/** What `look` sees in the verdicts of each line. */
function eachOf<T>(lines: readonly string[], look: (v: SegmentVerdicts) => T): T[] {
  const out: T[] = [];
  const analyzer = new VerdictAnalyzer();
  const tracker = new SegmentTracker({
    onSegment: (s) => void out.push(look(analyzer.analyze(s))),
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return out;
}

const verdictsOf = (lines: readonly string[]): string[] =>
  eachOf(lines, ({ bits }) => verdictNames(bits).join(" "));

/** 10 ms from end to end; numbers go on at 101 and 301. */
const HANDSHAKE = [
  "0 > S 100 win 1000 mss 1000 wscale 2",
  "10 < S. 300 ack 101 win 1000 mss 1000 wscale 2",
  "10 > . 101 ack 301 win 1000",
];

/** The verdicts of what follows a handshake, line by line. */
const after = (...lines: string[]): string[] => verdictsOf([...HANDSHAKE, ...lines]).slice(3);

test("nothing is said of a handshake, data and its acknowledgement", () => {
  const lines = [...HANDSHAKE, "20 > P. 101:201(100) ack 301", "30 < . 301 ack 201 win 900"];
  expect(verdictsOf(lines)).toEqual(["", "", "", "", ""]);
});

test("data sent again is a retransmission, however late; acknowledged data a spurious one", () => {
  expect(
    after(
      "20 > P. 101:201(100) ack 301",
      "220 > P. 101:201(100) ack 301",
      "230 < . 301 ack 201 win 900",
      "900 > P. 101:201(100) ack 301",
    ),
  ).toEqual(["", "retransmission", "", "spurious_retransmission retransmission"]);
});

test("a SYN sent again is a retransmission at any delay, a bare FIN too", () => {
  expect(verdictsOf(["0 > S 100", "0.001 > S 100"])).toEqual(["", "retransmission"]);
  expect(after("20 > F. 101 ack 301", "21 > F. 101 ack 301")).toEqual(["", "retransmission"]);
});

test("behind what went before: out of order within the handshake's time, then sent again", () => {
  const hole = ["20 > . 101:201(100) ack 301", "21 > . 301:401(100) ack 301"];
  expect(after(...hole, "30.9 > . 201:301(100) ack 301").slice(1)).toEqual([
    "lost_segment",
    "out_of_order",
  ]);
  expect(after(...hole, "31 > . 201:301(100) ack 301").at(-1)).toBe("retransmission");
});

test("a fast retransmission needs two duplicates and comes within 20 ms", () => {
  const dup = ". 301 ack 101 win 1000";
  const lines = [
    "20 > . 101:201(100) ack 301",
    "21 > . 201:301(100) ack 301",
    `30 < ${dup}`,
    `31 < ${dup}`,
    `32 < ${dup}`,
  ];
  expect(after(...lines, "51.9 > . 101:201(100) ack 301").slice(3)).toEqual([
    "duplicate_ack",
    "duplicate_ack",
    "fast_retransmission retransmission",
  ]);
  expect(after(...lines, "52 > . 101:201(100) ack 301").at(-1)).toBe("retransmission");
});

test("duplicates are counted from the frame that said so first", () => {
  const dups = ["20 < . 301 ack 101 win 900", "21 < . 301 ack 101 win 900"];
  const seen = eachOf([...HANDSHAKE, ...dups], (v) => [v.duplicateAckNum, v.duplicateAckFrame]);
  // The first one has another window than the SYN-ACK.
  expect(seen.slice(3)).toEqual([
    [0, 0],
    [1, 2],
  ]);
});

test("a window closes, is probed with one byte, and opens again", () => {
  expect(
    after(
      "20 < . 301 ack 101 win 25",
      "21 > . 101:201(100) ack 301",
      "22 < . 301 ack 201 win 0",
      "300 > . 201:202(1) ack 301",
      "301 < . 301 ack 201 win 0",
      "400 < . 301 ack 201 win 1000",
      "401 > . 201:301(100) ack 301",
    ),
  ).toEqual([
    "window_update",
    "window_full",
    "zero_window",
    "zero_window_probe",
    "zero_window zero_window_probe_ack",
    "window_update",
    "",
  ]);
});

test("a keep-alive is the last byte again, empty or not; its answer says nothing new", () => {
  expect(
    after(
      "10 < . 301 ack 101 win 900",
      "9000 > . 100 ack 301",
      "9001 < . 301 ack 101 win 900",
      "18000 > . 100:101(1) ack 301",
      "18001 < . 301 ack 101 win 900",
    ).slice(1),
  ).toEqual(["keep_alive", "keep_alive_ack", "keep_alive", "keep_alive_ack"]);
});

test("an acknowledgement of what was never seen is told once", () => {
  expect(after("20 < . 301 ack 201 win 900", "21 < . 301 ack 301 win 900")).toEqual([
    "ack_lost_segment",
    "",
  ]);
});

test("a SYN with another number reuses the ports; with the same one it is sent again", () => {
  expect(verdictsOf(["0 > S 100", "1 < R. 0 ack 101", "5 > S 100", "9 > S 900"])).toEqual([
    "",
    "",
    "retransmission",
    "reused_ports",
  ]);
});

test("round-trip times: of the handshake, and from the first copy of what is acknowledged", () => {
  const lines = [
    ...HANDSHAKE,
    "20 > . 101:201(100) ack 301",
    "300 > . 101:201(100) ack 301",
    "310 < . 301 ack 201 win 900",
  ];
  const seen = eachOf(lines, (v) => [v.initialRttNs, v.acksFrame, v.ackRttNs, v.rtoNs, v.rtoFrame]);
  expect(seen[2]).toEqual([10e6, 2, 0, 0, 0]);
  expect(seen[4]).toEqual([10e6, 0, 0, 280e6, 4]);
  expect(seen[5]).toEqual([10e6, 4, 290e6, 0, 0]);
});

test("bytes in flight, and bytes since the last push", () => {
  const lines = [
    "20 > . 101:201(100) ack 301",
    "21 > P. 201:301(100) ack 301",
    "22 > . 301:401(100) ack 301",
    "30 < . 301 ack 301 win 900",
    "31 > P. 401:501(100) ack 301",
  ];
  const seen = eachOf([...HANDSHAKE, ...lines], (v) => [v.bytesInFlight, v.pushBytes]);
  expect(seen.slice(3)).toEqual([
    [100, 100],
    [200, 200],
    [300, 100],
    [0, 0],
    [200, 200],
  ]);
});

test("completeness is that of the segments before", () => {
  const lines = [
    ...HANDSHAKE,
    "20 > P. 101:201(100) ack 301",
    "30 > F. 201 ack 301",
    "31 < R 301",
    "32 < R 301",
  ];
  expect(eachOf(lines, (v) => v.completeness)).toEqual([0, 1, 3, 7, 15, 31, 63]);
});

test("each verdict names the frame that it rests on, the time since, and the bytes", () => {
  const seen = eachOf(
    [
      ...HANDSHAKE,
      "20 > . 101:201(100) ack 301",
      "21 > . 301:401(100) ack 301",
      "232 > . 101:201(100) ack 301",
    ],
    ({ bits, evidence }) => {
      if (bits === 0) return null;
      const i = 31 - Math.clz32(bits);
      return [evidence.frame[i], evidence.sinceNs[i], evidence.from[i], evidence.to[i]];
    },
  );
  // Missing behind frame 4: bytes 201 to 300. Sent again: the bytes of frame 4, 212 ms before.
  expect(seen.slice(4)).toEqual([
    [4, 1e6, 201, 301],
    [4, 212e6, 101, 201],
  ]);
});

test("numbers wrap", () => {
  const lines = [
    "0 > S 4294967290",
    "10 < S. 300 ack 4294967291",
    "10 > . 4294967291 ack 301",
    "20 > . 4294967291:95(100) ack 301",
    "21 > . 95:195(100) ack 301",
    "100 > . 4294967291:95(100) ack 301",
    "101 < . 301 ack 195",
  ];
  expect(verdictsOf(lines)).toEqual(["", "", "", "", "", "retransmission", ""]);
  expect(eachOf(lines, (v) => v.bytesInFlight).slice(3, 6)).toEqual([100, 200, 200]);
});

test("a socket connected to itself has one direction", () => {
  const analyzer = new VerdictAnalyzer();
  const seen: number[] = [];
  const tracker = new SegmentTracker({
    onSegment: (s) => void seen.push(analyzer.analyze(s).bits),
  });
  for (const [i, line] of ["0 > S 100", "1 > S. 100 ack 101", "2 > . 101 ack 101"].entries()) {
    const p = packetOf(line, i + 1, { client: 7, server: 7 });
    p.view.setUint32(16, p.view.getUint32(12));
    tracker.onPacket(p);
  }
  expect(seen.map((bits) => verdictNames(bits).join(" "))).toEqual([
    "",
    "retransmission",
    "duplicate_ack",
  ]);
});
