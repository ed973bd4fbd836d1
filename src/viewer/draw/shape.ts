/**
 * Pictures as plain values: what the page draws as SVG elements, an export writes as a file, and a test looks at.
 *
 * @module
 */

/** A colour of the page by the name of its variable, without `--`. */
export type Ink =
  | "ink"
  | "ink-2"
  | "ink-3"
  | "surface"
  | "sunken"
  | "line"
  | "line-strong"
  | "accent"
  | "accent-ground"
  | "client"
  | "client-ground"
  | "server"
  | "server-ground"
  | "bad"
  | "bad-ground"
  | "odd"
  | "odd-ground"
  | "note"
  | "note-ground"
  | `series-${1 | 2 | 3 | 4 | 5 | 6 | 7}`;

/** How a shape is painted; what is left out is not drawn. Lengths in pixels. */
export interface Paint {
  readonly fill?: Ink;
  readonly stroke?: Ink;
  readonly width?: number;
  readonly dash?: string;
  readonly opacity?: number;
}

/** One shape. */
export type Shape =
  | (Paint & {
      readonly kind: "rect";
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
      readonly radius?: number;
    })
  | (Paint & {
      readonly kind: "path";
      readonly d: string;
      /** Moves and scales the path. */
      readonly at?: { readonly x: number; readonly y: number; readonly scale: number };
    })
  | (Paint & {
      readonly kind: "text";
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly bold?: boolean;
      readonly mono?: boolean;
      readonly anchor?: "start" | "middle" | "end";
      /** Degrees, around where it stands. */
      readonly angle?: number;
      /** The ground shines around the letters, so that lines behind do not cross them. */
      readonly halo?: boolean;
    });

/** A picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** Fonts of a picture, in the page and in a file. */
export const FONTS = {
  plain: 'system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif',
  mono: 'ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace',
} as const;

/** Width of a line of text, estimated: 0.61 of its size a letter, all of it for a Chinese one. */
export function textWidth(words: string, size: number): number {
  let width = 0;
  for (const c of words) width += c.codePointAt(0)! > 0x2e7f ? size : size * 0.61;
  return width;
}

/** The longest of `labels` that fits; `null` when none does. */
export function fitting(labels: readonly string[], width: number, size: number): string | null {
  return labels.find((label) => textWidth(label, size) <= width) ?? null;
}

/** `words` cut with an ellipsis where they do not fit. */
export function cutTo(words: string, width: number, size: number): string {
  if (textWidth(words, size) <= width) return words;
  let cut = "";
  let used = size;
  for (const c of words) {
    used += textWidth(c, size);
    if (used > width) break;
    cut += c;
  }
  return cut === "" ? "" : `${cut}…`;
}

/** To two decimals: shorter files, and shorter paths. */
export const round = (n: number): number => Math.round(n * 100) / 100;
