import { expect, test } from "vitest";
import type { CallEvent } from "../../../pcap/event.ts";
import { callsOf, packetOf } from "../../../testing/packets.ts";
import { CALLS, ladderOfPackets, LINES, withError } from "../../model/ladder.fixture.ts";
import { LadderList } from "../../model/ladder-list.ts";
import type { Ladder } from "../../model/ladder.ts";
import type { Picture } from "../shape.ts";
import { ladderLegend } from "./legend.ts";
import { svgFile } from "../svg-file.ts";
import { columnsOf, evenHeights, type Heights, timeHeights } from "./layout.ts";
import { callNear, linkedTo, linkedToCall, segmentNear } from "./links.ts";
import { ladderScene, MAX_ARROWS, niceStep } from "./scene.ts";

/** The ladder of some lines. */
const ladderFrom = (lines: readonly string[], calls: readonly CallEvent[] = []): Ladder =>
  ladderOfPackets(
    lines.map((line, i) => packetOf(line, i + 1)),
    calls,
  );

const LADDER = ladderFrom(LINES, callsOf(CALLS));

function scene(
  ladder: Ladder,
  width: number,
  heights: Heights,
  selected = -1,
  pointedCall = -1,
): Picture {
  const columns = columnsOf(width, ladder.calls.length > 0);
  return ladderScene(ladder, columns, heights, {
    lang: "en",
    height: 900,
    selected,
    pointed: -1,
    pointedCall,
    timeName: "s",
    timeOf: (i) => `t${i}`,
    tickOf: String,
  });
}

const wordsOf = ({ shapes }: Picture): string[] =>
  shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));

/** Strokes of what is lit. */
const strongIn = ({ shapes }: Picture): number =>
  shapes.filter(({ kind, width }) => kind === "path" && width === 3).length;

test("evenly spaced: every segment, call and state has its words", () => {
  const even = evenHeights(new LadderList(LADDER, null), 0, 850, false);
  const words = wordsOf(scene(LADDER, 1000, even));
  for (const word of [
    "client",
    "SYN-SENT",
    "TIME-WAIT",
    "LAST-ACK",
    "listen 10.0.0.2:80 → ok",
    "read → 20 bytes",
  ]) {
    expect(words).toContain(word);
  }
  expect(words.filter((word) => /^(?:SYN|ACK|PSH|FIN)/.test(word) && !/-/.test(word))).toHaveLength(
    11,
  );
  // The mark of the retransmission.
  expect(words).toContain("R");
});

test.each([340, 400, 760, 800, 1000, 1600])("no shape leaves a width of %i", (width) => {
  const even = evenHeights(new LadderList(LADDER, null), 0, 850, width < 800);
  const { inner, outer } = columnsOf(width, true);
  expect(inner[1] - inner[0]).toBeGreaterThan(150);
  expect(outer[0]).toBeGreaterThan(0);
  for (const shape of scene(LADDER, width, even, 4).shapes) {
    if (shape.kind !== "text") continue;
    expect([shape.text, shape.x > 0 && shape.x < width]).toEqual([shape.text, true]);
  }
});

test("in true time arrows fall as long as the handshake says that they were on the way", () => {
  const from = LADDER.time[0]! - 20e6;
  const heights = timeHeights(LADDER, [from, from + 850e6], 850);
  const fall = heights.at(3, 1) - heights.at(3, 0);
  // 20.5 ms of 850 ms over 822 px.
  expect(fall).toBeCloseTo((20.5 / 850) * 822, 1);
  expect(heights.timeAt!(heights.ofCall(0))).toBeCloseTo(LADDER.rungs[0]!.time, 0);
});

test("more arrows than can be seen are counted by bars", () => {
  const lines = Array.from({ length: MAX_ARROWS + 50 }, (_, i) => `${i} > . 101 ack ${301 + i}`);
  const many = ladderFrom(lines);
  const heights = timeHeights(many, [0, many.time.at(-1)!], 850);
  const picture = scene(many, 1000, heights);
  expect(picture.shapes.length).toBeLessThan(100);
  expect(wordsOf(picture).join(" ")).toContain("850 segments: bars count them");
});

test("only what is seen is drawn, however long the ladder is", () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i} > . 101 ack ${301 + i}`);
  const many = ladderFrom(lines);
  const even = evenHeights(new LadderList(many, null), 50_000, 850, false);
  expect(even.segments[1] - even.segments[0]).toBeLessThan(32);
  expect(scene(many, 1000, even).shapes.length).toBeLessThan(250);
});

test("the nearest segment is found, and what belongs to it", () => {
  const even = evenHeights(new LadderList(LADDER, null), 0, 850, false);
  const columns = columnsOf(1000, true);
  const y = (even.at(4, 0) + even.at(4, 1)) / 2;
  expect(segmentNear(columns, even, 500, y)).toBe(4);
  expect(segmentNear(columns, even, 500, 5000)).toBe(-1);
  expect([...linkedTo(LADDER, 4)]).toEqual([4, 5, 3]);
});

test("a call lights the segments that it made, or that its bytes came in", () => {
  const even = evenHeights(new LadderList(LADDER, null), 0, 850, false);
  const lit = LADDER.calls.map((call, number) => {
    const segments = [...linkedToCall(LADDER, number)].map((i) => LADDER.frame[i]);
    return `${call.op}: ${segments.join(" ")}`;
  });
  expect(lit).toEqual([
    "listen: ",
    "dial: 1 2 3",
    "accept: 1 2 3",
    "write: 4 5",
    "read: 4 5",
    "write: 7",
    "close: 9",
  ]);
  const write = LADDER.calls.findIndex(({ op }) => op === "write");
  // Two arrows and the call's own mark.
  expect(strongIn(scene(LADDER, 1000, even, -1, write))).toBe(3);
  expect(strongIn(scene(LADDER, 1000, even))).toBe(0);
});

test("the nearest call is found: by its row, in true time beside its end", () => {
  const even = evenHeights(new LadderList(LADDER, null), 0, 850, false);
  const columns = columnsOf(1000, true);
  LADDER.rungs.forEach(({ call }, rung) => {
    expect(callNear(LADDER, columns, even, 500, even.ofCall(rung) + 5)).toBe(call);
  });
  expect(callNear(LADDER, columns, even, 500, even.at(4, 0))).toBe(-1);
  const from = LADDER.time[0]! - 20e6;
  const time = timeHeights(LADDER, [from, from + 850e6], 850);
  const last = LADDER.rungs.length - 1;
  const { call } = LADDER.rungs[last]!;
  const y = time.ofCall(last);
  expect(callNear(LADDER, columns, time, columns.outer[0] - 20, y)).toBe(call);
  expect(callNear(LADDER, columns, time, 500, y)).toBe(-1);
});

test("a file of it holds hostile words as words", () => {
  const evil = ladderFrom(LINES, withError(callsOf(CALLS), "write", '<b>"&\u0000'));
  const even = evenHeights(new LadderList(evil, null), 0, 850, false);
  const caption = {
    title: "a <title>",
    lines: ["<i>"],
    legend: ladderLegend(evil, even, 3, "en"),
  };
  const { words: file } = svgFile(scene(evil, 1600, even), caption, (ink) => `#${ink.length}`);
  expect(file).toContain(">&lt;i&gt;</text>");
  expect(file).not.toContain("<b");
  expect(file).toContain("&lt;b&gt;&quot;&amp;\\x00");
  expect(file).toMatch(/^<svg [^>]*>\n<title>a &lt;title&gt;<\/title>/);
  expect(file).not.toContain("var(");
});

test.each([
  [1, 1],
  [3, 5],
  [11, 20],
  [51e6, 100e6],
])("a tick of at least %i ns is one of %i", (least, step) => {
  expect(niceStep(least)).toBe(step);
});
