/**
 * What a picture is drawn with: a canvas and SVG can both do it. Everything is upright, so that
 * rectangles are enough; they are also what a browser without a GPU draws fastest.
 *
 * @module
 */
import type { Mark } from "../../model/marks.ts";

/** Colours by name, as CSS writes them. */
export interface Palette {
  readonly ground: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly accent: string;
  readonly bad: string;
  readonly odd: string;
  readonly note: string;
  /** Okabe-Ito, from 1. */
  readonly series: readonly string[];
  readonly font: string;
}

/** How words stand at their place. */
export interface Lettering {
  readonly color: string;
  /** Pixels. */
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
  readonly isBold?: boolean;
}

/** Pixels from the left upper corner. */
export interface Pen {
  /** `rects`: x, y, width, height of each, `count` of them. */
  rects(color: string, opacity: number, rects: Float64Array, count: number): void;
  /** In the middle of `x`, `y`. */
  mark(x: number, y: number, mark: Pick<Mark, "shape" | "letter">, color: string): void;
  /** `y` is the base line. */
  words(words: string, x: number, y: number, lettering: Lettering): void;
  /** What follows is seen within the box only, until {@link unclip}. */
  clip(x: number, y: number, width: number, height: number): void;
  unclip(): void;
}

/** Rectangles that are collected for one colour; reused from picture to picture. */
export class Rects {
  list: Float64Array = new Float64Array(4 * 1024);
  count = 0;

  add(x: number, y: number, width: number, height: number): void {
    if (this.count * 4 === this.list.length) {
      const grown = new Float64Array(this.list.length * 2);
      grown.set(this.list);
      this.list = grown;
    }
    const at = this.count++ * 4;
    this.list[at] = x;
    this.list[at + 1] = y;
    this.list[at + 2] = width;
    this.list[at + 3] = height;
  }

  /** Draws them, and begins again. */
  drawWith(pen: Pen, color: string, opacity: number = 1): void {
    if (this.count > 0) pen.rects(color, opacity, this.list, this.count);
    this.count = 0;
  }
}
