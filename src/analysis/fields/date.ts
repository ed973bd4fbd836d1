/**
 * Calendar dates of times since 1970, in UTC, for any year: portable code has
 * no `Date`, and captures hold times beyond what it can do.
 *
 * @module
 */

/** A day of the Gregorian calendar. */
export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const DAYS_PER_ERA = 146_097;

/** The date `days` days after 1970-01-01, negative before. Eras of 400 years begin on 1 March. */
export function civilDate(days: number): CivilDate {
  const sinceMarch = days + 719_468;
  const era = Math.floor(sinceMarch / DAYS_PER_ERA);
  const dayOfEra = sinceMarch - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0);
  return {
    year,
    month: month < 10 ? month + 3 : month - 9,
    day: dayOfYear - Math.floor((153 * month + 2) / 5) + 1,
  };
}

/** `"10:02:03"` of a time in whole seconds since 1970. */
export function clockTime(sec: number): string {
  const inDay = ((sec % 86_400) + 86_400) % 86_400;
  return [inDay / 3600, (inDay / 60) % 60, inDay % 60]
    .map((n) => String(Math.floor(n)).padStart(2, "0"))
    .join(":");
}
