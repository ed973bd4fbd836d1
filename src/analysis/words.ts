/**
 * Small words of the story: numbers, durations, names of the two ends.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";

/** `20000` as `20,000`, in both languages. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 segment`, `14 segments`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** `1 time`, `once` and `twice` spelled. */
export function times(n: number): string {
  if (n === 1) return "once";
  return n === 2 ? "twice" : `${count(n)} times`;
}

const UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
] as const;

/** From so many seconds on a span is told in minutes, hours or days. */
const LONG_UNITS = [
  [72 * 3600, 86_400, "d"],
  [3 * 3600, 3600, "h"],
  [600, 60, "min"],
] as const;

/** A span of time in three digits or so: `0 s`, `850 ns`, `35.2 µs`, `1.20 s`, `75.0 s`, `12.5 min`, `26.0 h`, `1,784 d`. */
export function duration(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const span = Math.abs(ns);
  for (const [from, unit, name] of LONG_UNITS) {
    if (span >= from * 1e9) return `${sign}${threeDigits(span / 1e9 / unit)} ${name}`;
  }
  for (const [unit, name] of UNITS) {
    // What would be rounded up to 1000 belongs to the next unit.
    if (span >= unit * 0.9995) return `${sign}${threeDigits(span / unit)} ${name}`;
  }
  return span === 0 ? "0 s" : `${sign}${Math.round(span)} ns`;
}

function threeDigits(value: number): string {
  if (value >= 999.5) return count(Math.round(value));
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

const RATES = [
  [1e9, "Gbit/s"],
  [1e6, "Mbit/s"],
  [1e3, "kbit/s"],
] as const;

/** Bytes a second as bits a second, in three digits or so: `12.5 Mbit/s`. */
export function bitRate(bytesPerSecond: number): string {
  const bits = bytesPerSecond * 8;
  for (const [unit, name] of RATES) {
    if (bits >= unit * 0.9995) return `${threeDigits(bits / unit)} ${name}`;
  }
  return `${count(Math.round(bits))} bit/s`;
}

/** {@link duration}, but `null` where the clock was set back in between. */
export function lapse(ns: number): string | null {
  return ns < 0 ? null : duration(ns);
}

/** The two ends in the middle of a sentence: 0 the client, 1 the server. */
export const ENDS = [text("the client", "客户端"), text("the server", "服务端")] as const;

/** At the start of a sentence. */
export const ENDS_FIRST = [text("The client", "客户端"), text("The server", "服务端")] as const;

/** `a`, `a and b`, `a, b and c`; or with `or`. */
export function listOf(parts: readonly Text[], word: "and" | "or" = "and"): Text {
  const en = parts.map((p) => p.en);
  const last = en.pop() ?? "";
  return text(
    en.length === 0 ? last : `${en.join(", ")} ${word} ${last}`,
    parts.map((p) => p.zh).join("、"),
  );
}
