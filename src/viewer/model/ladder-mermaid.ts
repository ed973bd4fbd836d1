/**
 * A ladder as text for Mermaid: a `sequenceDiagram` that documents and code hosts draw.
 *
 * @module
 */
import { STATES } from "../../analysis/states.ts";
import { text, type Lang } from "../../base/lang.ts";
import { arrowLabels, callLabels, statesAround } from "./ladder-words.ts";
import type { LadderList } from "./ladder-list.ts";
import { marksOf } from "./marks.ts";

/** Rungs of one diagram at most: Mermaid draws no more than some hundreds in reasonable time. */
export const MAX_MERMAID_RUNGS = 400;

/** The list as a diagram; what is left out is said in it. */
export function mermaidOf(list: LadderList, lang: Lang): string {
  const { ladder } = list;
  const names = [text("client", "客户端")[lang], text("server", "服务端")[lang]] as const;
  const lines = [
    "sequenceDiagram",
    `  participant c as ${plain(`${names[0]} ${ladder.ends[0]}`)}`,
    `  participant s as ${plain(`${names[1]} ${ladder.ends[1]}`)}`,
  ];
  const count = Math.min(list.length, MAX_MERMAID_RUNGS);
  for (let row = 0; row < count; row++) {
    const rung = list.at(row);
    if (rung === null) break;
    if (rung.kind === "call") {
      const { end } = ladder.calls[ladder.rungs[rung.index]!.call]!;
      const side = end === 0 ? "left of c" : "right of s";
      const [label = ""] = callLabels(ladder, ladder.rungs[rung.index]!, lang);
      lines.push(`  Note ${side}: ${plain(label)}`);
    } else lines.push(...segmentLines(list, rung.index, lang));
  }
  const left = list.length - count;
  if (left > 0) {
    const words = text(`… ${left} more`, `……还有 ${left} 项`)[lang];
    lines.push(`  Note over c,s: ${words}`);
  }
  return `${lines.join("\n")}\n`;
}

function segmentLines({ ladder }: LadderList, index: number, lang: Lang): string[] {
  const isClient = ladder.dir[index] === 0;
  const marks = marksOf(ladder.verdicts[index]!).map((mark) => mark.name);
  const label = [arrowLabels(ladder, index, lang)[2]!, ...marks].join(", ");
  const lines = [`  ${isClient ? "c->>s" : "s->>c"}: ${ladder.frame[index]} ${plain(label)}`];
  for (const end of [0, 1] as const) {
    const { before, after } = statesAround(ladder, index, end);
    if (before === after) continue;
    lines.push(`  Note ${end === 0 ? "left of c" : "right of s"}: ${STATES[after]!}`);
  }
  return lines;
}

/** Letters that mean something to Mermaid are written as its entities. */
function plain(words: string): string {
  return words.replace(/[#;<>&"`%{}]/g, (c) => `#${c.charCodeAt(0)};`);
}
