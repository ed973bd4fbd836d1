/**
 * Steps and words of scales of time that reach over hours, days and years: `"1 h 30 min"`, `"12 d 6 h"`, `"40 y"`.
 *
 * @module
 */

const MIN = 60e9;
const HOUR = 60 * MIN;
/** Nanoseconds. */
export const DAY = 24 * HOUR;
/** Of the Julian calendar: what is told is a length, not a date. */
const YEAR = 365.25 * DAY;

const STEPS = [
  ...[10, 20, 30].map((n) => n * MIN),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200].map((n) => n * DAY),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * YEAR),
];

/** A round step of at least `least` nanoseconds; `null`: seconds do, or nothing is as long. */
export function longStep(least: number): number | null {
  return least <= 5 * MIN ? null : (STEPS.find((step) => step >= least * 0.999) ?? null);
}

/** Whether ticks that are `step` nanoseconds apart are told by {@link showLong}. */
export const isLong = (step: number): boolean => STEPS.includes(step);

/** A multiple of `step`, one of {@link longStep}, in nanoseconds: with no more units than differ. */
export function showLong(ns: number, step: number): string {
  const sign = ns < 0 ? "-" : "";
  const size = Math.abs(ns);
  if (step >= YEAR) return `${sign}${Math.round(size / YEAR)} y`;
  if (step >= DAY) return `${sign}${Math.round(size / DAY)} d`;
  const minutes = Math.round(size / MIN);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const words = [
    ...(days === 0 ? [] : [`${days} d`]),
    ...(hours === 0 ? [] : [`${hours} h`]),
    ...(minutes % 60 === 0 ? [] : [`${minutes % 60} min`]),
  ];
  return words.length === 0 ? (step >= HOUR ? "0 h" : "0 min") : sign + words.join(" ");
}
