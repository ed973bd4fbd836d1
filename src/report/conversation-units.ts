/**
 * Numbers of a connection as people read them.
 *
 * @module
 */
import { count } from "../analysis/words.ts";

const UNITS = [
  [1e12, "TB"],
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
] as const;

/** `812 B`, `9,999 B`, `12.3 kB`, `4.56 MB`: powers of 1000. */
export function byteCount(bytes: number): string {
  for (const [unit, name] of UNITS) {
    // What would be rounded up to 1000 belongs to the next unit.
    if (bytes < unit * 0.9995 || bytes < 10_000) continue;
    const value = bytes / unit;
    const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return `${value.toFixed(digits)} ${name}`;
  }
  return `${count(bytes)} B`;
}

/** `0.27 %`; `< 0.01 %` for what is not nothing. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.01) return "< 0.01 %";
  return `${value.toFixed(value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2)} %`;
}
