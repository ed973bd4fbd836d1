/**
 * Which rows of a long list are seen, however long it is.
 *
 * Browsers cut the height of an element off (Chromium at 33,554,428 px). A longer list gets an element
 * of {@link MAX_HEIGHT}, and its scroll position is a share of the list: dragging the bar moves by that
 * share, while wheel and keys move by pixels, which the list keeps for itself.
 *
 * @module
 */

/** Height of the scrolled element at most, in pixels: well below every browser's limit. */
export const MAX_HEIGHT = 15_000_000;

/** A list as it is laid out. Lengths in pixels. */
export interface ListShape {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of the part that is seen. */
  readonly viewport: number;
}

/** What is to be drawn. */
export interface Seen {
  /** The first row and the number of rows that are seen at least in part. */
  readonly first: number;
  readonly count: number;
  /** Where the first row begins, from the top of what is seen: 0 or less. */
  readonly offset: number;
}

/** Height of the element that is scrolled. */
export function scrollHeight({ rows, rowHeight, viewport }: ListShape): number {
  return Math.max(viewport, Math.min(MAX_HEIGHT, rows * rowHeight));
}

/** The greatest distance that the list can be scrolled by. */
export function maxTop({ rows, rowHeight, viewport }: ListShape): number {
  return Math.max(0, rows * rowHeight - viewport);
}

/** The list's own distance for a position of the scroll bar. */
export function topOfBar(shape: ListShape, scrollTop: number): number {
  const bar = scrollHeight(shape) - shape.viewport;
  return bar <= 0 ? 0 : clamp((scrollTop / bar) * maxTop(shape), 0, maxTop(shape));
}

/** The position of the scroll bar for a distance: the inverse. */
export function barOfTop(shape: ListShape, top: number): number {
  const max = maxTop(shape);
  return max <= 0 ? 0 : (clamp(top, 0, max) / max) * (scrollHeight(shape) - shape.viewport);
}

/** The rows seen at distance `top`. */
export function seenAt(shape: ListShape, top: number): Seen {
  const { rows, rowHeight, viewport } = shape;
  const at = clamp(top, 0, maxTop(shape));
  const first = Math.min(rows, Math.floor(at / rowHeight));
  const offset = first * rowHeight - at;
  const count = Math.max(0, Math.min(rows - first, Math.ceil((viewport - offset) / rowHeight)));
  return { first, count, offset };
}

/** Rows before one that the list jumps to; fewer where fewer than three times as many are seen. */
const LEAD = 5;

/**
 * The distance at which `row` is seen whole: the one nearest to `top` that shows two rows of its neighbours too. What is
 * more than the part that is seen away stands at a place of its own, which tells where the reader is: the same one
 * however the list was reached.
 */
export function topToShow(shape: ListShape, top: number, row: number): number {
  const { rowHeight, viewport } = shape;
  const margin = viewport >= 7 * rowHeight ? 2 * rowHeight : 0;
  const from = (row + 1) * rowHeight + margin - viewport;
  const to = row * rowHeight - margin;
  const near = clamp(top, Math.min(from, to), Math.max(from, to));
  const lead = Math.min(LEAD, Math.floor(viewport / rowHeight / 3));
  const wanted = Math.abs(near - top) > viewport ? (row - lead) * rowHeight : near;
  return clamp(wanted, 0, maxTop(shape));
}

/** The first rows, which a list that opens shows from its top. */
const FIRST = 10;

/** The distance at which a list opens that shows `row`: its height plays a part only where that leaves no room. */
export function topToOpen(shape: ListShape, row: number): number {
  const top = row < FIRST ? 0 : (row - LEAD) * shape.rowHeight;
  return topToShow(shape, clamp(top, 0, maxTop(shape)), row);
}

const clamp = (n: number, low: number, high: number): number => Math.min(Math.max(n, low), high);
