/**
 * Reasons of a segment in lines, below what they are reasons of.
 *
 * @module
 */
import { type Reason, reasonField } from "../analysis/evidence/reason.ts";
import { Verdict, verdictNames } from "../analysis/verdicts/verdict.ts";
import { text, type Text } from "../base/lang.ts";
import { type Paint, PLAIN } from "./paint.ts";
import type { LayoutOptions } from "./story.ts";
import { textWidth, wrap } from "./wrap.ts";

/** Lines are not made longer than this, however wide the terminal is. */
const WIDEST = 120;

/** Narrower than this they are not made either. */
const NARROWEST = 30;

/** The sentences, `indent` columns from the left: one a line, but all the numbers in one. */
export function reasonLines(
  reasons: readonly Reason[],
  options: LayoutOptions,
  indent: number,
): string[] {
  const { lang, columns = 80, paint = PLAIN } = options;
  const width = Math.max(NARROWEST, Math.min(columns, WIDEST) - indent);
  const sentences = reasons.filter(({ kind }) => kind !== "number");
  const numbers = reasons.filter(({ kind }) => kind === "number").map((r) => r.text);
  const blocks = sentences.map(({ kind, text: words }) => ({ words, brush: brushOf(kind, paint) }));
  if (numbers.length > 0) blocks.push({ words: listed(numbers), brush: paint.dim });
  return blocks.flatMap(({ words, brush }) =>
    linesOf(words[lang], width).map((line) => " ".repeat(indent) + brush(line)),
  );
}

const HANG = 2;

/** Most sentences are short: to wrap them would take longer than all the rest. */
function linesOf(sentence: string, width: number): readonly string[] {
  return textWidth(sentence) <= width ? [sentence] : wrap(sentence, width, HANG);
}

function brushOf(kind: Reason["kind"], paint: Paint): Paint["dim"] {
  return kind === "verdict" ? paint.yellow : paint.cyan;
}

function listed(parts: readonly Text[]): Text {
  return text(parts.map((p) => p.en).join("; "), parts.map((p) => p.zh).join("；"));
}

const TITLE = text("What the analysis says", "分析结论");

/** A section of its own, with the fields that say the same; nothing without reasons. Ends in a line feed. */
export function reasonSection(reasons: readonly Reason[], options: LayoutOptions): string {
  if (reasons.length === 0) return "";
  const { lang, columns = 80, paint = PLAIN } = options;
  const lines = [paint.bold(TITLE[lang])];
  for (const reason of reasons) {
    const width = Math.max(NARROWEST, Math.min(columns, WIDEST) - 2);
    for (const line of linesOf(reason.text[lang], width)) {
      lines.push(`  ${reason.kind === "verdict" ? paint.yellow(line) : line}`);
    }
    lines.push(paint.dim(`    ${reasonField(reason.name)}`));
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** For the end of a line: ` [retransmission, window_full]`, or nothing. */
export function verdictTag(bits: number, paint: Paint): string {
  const isSpecial = (bits & (Verdict.SPURIOUS_RETRANSMISSION | Verdict.FAST_RETRANSMISSION)) !== 0;
  // Both kinds count as retransmissions too, which goes without saying.
  const names = verdictNames(isSpecial ? bits & ~Verdict.RETRANSMISSION : bits);
  if (names.length === 0) return "";
  return ` ${paint.yellow(`[${names.join(", ")}]`)}`;
}
