/**
 * Colours of the terminal, or none: reports are given a {@link Paint} and
 * never ask where they are printed.
 *
 * @module
 */

type Brush = (text: string) => string;

/** One brush a style. Colour is never the only sign of anything. */
export interface Paint {
  readonly bold: Brush;
  readonly dim: Brush;
  readonly red: Brush;
  readonly green: Brush;
  readonly yellow: Brush;
  readonly blue: Brush;
  readonly magenta: Brush;
  readonly cyan: Brush;
}

const same: Brush = (text) => text;

/** No colours: pipes, files, `NO_COLOR`. */
export const PLAIN: Paint = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  magenta: same,
  cyan: same,
};

const sgr =
  (on: number, off: number): Brush =>
  (text) =>
    text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m`;

/** ECMA-48 select graphic rendition (§8.3.117); each brush ends what it began. */
export const ANSI: Paint = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  blue: sgr(34, 39),
  magenta: sgr(35, 39),
  cyan: sgr(36, 39),
};
