/**
 * Numbers for people: the same in both languages.
 *
 * @module
 */
import { Flag } from "../../wire/tcp.ts";

/** Letters of the flags as they are read aloud: `"SYN, ACK"`. */
export function flagNames(flags: number): string {
  const names: string[] = [];
  for (const [name, bit] of Object.entries(Flag)) if ((flags & bit) !== 0) names.push(name);
  return names.length === 0 ? "–" : names.join(" ");
}

/** `1234567` as `"1,234,567"`. */
export function showCount(n: number): string {
  return String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** Bytes in at most four digits: `"1.4 MB"`. */
export function showBytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${threeDigits(value)} ${units[unit]!}`;
}

/** Hours that are told as days. */
const DAYS_FROM = 48;

/** Nanoseconds as a length of time: `"41.3 ms"`, `"5:23 min"`, `"3:05:23 h"`, `"12 d 7 h"`. */
export function showSpan(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const size = Math.abs(ns);
  if (size < 1e3) return `${sign}${Math.round(size)} ns`;
  if (size < 1e6) return `${sign}${threeDigits(size / 1e3)} µs`;
  if (size < 1e9) return `${sign}${threeDigits(size / 1e6)} ms`;
  if (size < 120e9) return `${sign}${threeDigits(size / 1e9)} s`;
  const s = Math.round(size / 1e9);
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  const seconds = String(s % 60).padStart(2, "0");
  if (hours === 0) return `${sign}${minutes}:${seconds} min`;
  if (hours >= DAYS_FROM) return `${sign}${Math.floor(hours / 24)} d ${hours % 24} h`;
  return `${sign}${hours}:${String(minutes).padStart(2, "0")}:${seconds} h`;
}

/** Nanoseconds as seconds with six decimals: `"0.041300"`. */
export function showSeconds(ns: number): string {
  const micros = Math.trunc(ns / 1000);
  const digits = String(Math.abs(micros)).padStart(7, "0");
  return `${ns < 0 ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Time of day in UTC: `"11:48:30.095221"`. */
export function showClock(epoch: bigint, ns: number): string {
  const day = 86_400_000_000n;
  const micros = ((((epoch + BigInt(Math.trunc(ns))) / 1000n) % day) + day) % day;
  const s = micros / 1_000_000n;
  const rest = String(micros % 1_000_000n).padStart(6, "0");
  return `${two(s / 3600n)}:${two((s / 60n) % 60n)}:${two(s % 60n)}.${rest}`;
}

const two = (n: bigint): string => String(n).padStart(2, "0");

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
