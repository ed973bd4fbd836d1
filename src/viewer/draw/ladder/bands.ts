/**
 * The two ends of a ladder as bands: which state each is in, from change to change.
 *
 * @module
 */
import { STATES, type StateName } from "../../../analysis/states.ts";
import { statesAround } from "../../model/ladder-words.ts";
import type { Ladder } from "../../model/ladder.ts";
import { cutTo, type Ink, type Shape } from "../shape.ts";
import type { Columns, Heights } from "./layout.ts";

const SIZE = 10;

/** Changes of state that are drawn at once. */
const MAX_BLOCKS = 400;

/** The bands between heights `top` and `bottom`. */
export function bandShapes(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  top: number,
  bottom: number,
): Shape[] {
  return ([0, 1] as const).flatMap((end) => {
    const blocks = blocksOf(ladder, heights, end, top, bottom);
    return blocks.flatMap((block) => blockShapes(block, columns, end, top));
  });
}

interface Block {
  readonly state: StateName;
  readonly from: number;
  readonly to: number;
}

function blocksOf(
  ladder: Ladder,
  heights: Heights,
  end: 0 | 1,
  top: number,
  bottom: number,
): Block[] {
  const [first, last] = heights.segments;
  const states = end === 0 ? ladder.client : ladder.server;
  const blocks: Block[] = [];
  let state =
    first > 0 || ladder.frame.length === 0 ? STATES[states[first - 1] ?? 0]! : ladder.initial[end];
  if (ladder.frame.length > 0 && first < last)
    state = STATES[statesAround(ladder, first, end).before]!;
  let from = top;
  for (let i = first; i < last && blocks.length < MAX_BLOCKS; i++) {
    const next = STATES[states[i]!]!;
    if (next === state) continue;
    const at = Math.max(from, Math.min(bottom, heights.at(i, end)));
    if (at > from) blocks.push({ state, from, to: at });
    state = next;
    from = at;
  }
  if (bottom > from) blocks.push({ state, from, to: bottom });
  return blocks;
}

function blockShapes(
  { state, from, to }: Block,
  columns: Columns,
  end: 0 | 1,
  top: number,
): Shape[] {
  const [x1, x2] = [columns.outer[end], columns.inner[end]];
  const [x, w] = [Math.min(x1, x2), Math.abs(x2 - x1)];
  const shapes: Shape[] = [
    { kind: "rect", x, y: from, w, h: to - from, fill: groundOf(state) },
    { kind: "path", d: `M${x} ${to}h${w}`, stroke: "line-strong", width: 1 },
  ];
  if (to - from < SIZE + 3) return shapes;
  const y = Math.max(from, top) + SIZE + 4;
  const base = { kind: "text", size: SIZE, mono: true, fill: inkOfState(state) } as const;
  if (!columns.isNarrow) {
    return [
      ...shapes,
      { ...base, x: x + w / 2, y, text: cutTo(state, w - 4, SIZE), anchor: "middle", bold: true },
    ];
  }
  const beside = end === 0 ? x2 + 4 : x2 - 4;
  const anchor = end === 0 ? "start" : "end";
  return [...shapes, { ...base, x: beside, y: y + 1, text: state, anchor, halo: true }];
}

/** Opening, open, closing, closed. */
function groundOf(state: StateName): Ink {
  switch (state) {
    case "CLOSED":
      return "sunken";
    case "LISTEN":
    case "SYN-SENT":
    case "SYN-RECEIVED":
      return "note-ground";
    case "ESTABLISHED":
      return "accent-ground";
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      return "odd-ground";
  }
}

/** Colour of a state's name on its ground. */
export function inkOfState(state: StateName): Ink {
  const ground = groundOf(state);
  if (ground === "note-ground") return "note";
  if (ground === "odd-ground") return "odd";
  return ground === "sunken" ? "ink-2" : "ink";
}
