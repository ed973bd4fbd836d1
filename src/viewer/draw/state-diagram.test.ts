import { expect, test } from "vitest";
import { STATE_EDGES, stateSteps } from "../../analysis/state-steps.ts";
import { STATES, trackStates } from "../../analysis/states.ts";
import { traceOf } from "../../testing/packets.ts";
import { type Picture, textWidth } from "./shape.ts";
import { stateDiagram, type Walk } from "./state-diagram.ts";

const LINES = [
  "0 > S 100",
  "1 < S. 300 ack 101",
  "2 > . 101 ack 301",
  "3 > F. 101 ack 301",
  "4 < F. 301 ack 102",
  "5 > . 102 ack 302",
];

function walkOf(lines: readonly string[], end: 0 | 1, done?: number): Walk {
  const trace = traceOf(lines);
  const track = trackStates(trace, 0);
  const steps = stateSteps(trace, 0, track).filter((step) => step.end === end);
  const now = steps[(done ?? steps.length) - 1]?.to ?? track.initial[end];
  return { end, steps, done: done ?? steps.length, now };
}

const wordsOf = ({ shapes }: Picture): string[] =>
  shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));

/** Names of boxes filled with the end's own colour: where it is. */
const hereIn = ({ shapes }: Picture): string[] =>
  shapes.flatMap((shape, i) => {
    const next = shapes[i + 1];
    const isHere = shape.kind === "rect" && (shape.fill === "client" || shape.fill === "server");
    return isHere && next?.kind === "text" ? [next.text] : [];
  });

test("all states and all edges of the figure are drawn, within the picture", () => {
  const picture = stateDiagram(walkOf(LINES, 0));
  const words = wordsOf(picture);
  for (const state of STATES) expect(words).toContain(state);
  for (const { event } of STATE_EDGES) {
    expect(words.some((word) => word.startsWith(event))).toBe(true);
  }
  for (const shape of picture.shapes) {
    if (shape.kind !== "text") continue;
    const isIn = shape.x > 0 && shape.x < picture.width && shape.y > 0 && shape.y < picture.height;
    expect([shape.text, isIn]).toEqual([shape.text, true]);
  }
});

test.each([
  [0, "CLOSED"],
  [1, "SYN-SENT"],
  [2, "ESTABLISHED"],
  [4, "TIME-WAIT"],
])("after %i of its steps the client is in %s, and nowhere else", (done, state) => {
  expect(hereIn(stateDiagram(walkOf(LINES, 0, done)))).toEqual([state]);
});

test("the way taken has the frames that led along it", () => {
  const words = wordsOf(stateDiagram(walkOf(LINES, 1)));
  expect(words.filter((word) => word.startsWith("#"))).toEqual(
    expect.arrayContaining(["#2", "#3", "#4", "#5", "#6"]),
  );
});

test("a RST is a line of its own to the end", () => {
  const lines = [...LINES.slice(0, 3), "3 < R. 301 ack 101"];
  const picture = stateDiagram(walkOf(lines, 0));
  expect(picture.shapes.some((s) => s.kind === "path" && s.stroke === "bad")).toBe(true);
  expect(hereIn(picture)).toEqual(["CLOSED"]);
});

test("the number of a step that the figure does not draw lies over no words", () => {
  const lines = ["0 > S 100", "1 < S. 300 ack 101", "2 > . 101 ack 301", "3 > R. 101 ack 301"];
  const { shapes } = stateDiagram(walkOf(lines, 1));
  const at = shapes.findIndex((shape) => shape.kind === "rect" && shape.fill === "bad-ground");
  const badge = shapes[at]!;
  if (badge.kind !== "rect") throw new TypeError("no badge");
  const under = shapes.slice(0, at).filter((shape) => {
    if (shape.kind !== "text") return false;
    const width = textWidth(shape.text, shape.size);
    const left = shape.x - width * { start: 0, middle: 0.5, end: 1 }[shape.anchor ?? "start"];
    const isBeside = left > badge.x + badge.w || left + width < badge.x;
    return !isBeside && shape.y > badge.y && shape.y - shape.size < badge.y + badge.h;
  });
  expect(under).toEqual([]);
});

test.each([
  ["the one that closes first", 0, LINES],
  ["the other", 1, LINES],
  ["the one whose FIN is confirmed before the other's comes", 0, half()],
] as const)("no word lies on the way of %s", (_, end, lines) => {
  const { shapes } = stateDiagram(walkOf(lines, end));
  const ways = shapes.flatMap((shape) => (shape.kind === "path" ? pointsOf(shape.d) : []));
  expect(ways.length).toBeGreaterThan(600);
  const words = shapes.flatMap((shape) => (shape.kind === "text" ? [shape] : []));
  for (const { x, y, text, size, anchor } of words) {
    const w = textWidth(text, size);
    const left = x - w * { start: 0, middle: 0.5, end: 1 }[anchor ?? "start"];
    const on = ways.filter(([px, py]) => px > left && px < left + w && py > y - size && py < y + 1);
    expect([text, on]).toEqual([text, []]);
  }
});

function half(): string[] {
  return [...LINES.slice(0, 4), "4 < . 301 ack 102", "5 < F. 301 ack 102", "6 > . 102 ack 302"];
}

/** Points along a path of one line or one curve. */
function pointsOf(d: string): (readonly [number, number])[] {
  const n = d
    .split(/[MHVLC ]+/)
    .filter((word) => word !== "")
    .map(Number);
  if (!d.includes("C") || n.length !== 8) return [];
  return Array.from({ length: 65 }, (_, i) => {
    const [t, u] = [i / 64, 1 - i / 64];
    const at = (k: number): number =>
      u ** 3 * n[k]! + 3 * u * u * t * n[k + 2]! + 3 * u * t * t * n[k + 4]! + t ** 3 * n[k + 6]!;
    return [at(0), at(1)];
  });
}
