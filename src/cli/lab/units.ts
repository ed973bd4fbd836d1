/**
 * Numbers with units on the command line: `2%`, `20ms`, `10mbit`, `64kB`.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { UsageError } from "../command.ts";

const NUMBER = /^(\d{1,15}(?:\.\d{1,9})?|\.\d{1,9})\s*([A-Za-zµ%]*)$/;

/** What a value must be, in words for the message. */
interface Wanted {
  readonly units: ReadonlyMap<string, number>;
  readonly example: Text;
  readonly min: number;
  readonly max: number;
}

const PERCENT = new Map([
  ["%", 0.01],
  ["", 1],
]);
const TIMES = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["min", 60e9],
]);
const RATES = new Map([
  ["bit", 1],
  ["kbit", 1e3],
  ["mbit", 1e6],
  ["gbit", 1e9],
]);
const SIZES = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["kib", 1024],
  ["mib", 1024 ** 2],
]);

const HOUR = 3600e9;

/** A probability. @throws {UsageError} */
export function toChance(option: string, value: string): number {
  const example = text(
    "a share such as 2% or 0.02, 100% at most",
    "2% 或 0.02 这样的比例，最大 100%",
  );
  return toNumber(option, value, { units: PERCENT, example, min: 0, max: 1 });
}

/** Nanoseconds. @throws {UsageError} */
export function toTimeNs(option: string, value: string, min: number = 0): number {
  const low = text(min > 0 ? ", not 0" : "", min > 0 ? "，不能为 0" : "");
  const example = text(
    `a time such as 20ms, 500us or 1.5s, an hour at most${low.en}`,
    `20ms、500us 或 1.5s 这样的时间，最长一小时${low.zh}`,
  );
  return toNumber(option, value, { units: TIMES, example, min, max: HOUR });
}

/** Bits a second. @throws {UsageError} */
export function toRate(option: string, value: string): number {
  const example = text(
    "a rate such as 10mbit, 512kbit or 1gbit, from 1kbit to 100gbit",
    "10mbit、512kbit 或 1gbit 这样的速率，从 1kbit 到 100gbit",
  );
  return toNumber(option, value, { units: RATES, example, min: 1e3, max: 1e11 });
}

/** Bytes, whole. @throws {UsageError} */
export function toBytes(option: string, value: string, min: number, max: number): number {
  const example = text(
    `a number of bytes such as 1000, 64kB or 2MB, from ${min} to ${max}`,
    `1000、64kB 或 2MB 这样的字节数，从 ${min} 到 ${max}`,
  );
  return Math.round(toNumber(option, value, { units: SIZES, example, min, max }));
}

function toNumber(option: string, value: string, wanted: Wanted): number {
  const [, digits, unit = ""] = NUMBER.exec(value) ?? [];
  const factor = wanted.units.get(unit.toLowerCase());
  if (digits !== undefined && factor !== undefined) {
    const n = Number(digits) * factor;
    if (n >= wanted.min && n <= wanted.max) return n;
  }
  const { example } = wanted;
  throw new UsageError(
    text(
      `option ${option}: "${visible(value)}" is not ${example.en}`,
      `选项 ${option}：“${visible(value)}”不是${example.zh}`,
    ),
  );
}

/** One of a few words. @throws {UsageError} */
export function toWord<const T extends string>(
  option: string,
  value: string,
  words: readonly T[],
): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new UsageError(
    text(
      `option ${option}: "${visible(value)}" is none of ${words.join(", ")}`,
      `选项 ${option}：“${visible(value)}”不是 ${words.join("、")} 之一`,
    ),
  );
}
