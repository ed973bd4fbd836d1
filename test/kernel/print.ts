/**
 * Scores as a table for people.
 */
import { type Score, WIRESHARK } from "./score.ts";

const share = (part: number, of: number): string =>
  of === 0 ? "-" : `${((100 * part) / of).toFixed(1)} %`;

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(11))).join("");

/** The table, lines with their ends. */
export function formatScore(title: string, score: Score): string {
  const lines = [
    title,
    row(["cause", "kernel", "seqack", "precision", "recall", ...WIRESHARK.map((w) => `ws ${w}`)]),
    ...score.causes.map(({ cause, kernel, ours, right, wireshark }) =>
      row([cause, kernel, ours, share(right, ours), share(right, kernel), ...wireshark]),
    ),
  ];
  for (const name of ["needless", "reordered"] as const) {
    const { kernel, ours, right } = score[name];
    lines.push(row([name, kernel, ours, share(right, ours), share(right, kernel)]));
  }
  for (const { name, kernel, ours } of score.counters) {
    lines.push(`${name.padEnd(42)} kernel ${kernel}, seqack ${ours}`);
  }
  return `${lines.join("\n")}\n`;
}
