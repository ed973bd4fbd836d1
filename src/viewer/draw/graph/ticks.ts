/**
 * Round values along an axis, and what stands beside them.
 *
 * @module
 */
import { showCount } from "../../model/show.ts";
import { longStep, showLong } from "../long-times.ts";

/** What an axis counts. */
export type AxisUnit = "ns" | "bytes" | "bits/s";

/** A value with its words. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

const UNITS: Readonly<Record<AxisUnit, readonly (readonly [number, string])[]>> = {
  ns: [
    [1, "ns"],
    [1e3, "µs"],
    [1e6, "ms"],
    [1e9, "s"],
  ],
  bytes: [
    [1, "B"],
    [1e3, "kB"],
    [1e6, "MB"],
    [1e9, "GB"],
    [1e12, "TB"],
  ],
  "bits/s": [
    [1, "bit/s"],
    [1e3, "kbit/s"],
    [1e6, "Mbit/s"],
    [1e9, "Gbit/s"],
    [1e12, "Tbit/s"],
  ],
};

/** More digits behind the point than these are left to a smaller unit. */
const MAX_DECIMALS = 3;

/** At most about `most` values from `from` to `to`, at multiples of 1, 2 or 5 and noughts; long times at hours, days, years. */
export function ticks(from: number, to: number, most: number, unit: AxisUnit): readonly Tick[] {
  const least = (to - from) / Math.max(1, most);
  const long = unit === "ns" ? longStep(least) : null;
  const step = long ?? stepOf(least);
  const first = Math.ceil(from / step);
  const count = Math.min(100, Math.floor(to / step) - first + 1);
  const decimal = labelBy(Math.max(Math.abs(from), Math.abs(to)), step, unit);
  const label = (value: number): string => (long === null ? decimal(value) : showLong(value, long));
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: label(value) };
  });
}

/** 1, 2 or 5 and noughts, at least `least`; whole numbers where there is nothing between them. */
export function stepOf(least: number): number {
  if (!(least > 0)) return 1;
  const ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= least * 0.999) ?? least;
}

/** Words for values up to `most` that are `step` apart. */
export function labelBy(most: number, step: number, unit: AxisUnit): (value: number) => string {
  const units = UNITS[unit];
  const fitting = units.filter(([size]) => size <= most && decimals(step / size) <= MAX_DECIMALS);
  const [size, name] = fitting.at(-1) ?? units[0]!;
  const digits = Math.min(MAX_DECIMALS, decimals(step / size));
  return (value) => {
    if (value === 0) return `0 ${name}`;
    const text = (value / size).toFixed(digits);
    const [whole, rest] = text.replace("-", "").split(".");
    const sign = value < 0 ? "-" : "";
    return `${sign}${showCount(Number(whole))}${rest === undefined ? "" : `.${rest}`} ${name}`;
  };
}

function decimals(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}
