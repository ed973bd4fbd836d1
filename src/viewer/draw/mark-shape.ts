/**
 * The outlines of verdict marks, as SVG paths in a box of 16 by 16.
 *
 * @module
 */
import type { Mark } from "../model/marks.ts";
import type { Shape } from "./shape.ts";

/** Path of each shape. */
export const MARK_PATHS: Readonly<Record<Mark["shape"], string>> = {
  circle: "M8 .75a7.25 7.25 0 1 1 0 14.5a7.25 7.25 0 1 1 0-14.5Z",
  square:
    "M3 1.25h10a1.75 1.75 0 0 1 1.75 1.75v10A1.75 1.75 0 0 1 13 14.75H3A1.75 1.75 0 0 1 1.25 13V3A1.75 1.75 0 0 1 3 1.25Z",
  diamond: "M8 .4 15.6 8 8 15.6.4 8Z",
  triangle: "M8 .6 15.8 15H.2Z",
};

/** Where the letter stands: a triangle has its room below. */
export const MARK_BASELINE: Readonly<Record<Mark["shape"], number>> = {
  circle: 11.4,
  square: 11.4,
  diamond: 11.4,
  triangle: 13.4,
};

/** The mark alone, in a box of 16 by 16. */
export function markSwatch({
  shape,
  tone,
  letter,
}: Pick<Mark, "shape" | "tone" | "letter">): readonly Shape[] {
  return [
    { kind: "path", d: MARK_PATHS[shape], fill: tone },
    {
      kind: "text",
      x: 8,
      y: MARK_BASELINE[shape],
      text: letter,
      size: 9.5,
      bold: true,
      anchor: "middle",
      fill: "surface",
    },
  ];
}
