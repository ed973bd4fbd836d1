import { expect, test } from "vitest";
import { linkSegments } from "../../analysis/segment-links.ts";
import { Prng } from "../../base/prng.ts";
import type { CallEvent } from "../../pcap/event.ts";
import { callsOf, packetOf, traceOf } from "../../testing/packets.ts";
import { CALLS, ladderOfPackets, LINES, withError } from "./ladder.fixture.ts";
import type { Ladder } from "./ladder.ts";
import { linksOf } from "./ladder-links.ts";
import { LadderList, segmentOfFrame } from "./ladder-list.ts";
import { mermaidOf } from "./ladder-mermaid.ts";
import { arrowLabels, callLabels, callSentenceOf, sentenceOf } from "./ladder-words.ts";

/** The ladder of some lines. */
const ladderFrom = (lines: readonly string[], calls: readonly CallEvent[] = []): Ladder =>
  ladderOfPackets(
    lines.map((line, i) => packetOf(line, i + 1)),
    calls,
  );

const LADDER = ladderFrom(LINES, callsOf(CALLS));

test("the links of a segment are those of the analysis", () => {
  const { madeBy, takenBy, calls } = LADDER;
  expect(linksOf(LADDER, 3)).toEqual({ ackedBy: 5, acks: -1, original: -1, resentAs: 4 });
  expect(linksOf(LADDER, 4)).toEqual({ ackedBy: 5, acks: -1, original: 3, resentAs: -1 });
  expect(linksOf(LADDER, 5)).toEqual({ ackedBy: -1, acks: 4, original: -1, resentAs: -1 });
  expect([calls[madeBy[3]!]?.op, calls[madeBy[4]!]?.op, calls[takenBy[3]!]?.op]).toEqual([
    "write",
    "write",
    "read",
  ]);
  expect(LADDER.delay).toEqual({ toServerNs: 20e6, toClientNs: 0.5e6 });
  expect(LADDER.isFromStart).toBe(true);
});

test("distances and what is looked for among them are the links that the analysis found", () => {
  const random = new Prng(5);
  const lines = Array.from({ length: 300 }, (_, i) => {
    const at = 101 + 10 * random.below(40);
    return random.below(2) === 0
      ? `${i} > P. ${at}:${at + 10}(10) ack 301`
      : `${i} < . 301 ack ${at}`;
  });
  const ladder = ladderFrom(["0 > S 100", ...lines]);
  const { ackedBy, original, resentAs } = linkSegments(traceOf(["0 > S 100", ...lines]), 0);
  const links = Array.from(ackedBy, (by, i) => ({
    ackedBy: by,
    acks: ackedBy.lastIndexOf(i),
    original: original[i],
    resentAs: resentAs[i],
  }));
  expect(links.map((_, i) => linksOf(ladder, i))).toEqual(links);
  expect(
    links.filter((link) => link.resentAs !== -1 && link.ackedBy !== -1).length,
  ).toBeGreaterThan(5);
});

test("the list has each segment and each call once, in order, and finds them again", () => {
  const list = new LadderList(LADDER, null);
  const rows = Array.from({ length: list.length }, (_, row) => list.at(row)!);
  expect(rows.map(({ kind, index }) => (kind === "call" ? "c" : "") + index).join(" ")).toBe(
    "c0 c1 0 1 2 c2 c3 c4 3 4 c5 5 c6 6 7 c7 8 9 10",
  );
  rows.forEach(({ kind, index }, row) => {
    expect(kind === "segment" ? list.rowOf(index) : list.rowOfCall(index)).toBe(row);
  });
  expect([list.at(-1), list.at(list.length), list.rowOf(11)]).toEqual([null, null, null]);
});

test("calls of one end keep their order where everything has one time", () => {
  const lines = [
    "1 > S 100",
    "41 < S. 300 ack 101",
    "41 > . 101 ack 301",
    "41 > P. 101:121(20) ack 301",
  ];
  const { rungs, calls } = ladderFrom(
    lines,
    callsOf(["client dial 1 41", "client write 41 41 20", "client write 41 41 5"]),
  );
  expect(rungs.map(({ call, slot }) => `${calls[call]!.op} ${slot}`)).toEqual([
    "dial 0",
    "dial 3",
    "write 3",
    "write 4",
  ]);
});

test("a range leaves out what is before and behind it", () => {
  const start = LADDER.time[0]!;
  const list = new LadderList(LADDER, [LADDER.time[3]!, LADDER.time[5]!]);
  expect([list.from, list.to, list.isAtEnd]).toEqual([3, 6, false]);
  const rows = Array.from({ length: list.length }, (_, row) => list.at(row)!);
  rows.forEach(({ kind, index }, row) => {
    expect(kind === "segment" ? list.rowOf(index) : list.rowOfCall(index)).toBe(row);
  });
  expect(list.rowOf(6)).toBeNull();
  expect(new LadderList(LADDER, [start + 600e6, start + 700e6]).length).toBe(0);
  expect([segmentOfFrame(LADDER, 5), segmentOfFrame(LADDER, 99)]).toEqual([4, -1]);
});

test("a segment says what it is and what it belongs to, in both languages", () => {
  expect(sentenceOf(LADDER, 4)).toEqual({
    en: "Frame 5, from the client: PSH,ACK seq 1 ack 1 len 20; retransmission (sent again); carries again what frame 4 carried 300 ms before; acknowledged by frame 6, 40.0 ms later; made by write.",
    zh: "第 5 帧，客户端发出：PSH,ACK seq 1 ack 1 len 20；retransmission（重传）；重发 300 ms 前第 4 帧带过的内容；40.0 ms 后由第 6 帧确认；由 write 调用产生。",
  });
  expect(sentenceOf(LADDER, 0).en).toContain("client CLOSED → SYN-SENT");
});

test("a call says whose it is and which segments are its own, in both languages", () => {
  const said = LADDER.calls.map((_, number) => callSentenceOf(LADDER, number));
  expect(said.map(({ en }) => en)).toEqual([
    "The server calls listen 10.0.0.2:80 → ok.",
    "The client calls dial → ok; the handshake is frames 1, 2, 3.",
    "The server calls accept → 10.0.0.1:40000; the handshake is frames 1, 2, 3.",
    "The client calls write 20 bytes → ok; its bytes left in frame 4; sent again in frame 5; acknowledged by frame 6.",
    "The server calls read → 20 bytes; took what came in frame 4; sent again in frame 5.",
    "The server calls write 20 bytes → ok; its bytes left in frame 7; acknowledged by frame 8.",
    "The client calls close → ok; made frame 9; acknowledged by frame 10.",
  ]);
  expect(said[3]!.zh).toBe(
    "客户端调用 write 20 字节 → ok；它的字节由第 4 帧发出；在第 5 帧重发；由第 6 帧确认。",
  );
});

test("labels have less where there is less room", () => {
  expect(arrowLabels(LADDER, 1, "en")).toEqual([
    "SYN,ACK seq 0 ack 1 win 65483",
    "SYN,ACK seq 0 ack 1",
    "SYN,ACK seq 0 ack 1",
    "SYN,ACK seq 0 ack 1",
    "SYN,ACK ack 1",
    "SYN,ACK",
  ]);
  const labels = LADDER.rungs.map((rung) => callLabels(LADDER, rung, "zh")[0]);
  expect(labels).toContain("write 20 字节 → ok");
  expect(labels).toContain("read → 20 字节");
});

test("Mermaid has each rung, and letters of its own language escaped", () => {
  const evil = ladderFrom(LINES, withError(callsOf(CALLS), "close", "x;#\n<b>\u202e"));
  const lines = mermaidOf(new LadderList(evil, null), "en").trimEnd().split("\n");
  expect(lines[0]).toBe("sequenceDiagram");
  expect(lines.filter((line) => /^ {2}[cs]->>[cs]: \d+ /.test(line))).toHaveLength(LINES.length);
  expect(lines).toContain("  c->>s: 5 PSH,ACK seq 1 ack 1 len 20, retransmission");
  expect(lines).toContain("  Note left of c: SYN-SENT");
  expect(lines).toContain("  Note left of c: close → x#59;#35;\\n#60;b#62;\\u202e");
  expect(lines.every((line) => !/[<;]b/.test(line) || line.includes("#60;b#62;"))).toBe(true);
});

test("a long ladder's diagram says how much it leaves out", () => {
  const many = Array.from({ length: 500 }, (_, i) => `${i} > . 101 ack ${301 + i}`);
  expect(mermaidOf(new LadderList(ladderFrom(many), null), "en")).toContain(
    "Note over c,s: … 100 more",
  );
});

test("without a beginning, and in one direction, a ladder has what there is", () => {
  const { isFromStart, delay, ackedAfter, initial } = ladderFrom(["0 > P. 5:15(10) ack 7"]);
  expect({ isFromStart, delay, ackedAfter: [...ackedAfter], initial }).toEqual({
    isFromStart: false,
    delay: null,
    ackedAfter: [0],
    initial: ["ESTABLISHED", "ESTABLISHED"],
  });
});
