/**
 * Times at the beginning of lines, in tcpdump's five ways, in UTC.
 *
 * @module
 */
import { civilDate, clockTime } from "../analysis/fields/date.ts";

/** What stands at the beginning of a line. */
export type TimeStyle =
  /** `11:48:30.095221`. */
  | "clock"
  /** Nothing, `-t`. */
  | "none"
  /** `1795348110.095221`, `-tt`. */
  | "epoch"
  /** Since the line before, `-ttt`. */
  | "delta"
  /** `2026-11-22 11:48:30.095221`, `-tttt`. */
  | "date"
  /** Since the first line, `-ttttt`. */
  | "relative";

/** Styles by the number of `t`s: 0 to 5. */
export const TIME_STYLES: readonly TimeStyle[] = [
  "clock",
  "none",
  "epoch",
  "delta",
  "date",
  "relative",
];

/** Prints times, each with a space behind it. */
export class LineTime {
  readonly #style: TimeStyle;
  /** Nanoseconds in a unit of the last digit. */
  readonly #unit: number;
  #sec: number | null = null;
  #nsec = 0;

  /** @param digits Behind the point: 6 or 9. */
  constructor(style: TimeStyle, digits: 6 | 9) {
    this.#style = style;
    this.#unit = digits === 9 ? 1 : 1000;
  }

  /** The time of the next line. */
  next(sec: number, nsec: number): string {
    switch (this.#style) {
      case "none":
        return "";
      case "clock":
        return `${clockTime(sec)}.${this.#fraction(nsec)} `;
      case "epoch":
        return `${sec}.${this.#fraction(nsec)} `;
      case "date":
        return `${dateOf(sec)} ${clockTime(sec)}.${this.#fraction(nsec)} `;
      case "delta":
      case "relative":
        return this.#since(sec, nsec);
    }
  }

  #fraction(nsec: number): string {
    const digits = this.#unit === 1 ? 9 : 6;
    return String(Math.floor(nsec / this.#unit)).padStart(digits, "0");
  }

  /** Between times as they print: nanoseconds that do not print do not count. */
  #since(sec: number, fullNsec: number): string {
    const nsec = fullNsec - (fullNsec % this.#unit);
    const isFirst = this.#sec === null;
    const fromSec = this.#sec ?? sec;
    const fromNsec = isFirst ? nsec : this.#nsec;
    if (isFirst || this.#style === "delta") {
      this.#sec = sec;
      this.#nsec = nsec;
    }
    const isBack = sec < fromSec || (sec === fromSec && nsec < fromNsec);
    const [a, b] = isBack ? [fromSec - sec, fromNsec - nsec] : [sec - fromSec, nsec - fromNsec];
    const [whole, rest] = b < 0 ? [a - 1, b + 1_000_000_000] : [a, b];
    const days = whole >= 86_400 ? `${Math.floor(whole / 86_400)} days ` : "";
    return `${isBack ? "-" : " "}${days}${clockTime(whole)}.${this.#fraction(rest)} `;
  }
}

function dateOf(sec: number): string {
  const { year, month, day } = civilDate(Math.floor(sec / 86_400));
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
