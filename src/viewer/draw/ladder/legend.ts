/**
 * What the arrows, marks and lines of a ladder mean, for a picture that is saved: those that are in it.
 *
 * @module
 */
import { text, type Lang, type Text } from "../../../base/lang.ts";
import { kindOf } from "../../model/ladder-words.ts";
import { linksOf } from "../../model/ladder-links.ts";
import type { Ladder } from "../../model/ladder.ts";
import { marksOf, markWords } from "../../model/marks.ts";
import { type LegendEntry, SWATCH_HEIGHT, SWATCH_WIDTH } from "../caption.ts";
import { markSwatch } from "../mark-shape.ts";
import type { Ink, Shape } from "../shape.ts";
import { inkOf } from "./arrows.ts";
import type { Heights } from "./layout.ts";
import { MAX_ARROWS } from "./scene.ts";

/** Entries for what these heights show; `selected` is the segment whose lines are drawn, -1: none. */
export function ladderLegend(
  ladder: Ladder,
  heights: Heights,
  selected: number,
  lang: Lang,
): readonly LegendEntry[] {
  const [from, to] = heights.segments;
  const kinds = new Set<Kind>();
  let bits = 0;
  for (let i = from; i < to; i++) {
    const kind = kindOf(ladder, i);
    const end = ladder.dir[i] === 0 ? "client" : "server";
    kinds.add(
      heights.row === null && to - from > MAX_ARROWS ? `${end} bar` : kind === "data" ? end : kind,
    );
    bits |= ladder.verdicts[i]!;
  }
  return [
    ...KINDS.filter(({ kind }) => kinds.has(kind)).map(({ swatch, label }) => ({
      swatch,
      label: label[lang],
    })),
    ...marksOf(bits).map((mark) => ({ swatch: markSwatch(mark), label: markWords(mark)[lang] })),
    ...linkEntries(ladder, selected, lang),
  ];
}

type Kind = "syn" | "client" | "server" | "ack" | "fin" | "rst" | "client bar" | "server bar";

const MIDDLE = SWATCH_HEIGHT / 2;
const TIP = `M${SWATCH_WIDTH - 7} ${MIDDLE - 4}L${SWATCH_WIDTH} ${MIDDLE}L${SWATCH_WIDTH - 7} ${MIDDLE + 4}`;

function arrow(ink: Ink, width: number, more: string = "", dash?: string): readonly Shape[] {
  const d = `M0 ${MIDDLE}H${SWATCH_WIDTH}${TIP}${more}`;
  return [{ kind: "path", d, stroke: ink, width, ...(dash === undefined ? {} : { dash }) }];
}

const bar = (ink: Ink): readonly Shape[] => [
  { kind: "rect", x: 0, y: MIDDLE - 2, w: SWATCH_WIDTH, h: 4, fill: ink, opacity: 0.75 },
];

const CROSS = `M7 ${MIDDLE - 5}L15 ${MIDDLE + 5}M15 ${MIDDLE - 5}L7 ${MIDDLE + 5}`;

const KINDS: readonly {
  readonly kind: Kind;
  readonly swatch: readonly Shape[];
  readonly label: Text;
}[] = [
  { kind: "syn", swatch: arrow(inkOf("syn", 0), 1.8), label: text("SYN: opens", "SYN：建立连接") },
  {
    kind: "client",
    swatch: arrow("client", 1.8),
    label: text("data from the client", "客户端的数据"),
  },
  {
    kind: "server",
    swatch: arrow("server", 1.8),
    label: text("data from the server", "服务端的数据"),
  },
  {
    kind: "ack",
    swatch: arrow(inkOf("ack", 0), 1.2),
    label: text("acknowledgement alone", "单独的确认"),
  },
  {
    kind: "fin",
    swatch: arrow(inkOf("fin", 0), 1.8, "", "7 3"),
    label: text("FIN: no more data", "FIN：不再发送数据"),
  },
  {
    kind: "rst",
    swatch: arrow(inkOf("rst", 0), 1.8, CROSS),
    label: text("RST: ends it at once", "RST：立即中断"),
  },
  {
    kind: "client bar",
    swatch: bar("client"),
    label: text("segments from the client, longer for more", "客户端的报文段，越长越多"),
  },
  {
    kind: "server bar",
    swatch: bar("server"),
    label: text("segments from the server, longer for more", "服务端的报文段，越长越多"),
  },
];

function bow(ink: Ink, dash?: string): readonly Shape[] {
  const paint = dash === undefined ? {} : { dash };
  return [{ kind: "path", d: "M6 1C20 1 20 15 6 15", stroke: ink, width: 2, ...paint }];
}

/** Whether any of these indices is one. */
const has = (...others: readonly (number | undefined)[]): boolean =>
  others.some((other) => (other ?? -1) !== -1);

function linkEntries(ladder: Ladder, selected: number, lang: Lang): readonly LegendEntry[] {
  if (selected < 0) return [];
  const { ackedBy, acks, original, resentAs } = linksOf(ladder, selected);
  const { madeBy, takenBy } = ladder;
  const frame = ladder.frame[selected]!;
  const entries: LegendEntry[] = [];
  const add = (swatch: readonly Shape[], label: Text): void => {
    entries.push({ swatch, label: label[lang] });
  };
  if (has(ackedBy, acks)) {
    add(bow("accent"), text(`frame ${frame}: what acknowledges what`, `第 ${frame} 帧：谁确认谁`));
  }
  if (has(original, resentAs)) {
    add(
      bow("bad", "5 3"),
      text(`frame ${frame}: the same bytes again`, `第 ${frame} 帧：同样的字节再发一次`),
    );
  }
  if (has(madeBy[selected], takenBy[selected])) {
    const bracket: readonly Shape[] = [
      { kind: "path", d: "M14 2H8V14H14", stroke: "accent", width: 2 },
    ];
    add(bracket, text(`frame ${frame}: its call`, `第 ${frame} 帧：对应的调用`));
  }
  return entries;
}
