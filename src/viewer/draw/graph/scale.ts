/**
 * Pixels of times and values, and back.
 *
 * @module
 */
import type { Lang } from "../../../base/lang.ts";
import type { Span } from "../../model/graph/camera.ts";
import type { GraphPoint, SeriesName } from "../../model/graph/graph.ts";

/** Where the picture is, and what of the graph is in it. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly times: Span;
  readonly values: Span;
  readonly hidden: readonly SeriesName[];
  /** The selected segment, `null` when it is of another connection, and its points. */
  readonly selectedAt: { readonly time: number; readonly frame: number } | null;
  readonly selected: readonly GraphPoint[];
  readonly lang: Lang;
}

/** Pixels around the plot. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LEFT = 68;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 26;
/** Where the plot is within the picture. */
export function boxOf({ width, height }: Pick<View, "width" | "height">): Box {
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(1, width - LEFT - RIGHT),
    height: Math.max(1, height - TOP - BOTTOM),
  };
}

/** Pixels of times and values, and back. */
export class Scale {
  readonly box: Box;
  readonly #view: View;
  readonly perX: number;
  readonly perY: number;

  constructor(view: View) {
    this.#view = view;
    this.box = boxOf(view);
    this.perX = (view.times[1] - view.times[0]) / this.box.width;
    this.perY = (view.values[1] - view.values[0]) / this.box.height;
  }

  x(time: number): number {
    return this.box.left + (time - this.#view.times[0]) / this.perX;
  }

  y(value: number): number {
    return this.box.top + (this.#view.values[1] - value) / this.perY;
  }

  timeAt(x: number): number {
    return this.#view.times[0] + (x - this.box.left) * this.perX;
  }

  valueAt(y: number): number {
    return this.#view.values[1] - (y - this.box.top) * this.perY;
  }
}
