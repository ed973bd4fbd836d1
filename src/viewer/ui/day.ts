/**
 * The calendar.
 *
 * @module
 */

/** The day in UTC; none of a virtual clock, which begins in 1970, or of one beyond the calendar. */
export function dayOf(timeNs: bigint): string {
  const date = new Date(Number(timeNs / 1_000_000n));
  const day = Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, -14);
  return day.startsWith("1970-01-01") ? "" : day;
}
