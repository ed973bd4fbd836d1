/**
 * The state diagram of RFC 9293 §3.3.2 (figure 5), drawn anew, with the way that one end took through it.
 *
 * @module
 */
import { STATE_EDGES, type StateStep } from "../../analysis/state-steps.ts";
import type { StateName } from "../../analysis/states.ts";
import { inkOfState } from "./ladder/bands.ts";
import { type Ink, type Picture, round, type Shape, textWidth } from "./shape.ts";

/** Size of the diagram, in pixels. */
const WIDTH = 552;
const HEIGHT = 508;

const BOX = { w: 108, h: 28 } as const;
const SIZE = 10;

const [L, M, R] = [106, 276, 446];

/** CLOSED stands twice, as in the figure: where a connection begins, and where it ends. */
const PLACES: Readonly<Record<StateName | "END", readonly [number, number]>> = {
  CLOSED: [M, 26],
  LISTEN: [M, 98],
  "SYN-RECEIVED": [L, 172],
  "SYN-SENT": [R, 172],
  ESTABLISHED: [M, 246],
  "FIN-WAIT-1": [L, 320],
  "CLOSE-WAIT": [R, 320],
  "FIN-WAIT-2": [L, 394],
  CLOSING: [M, 394],
  "LAST-ACK": [R, 394],
  "TIME-WAIT": [M, 468],
  END: [R, 468],
};

interface Drawn {
  readonly d: string;
  /** Where the words stand, and to which side of that they go. */
  readonly at: readonly [number, number];
  readonly anchor: "start" | "middle" | "end";
}

/** Paths of `STATE_EDGES`, by `from to`. */
const PATHS: Readonly<Record<string, Drawn>> = {
  "CLOSED LISTEN": drawn(`M${M - 9} 40V84`, [M - 15, 66], "end"),
  "LISTEN CLOSED": drawn(`M${M + 9} 84V40`, [M + 15, 66], "start"),
  "CLOSED SYN-SENT": drawn(
    `M${M + 54} 20C${R} 20 ${R + 24} 60 ${R + 24} 158`,
    [R + 3, 24],
    "start",
  ),
  "SYN-SENT CLOSED": drawn(
    `M${R - 4} 158C${R - 4} 90 ${R - 50} 34 ${M + 54} 32`,
    [R - 42, 82],
    "end",
  ),
  "LISTEN SYN-RECEIVED": drawn(
    `M${M - 54} 94C${L + 40} 94 ${L - 20} 110 ${L - 20} 158`,
    [L + 22, 78],
    "end",
  ),
  "SYN-RECEIVED LISTEN": drawn(
    `M${L + 34} 158C${L + 44} 130 ${M - 100} 106 ${M - 54} 104`,
    [L + 58, 142],
    "start",
  ),
  "LISTEN SYN-SENT": drawn(
    `M${M + 54} 102C${R - 60} 106 ${R - 40} 130 ${R - 36} 158`,
    [R - 58, 138],
    "end",
  ),
  "SYN-SENT SYN-RECEIVED": drawn(`M${R - 54} 172H${L + 54}`, [M, 167], "middle"),
  "SYN-RECEIVED ESTABLISHED": drawn(
    `M${L + 30} 186C${L + 40} 214 ${M - 90} 240 ${M - 54} 242`,
    [L + 66, 203],
    "start",
  ),
  "SYN-SENT ESTABLISHED": drawn(
    `M${R - 30} 186C${R - 40} 214 ${M + 90} 240 ${M + 54} 242`,
    [R - 24, 214],
    "start",
  ),
  "SYN-RECEIVED FIN-WAIT-1": drawn(`M${L - 34} 186V306`, [L - 28, 240], "start"),
  "ESTABLISHED FIN-WAIT-1": drawn(
    `M${M - 54} 250C${L + 50} 254 ${L + 24} 280 ${L + 20} 306`,
    [L + 55, 280],
    "start",
  ),
  "ESTABLISHED CLOSE-WAIT": drawn(
    `M${M + 54} 250C${R - 50} 254 ${R - 24} 280 ${R - 20} 306`,
    [R - 18, 270],
    "start",
  ),
  "FIN-WAIT-1 FIN-WAIT-2": drawn(`M${L - 10} 334V380`, [L - 16, 351], "end"),
  "FIN-WAIT-1 CLOSING": drawn(
    `M${L + 54} 318C${M - 20} 320 ${M} 344 ${M} 380`,
    [M + 6, 346],
    "start",
  ),
  "FIN-WAIT-1 TIME-WAIT": drawn(
    `M${L + 40} 334C${L + 80} 372 ${L + 44} 440 ${M - 40} 456`,
    [L + 100, 420],
    "start",
  ),
  "FIN-WAIT-2 TIME-WAIT": drawn(
    `M${L} 408C${L} 450 ${L + 40} 468 ${M - 54} 468`,
    [L - 4, 446],
    "end",
  ),
  "CLOSING TIME-WAIT": drawn(`M${M + 40} 408V454`, [M + 46, 428], "start"),
  "CLOSE-WAIT LAST-ACK": drawn(`M${R} 334V380`, [R + 6, 351], "start"),
  "LAST-ACK CLOSED": drawn(`M${R} 408V454`, [R + 6, 428], "start"),
  "TIME-WAIT CLOSED": drawn(`M${M + 54} 468H${R - 54}`, [(M + R) / 2, 498], "middle"),
};

function drawn(d: string, at: readonly [number, number], anchor: Drawn["anchor"]): Drawn {
  return { d, at, anchor };
}

/** What one end did. */
export interface Walk {
  readonly end: 0 | 1;
  /** Its steps alone. */
  readonly steps: readonly StateStep[];
  /** How many of them are behind what is looked at. */
  readonly done: number;
  readonly now: StateName;
}

/** The diagram of one end. */
export function stateDiagram(walk: Walk): Picture {
  const { steps, done, now, end } = walk;
  const ink: Ink = end === 0 ? "client" : "server";
  const taken = new Map<number, StateStep[]>();
  for (const step of steps) {
    const list = taken.get(step.edge);
    if (list === undefined) taken.set(step.edge, [step]);
    else list.push(step);
  }
  const last = steps[done - 1];
  const shapes: Shape[] = [];
  const order = STATE_EDGES.map((_, i) => i).toSorted(
    (a, b) => Number(taken.has(a)) - Number(taken.has(b)),
  );
  for (const i of order) {
    shapes.push(...edgeShapes(i, taken.get(i) ?? [], last, ink));
  }
  const reached = new Set(steps.slice(0, done).flatMap(({ from, to }) => [from, to]));
  const isOver = now === "CLOSED" && done > 0;
  for (const name of Object.keys(PLACES)) {
    const state = stateOf(name);
    const isNow = state === now && (state !== "CLOSED" || (name === "END") === isOver);
    const isSeen =
      state === "CLOSED"
        ? name !== "END" && steps[0]?.from === "CLOSED" && done > 0
        : reached.has(state);
    shapes.push(...boxShapes(name, isNow, isSeen, ink));
  }
  shapes.push(...jumpShapes(taken.get(-1) ?? [], last, shapes));
  return { width: WIDTH, height: HEIGHT, shapes };
}

const stateOf = (name: string): StateName =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of PLACES
  name === "END" ? "CLOSED" : (name as StateName);

function edgeShapes(
  number: number,
  taken: readonly StateStep[],
  last: StateStep | undefined,
  ink: Ink,
): Shape[] {
  const { from, to, event, action } = STATE_EDGES[number]!;
  const path = PATHS[`${from} ${to}`];
  if (path === undefined) return [];
  const isTaken = taken.length > 0;
  const isLast = last !== undefined && taken.includes(last);
  const stroke = isTaken ? ink : "line-strong";
  const width = isLast ? 3.5 : isTaken ? 2 : 1;
  // What comes after the segment that is looked at.
  const isAhead = isTaken && (last === undefined || taken[0]!.index > last.index);
  const [x, y] = path.at;
  const words = {
    size: SIZE,
    anchor: path.anchor,
    halo: true,
    fill: isTaken ? "ink" : "ink-3",
  } as const;
  const lines =
    path.anchor === "middle" && action !== null
      ? [`${event} / ${action}`]
      : [event, ...(action === null ? [] : [action])];
  const shapes: Shape[] = [
    { kind: "path", d: path.d, stroke, width, ...(isAhead ? { dash: "2 5" } : {}) },
    { kind: "path", d: tipOf(path.d), stroke, width },
    ...lines.map((text, i): Shape => ({
      kind: "text",
      x,
      y: y + i * 11,
      text,
      ...words,
      ...(isTaken && i === 0 ? { bold: true } : {}),
    })),
  ];
  if (isTaken) {
    const frames = taken.slice(0, 3).map((step) => `#${step.frame}`);
    const text = frames.join(" ") + (taken.length > 3 ? " …" : "");
    shapes.push({
      kind: "text",
      x,
      y: y + lines.length * 11,
      text,
      ...words,
      bold: true,
      mono: true,
      fill: ink,
    });
  }
  return shapes;
}

/** An arrow's tip at the end of a path, in the direction of its last line. */
function tipOf(d: string): string {
  const [x1, y1, x2, y2] = lastLine(d);
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const at = (aside: number): string =>
    `${round(x2 - ux * 7 - uy * aside)} ${round(y2 - uy * 7 + ux * aside)}`;
  return `M${at(-3.5)}L${round(x2)} ${round(y2)}L${at(3.5)}`;
}

/** The last two points that a path of `M H V L C` names. */
function lastLine(d: string): readonly [number, number, number, number] {
  let before: readonly [number, number] = [0, 0];
  let now = before;
  const go = (x: number, y: number): void => {
    before = now;
    now = [x, y];
  };
  for (const [, letter, rest] of d.matchAll(/([MHVLC])([^MHVLC]*)/g)) {
    const n = rest!.trim().split(/[ ,]+/).map(Number);
    if (letter === "H") go(n[0]!, now[1]);
    else if (letter === "V") go(now[0], n[0]!);
    else for (let i = 0; i < n.length; i += 2) go(n[i]!, n[i + 1]!);
  }
  return [...before, ...now];
}

function boxShapes(name: string, isNow: boolean, isSeen: boolean, ink: Ink): Shape[] {
  const [x, y] = PLACES[name === "END" ? "END" : stateOf(name)];
  const state = stateOf(name);
  return [
    {
      kind: "rect",
      x: x - BOX.w / 2,
      y: y - BOX.h / 2,
      w: BOX.w,
      h: BOX.h,
      radius: 6,
      fill: isNow ? ink : isSeen ? (ink === "client" ? "accent-ground" : "odd-ground") : "surface",
      stroke: isNow || isSeen ? ink : "line-strong",
      width: isNow ? 3 : isSeen ? 2 : 1,
    },
    {
      kind: "text",
      x,
      y: y + 4,
      text: state,
      size: 12,
      mono: true,
      bold: isNow || isSeen,
      anchor: "middle",
      fill: isNow ? "surface" : isSeen ? "ink" : inkOfState("CLOSED"),
    },
  ];
}

/** Steps that the figure does not draw: a RST, or several at once. */
function jumpShapes(
  steps: readonly StateStep[],
  last: StateStep | undefined,
  below: readonly Shape[],
): Shape[] {
  const taken = below.flatMap(boxesOf);
  return steps.slice(0, 8).flatMap((step): Shape[] => {
    const [x1, y1] = PLACES[step.from];
    const [x2, y2] = PLACES[step.to === "CLOSED" ? "END" : step.to];
    const [fromX, fromY] = edgeOfBox(x1, y1, x2, y2);
    const [toX, toY] = edgeOfBox(x2, y2, x1, y1);
    const d = `M${round(fromX)} ${round(fromY)}L${round(toX)} ${round(toY)}`;
    const label = `#${step.frame}`;
    const w = textWidth(label, SIZE) + 8;
    const boxes = SHARES.map((share): LabelBox => {
      const [mx, my] = [fromX + (toX - fromX) * share, fromY + (toY - fromY) * share];
      return { x: mx - w / 2, y: my - 8, w, h: 16 };
    });
    const box = boxes.toSorted((one, other) => covered(one, taken) - covered(other, taken))[0]!;
    taken.push(box);
    return [
      { kind: "path", d, stroke: "bad", width: step === last ? 3.5 : 2, dash: "6 4" },
      { kind: "path", d: tipOf(d), stroke: "bad", width: 2 },
      {
        kind: "rect",
        ...box,
        radius: 8,
        fill: "bad-ground",
        stroke: "bad",
        width: 1,
      },
      {
        kind: "text",
        x: box.x + w / 2,
        y: box.y + 12,
        text: label,
        size: SIZE,
        mono: true,
        bold: true,
        anchor: "middle",
        fill: "bad",
      },
    ];
  });
}

/** Shares of a jump's line where its number may stand, the best first. */
const SHARES = [0.55, 0.4, 0.7, 0.25, 0.85, 0.1, 0.95];

interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where there are words already. */
function boxesOf(shape: Shape): readonly LabelBox[] {
  if (shape.kind === "rect") return [shape];
  if (shape.kind === "path") return [];
  const w = textWidth(shape.text, shape.size);
  const share = { start: 0, middle: 0.5, end: 1 }[shape.anchor ?? "start"];
  return [{ x: shape.x - w * share, y: shape.y - shape.size, w, h: shape.size + 2 }];
}

/** How much of `box` lies over others, in square pixels. */
function covered(box: LabelBox, others: readonly LabelBox[]): number {
  let area = 0;
  for (const { x, y, w, h } of others) {
    const across = Math.min(box.x + box.w, x + w) - Math.max(box.x, x);
    const down = Math.min(box.y + box.h, y + h) - Math.max(box.y, y);
    area += Math.max(0, across) * Math.max(0, down);
  }
  return area;
}

/** Where the line from the middle of a box to a point leaves the box. */
function edgeOfBox(x: number, y: number, toX: number, toY: number): readonly [number, number] {
  const [dx, dy] = [toX - x, toY - y];
  if (dx === 0 && dy === 0) return [x, y];
  const share = Math.min(
    dx === 0 ? Infinity : (BOX.w / 2 + 2) / Math.abs(dx),
    dy === 0 ? Infinity : (BOX.h / 2 + 2) / Math.abs(dy),
  );
  return [x + dx * share, y + dy * share];
}
