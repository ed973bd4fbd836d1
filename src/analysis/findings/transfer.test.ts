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

/** 1 ms from end to end; numbers go on at 101 and 301. */
const OPEN = [
  "0 > S 100 win 1000 mss 1460 wscale 0 sackOK",
  "1 < S. 300 ack 101 win 1000 mss 1460 wscale 0 sackOK",
  "1.1 > . 101 ack 301 win 1000",
];

const after = (...lines: string[]): string[] => idsOf(...OPEN, ...lines);

/** A small write, its late acknowledgement, and the rest at once. */
function stall(i: number, ackMs: number, thenMs: number = 0.1): string[] {
  const at = 100 + i * 100;
  const seq = 101 + i * 20;
  return [
    `${at} > P. ${seq}:${seq + 10}(10) ack 301`,
    `${at + ackMs} < . 301 ack ${seq + 10}`,
    `${at + ackMs + thenMs} > P. ${seq + 10}:${seq + 20}(10) ack 301`,
    `${at + ackMs + thenMs + 1} < . 301 ack ${seq + 20}`,
  ];
}

test("Nagle's algorithm against delayed acknowledgements, three times", () => {
  const found = findingsOf(...OPEN, ...[0, 1, 2].flatMap((i) => stall(i, 41)));
  expect(found.map(({ id }) => id)).toEqual(["nagle-delayed-ack"]);
  expect(found[0]!.evidence.numbers).toMatchObject({ stalls: 3, eachNs: 41e6 });
  expect(found[0]!.evidence.frames.slice(0, 3)).toEqual([4, 5, 6]);
});

test("no stall: twice only, a prompt acknowledgement, or a sender that takes its time", () => {
  expect(after(...[0, 1].flatMap((i) => stall(i, 41)))).toEqual([]);
  expect(after(...[0, 1, 2].flatMap((i) => stall(i, 2)))).toEqual([]);
  expect(after(...[0, 1, 2].flatMap((i) => stall(i, 41, 20)))).toEqual([]);
});

test("the window was closed for a second", () => {
  const closed = [
    "10 > . 101:1101(1000) ack 301",
    "11 < . 301 ack 1101 win 0",
    "500 > . 1101:1102(1) ack 301",
    "501 < . 301 ack 1101 win 0",
    "1011 < . 301 ack 1101 win 1000",
  ];
  const [found] = findingsOf(...OPEN, ...closed);
  expect(found).toMatchObject({
    id: "window-closed",
    severity: "warning",
    evidence: { frames: [5, 8], numbers: { times: 1, totalNs: 1e9, probes: 1 } },
  });
  expect(found!.sentence.en).toBe("The server closed its receive window for 1.00 s.");
});

test("probes as Linux sends them, with an old number and no byte, count as well", () => {
  const closed = [
    "10 > . 101:1101(1000) ack 301",
    "11 < . 301 ack 1101 win 0",
    "300 > . 1100 ack 301",
    "700 > . 1100 ack 301",
    "1011 < . 301 ack 1101 win 1000",
  ];
  expect(findingsOf(...OPEN, ...closed)).toMatchObject([
    { id: "window-closed", severity: "warning", evidence: { numbers: { probes: 2 } } },
  ]);
});

test("a window that is closed while nobody wants to send is only a note", () => {
  const [found] = findingsOf(...OPEN, "11 < . 301 ack 101 win 0", "12 < . 301 ack 101 win 1000");
  expect(found).toMatchObject({ id: "window-closed", severity: "note" });
});

test("a small window that is filled again and again", () => {
  const fill = [0, 1, 2].flatMap((i) => [
    `${10 + i * 100} > . ${101 + i * 1000}:${1101 + i * 1000}(1000) ack 301`,
    `${100 + i * 100} < . 301 ack ${1101 + i * 1000} win 1000`,
  ]);
  const found = findingsOf(...OPEN, "5 < . 301 ack 101 win 1000", ...fill);
  expect(found[0]).toMatchObject({
    id: "small-receive-window",
    evidence: { numbers: { times: 3, windowBytes: 1000 } },
  });
});

const sentTwice = (i: number): string[] => [
  `${10 + i * 50} > P. ${101 + i * 10}:${111 + i * 10}(10) ack 301`,
  `${40 + i * 50} > P. ${101 + i * 10}:${111 + i * 10}(10) ack 301`,
  `${41 + i * 50} < . 301 ack ${111 + i * 10}`,
];

test("sent again: a warning from three and a hundredth on", () => {
  expect(findingsOf(...OPEN, ...sentTwice(0))).toMatchObject([
    { id: "retransmissions", severity: "note", evidence: { frames: [5] } },
  ]);
  expect(findingsOf(...OPEN, ...[0, 1, 2].flatMap(sentTwice))).toMatchObject([
    { id: "retransmissions", severity: "warning", evidence: { numbers: { segments: 3 } } },
  ]);
});

test("a silence, and then the timer", () => {
  const sent = "10 > P. 101:111(10) ack 301";
  const stalled = findingsOf(...OPEN, sent, "310 > P. 101:111(10) ack 301", "311 < . 301 ack 111");
  expect(stalled[0]).toMatchObject({
    id: "retransmission-timeout",
    evidence: { frames: [4, 5], numbers: { totalNs: 300e6 } },
  });
  expect(after(sent, "30 > P. 101:111(10) ack 301", "31 < . 301 ack 111")).not.toContain(
    "retransmission-timeout",
  );
});

test("sent again after it was acknowledged", () => {
  const lines = [
    "10 > P. 101:111(10) ack 301",
    "11 < . 301 ack 111",
    "12 > P. 101:111(10) ack 301",
  ];
  expect(after(...lines)).toContain("needless-retransmissions");
});

test("overtaken, unless the timestamp says that it was sent again", () => {
  const agreed = ["0 > S 100 ts 5 0", "10 < S. 300 ack 101 ts 9 5", "10.1 > . 101 ack 301 ts 6 9"];
  const ahead = "20 > . 111:121(10) ack 301 ts 20 9";
  expect(idsOf(...agreed, ahead, "20.5 > . 101:111(10) ack 301 ts 19 9")).toEqual(["reordering"]);
  expect(idsOf(...agreed, ahead, "20.5 > . 101:111(10) ack 301 ts 21 9")).toEqual([
    "retransmissions",
  ]);
});

const singleBytes = (n: number, everyMs: number): string[] =>
  Array.from({ length: n }, (_, i) => `${10 + i * everyMs} > P. ${101 + i}:${102 + i}(1) ack 301`);

test("written byte by byte", () => {
  expect(after(...singleBytes(30, 1))).toEqual(["tiny-segments"]);
  expect(after(...singleBytes(30, 60))).toEqual([]);
  expect(after(...singleBytes(15, 1))).toEqual([]);
});

test("the server had the question, and took its time", () => {
  const asked = ["10 > P. 101:151(50) ack 301", "11 < . 301 ack 151"];
  expect(after(...asked, "900 < P. 301:311(10) ack 151")).toEqual(["slow-answer"]);
  expect(after(...asked, "300 < P. 301:311(10) ack 151")).toEqual([]);
  // Nothing was asked.
  expect(after("900 < P. 301:311(10) ack 101")).toEqual([]);
});

const lateAcks = (n: number, ms: number): string[] =>
  Array.from({ length: n }, (_, i) => [
    `${100 + i * 500} > P. ${101 + i * 10}:${111 + i * 10}(10) ack 301`,
    `${100 + i * 500 + ms} < . 301 ack ${111 + i * 10}`,
  ]).flat();

test("acknowledgements late and alone", () => {
  expect(after(...lateAcks(12, 45))).toEqual(["delayed-acks"]);
  expect(after(...lateAcks(12, 5))).toEqual([]);
  expect(after(...lateAcks(5, 45))).toEqual([]);
});

const burst = (atMs: number, seq: number, n: number): string[] => [
  ...Array.from({ length: n }, (_, i) => {
    const from = seq + i * 1460;
    return `${atMs + i * 0.01} > . ${from}:${from + 1460}(1460) ack 301`;
  }),
  `${atMs + 20} < . 301 ack ${seq + n * 1460} win 65535`,
];

test("after a pause, ten segments and no more until they are acknowledged", () => {
  const wide = ["0 > S 100", "1 < S. 300 ack 101", "1.1 > . 101 ack 301"];
  const first = burst(10, 101, 30);
  expect(idsOf(...wide, ...first, ...burst(3000, 101 + 30 * 1460, 10))).toEqual([
    "slow-start-after-idle",
  ]);
  expect(idsOf(...wide, ...first, ...burst(3000, 101 + 30 * 1460, 20))).toEqual([]);
  expect(idsOf(...wide, ...first, ...burst(500, 101 + 30 * 1460, 10))).toEqual([]);
});

const duplicates = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `${20 + i} < . 301 ack 101 win 900`);

test("a hundred duplicate acknowledgements", () => {
  expect(after(...duplicates(102))).toEqual(["duplicate-acks"]);
  expect(after(...duplicates(90))).toEqual([]);
});

test("two ends that correct each other without end", () => {
  const lines = Array.from({ length: 60 }, (_, i) => [
    `${10 + i} > . 101 ack 301 win 1000`,
    `${10.5 + i} < . 301 ack 101 win 1000`,
  ]).flat();
  expect(after(...lines)).toContain("ack-storm");
  expect(after(...lines.slice(0, 40))).toEqual([]);
});

test("congestion that was echoed counts only where ECN was agreed", () => {
  const echo = ["10 > P. 101:111(10) ack 301", "11 < .E 301 ack 111"];
  const agreed = ["0 > SEW 100", "1 < S.E 300 ack 101", "1.1 > . 101 ack 301"];
  expect(idsOf(...agreed, ...echo)).toEqual(["congestion-marked"]);
  expect(after(...echo)).toEqual([]);
});

test("urgent data, flags that do not go together, timestamps that go back", () => {
  expect(after("10 > PU. 101:102(1) ack 301")).toEqual(["urgent-data"]);
  expect(after("10 > SF. 101 ack 301")).toContain("impossible-flags");
  const agreed = ["0 > S 100 ts 5 0", "10 < S. 300 ack 101 ts 9 5", "10.1 > . 101 ack 301 ts 6 9"];
  const data = ["20 > . 101:111(10) ack 301 ts 50 9", "21 > . 111:121(10) ack 301 ts 40 9"];
  expect(idsOf(...agreed, ...data)).toEqual(["timestamps-went-back"]);
});
