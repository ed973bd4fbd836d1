import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { VerdictAnalyzer } from "../verdicts/analyzer.ts";
import type { Conversation } from "./conversation.ts";
import { ConversationTracker } from "./tracker.ts";

/** The connections of the lines. */
function conversationsOf(lines: readonly string[]): Conversation[] {
  const analyzer = new VerdictAnalyzer();
  const conversations = new ConversationTracker();
  const tracker = new SegmentTracker({
    onSegment: (s) => conversations.note(s, analyzer.analyze(s)),
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  conversations.end();
  return [...conversations.ended];
}

const HANDSHAKE = [
  "0 > S 100 win 1000 mss 1460 wscale 2",
  "10 < S. 300 ack 101 win 1000 mss 1000 wscale 3",
  "12 > . 101 ack 301 win 1000",
];

/** The one connection that begins with a handshake and goes on with the lines. */
function after(...lines: string[]): Conversation {
  const [first, ...more] = conversationsOf([...HANDSHAKE, ...lines]);
  expect(more).toEqual([]);
  return first!;
}

test("both ends, the frames, the times, the bytes", () => {
  const c = after("20 > P. 101:106(5) ack 301", "31 < . 301 ack 106");
  expect(c).toMatchObject({
    stream: 0,
    client: "10.0.0.1:40000",
    server: "10.0.0.2:80",
    firstFrame: 1,
    lastFrame: 5,
    startNs: 1_767_225_600_000_000_000n,
    durationNs: 31e6,
    toServer: { segments: 3, wireBytes: 40 + 8 + 40 + 45, dataSegments: 1, payloadBytes: 5 },
    toClient: { segments: 2, dataSegments: 0, payloadBytes: 0 },
  });
});

test("the handshake: two halves of the round trip, and what each end offered", () => {
  const { handshake, toServer, toClient } = after();
  expect(handshake).toEqual({ synToSynAckNs: 10e6, synAckToAckNs: 2e6, rttNs: 12e6 });
  expect([toServer.mss, toServer.windowScale, toServer.sackPermitted]).toEqual([1460, 2, false]);
  expect([toClient.mss, toClient.windowScale, toClient.timestamps]).toEqual([1000, 3, false]);
});

test("a SYN sent again: measured from the last one; without an answer nothing is measured", () => {
  const again = ["0 > S 100", "1000 > S 100", "1010 < S. 300 ack 101", "1011 > . 101 ack 301"];
  const [c] = conversationsOf(again);
  expect(c!.handshake.synToSynAckNs).toBe(10e6);
  expect([c!.toServer.syns, c!.toServer.verdicts]).toEqual([2, { retransmission: 1 }]);
  const unknown = { synToSynAckNs: null, synAckToAckNs: null, rttNs: null };
  expect(conversationsOf(["0 > S 100"])[0]!.handshake).toEqual(unknown);
  expect(conversationsOf(["0 < . 300 ack 101"])[0]!.handshake).toEqual(unknown);
});

test("bytes sent again count once; a part of them may be new", () => {
  const { toServer } = after(
    "20 > . 101:201(100) ack 301",
    "250 > P. 101:301(200) ack 301",
    "260 < . 301 ack 301",
  );
  expect(toServer).toMatchObject({
    payloadBytes: 300,
    uniqueBytes: 200,
    retransmittedSegments: 1,
    retransmittedBytes: 200,
    retransmittedShare: 2 / 3,
  });
});

test("bytes that fill a hole are new, once", () => {
  const hole = ["20 > . 101:201(100) ack 301", "21 > . 301:401(100) ack 301"];
  expect(after(...hole).toServer.uniqueBytes).toBe(200);
  const filled = after(
    ...hole,
    "250 > . 151:351(200) ack 301",
    "460 > . 201:301(100) ack 301",
  ).toServer;
  expect([filled.payloadBytes, filled.uniqueBytes]).toEqual([500, 300]);
});

test("Karn: an acknowledgement of what was sent twice, or waited for it, measures nothing", () => {
  const { toServer } = after(
    "20 > . 101:201(100) ack 301",
    "21 > . 201:301(100) ack 301",
    "30 < . 301 ack 201",
    "250 > . 201:301(100) ack 301",
    "251 > . 301:401(100) ack 301",
    "260 < . 301 ack 301",
    "262 < . 301 ack 401",
  );
  expect(toServer.rtt).toEqual({
    samples: 2,
    minNs: 10e6,
    medianNs: 10e6,
    p95Ns: 11e6,
    maxNs: 11e6,
  });
});

test("neither SYN nor FIN is a sample: the program on the other side may be waited for", () => {
  const c = after("20 > F. 101 ack 301", "500 < F. 301 ack 102", "501 > . 102 ack 302");
  expect([c.toServer.rtt, c.toClient.rtt]).toEqual([null, null]);
});

test("windows in bytes; SYN and RST do not count", () => {
  const { toServer, toClient } = after(
    "20 > P. 101:106(5) ack 301 win 500",
    "30 < . 301 ack 106 win 100",
    "40 < R 301 win 0",
  );
  expect(toServer.window).toEqual({ min: 2000, max: 4000 });
  expect(toClient.window).toEqual({ min: 800, max: 800 });
  expect(toServer.maxFlight).toBe(5);
});

test("a closed window is counted until it opens, or to the end", () => {
  const closed = ["20 < . 301 ack 101 win 0", "30 < . 301 ack 101 win 0"];
  expect(after(...closed, "50 < . 301 ack 101 win 9").toClient).toMatchObject({
    zeroWindows: 1,
    zeroWindowNs: 30e6,
    verdicts: { zero_window: 2, window_update: 1 },
  });
  const open = after(...closed, "90 > . 101:102(1) ack 301").toClient;
  expect([open.zeroWindows, open.zeroWindowNs]).toEqual([1, 70e6]);
});

test.each([
  ["open", null, null, []],
  ["half-closed", "server", null, ["20 < F. 301 ack 101"]],
  ["closed", "client", null, ["20 > F. 101 ack 301", "21 < F. 301 ack 102"]],
  ["reset", "client", "server", ["20 > F. 101 ack 301", "21 < R 301"]],
])("it ends %s: first FIN by %s, first RST by %s", (ending, firstFin, firstRst, lines) => {
  expect(after(...lines)).toMatchObject({ ending, firstFin, firstRst });
});

test("completeness counts every segment", () => {
  expect(conversationsOf(["0 > S 100"])[0]!.completeness).toBe(1);
  expect(after().completeness).toBe(7);
  expect(after("20 > P. 101:106(5) ack 301").completeness).toBe(15);
  expect(after("20 > P. 101:106(5) ack 301", "30 > F. 106 ack 301").completeness).toBe(31);
  expect(conversationsOf(["0 > P. 101:106(5) ack 301"])[0]!.completeness).toBe(8);
});

test("ports that are used again make a second connection", () => {
  const second = ["90 > S 9000 win 1000", "91 < S. 8000 ack 9001", "92 > . 9001 ack 8001"];
  const both = conversationsOf([...HANDSHAKE, "20 > P. 101:106(5) ack 301", ...second]);
  expect(both.map((c) => [c.stream, c.firstFrame, c.toServer.payloadBytes])).toEqual([
    [0, 1, 5],
    [1, 5, 0],
  ]);
  expect(both[1]!.toServer.verdicts).toEqual({ reused_ports: 1 });
});

test("sequence numbers wrap", () => {
  const [c] = conversationsOf([
    "0 > S 4294967290",
    "10 < S. 300 ack 4294967291",
    "11 > . 4294967291 ack 301",
    "20 > . 4294967291:195(200) ack 301",
    "21 > . 195:295(100) ack 301",
    "30 < . 301 ack 295",
    "300 > . 4294967291:195(200) ack 301",
  ]);
  expect(c!.toServer).toMatchObject({ payloadBytes: 500, uniqueBytes: 300, rtt: { samples: 1 } });
});

test("data that came before the first bytes of all: those are new when they come", () => {
  const lines = ["20 > P. 111:121(10) ack 301", "21 > P. 101:116(15) ack 301"];
  const { toServer } = after(...lines);
  expect([toServer.payloadBytes, toServer.uniqueBytes]).toEqual([25, 20]);
});
