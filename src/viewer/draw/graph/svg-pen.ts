/**
 * Draws a graph as SVG elements.
 *
 * @module
 */
import type { Mark } from "../../model/marks.ts";
import { MARK_BASELINE, MARK_PATHS } from "../mark-shape.ts";
import { round } from "../shape.ts";
import { escapeXml } from "../svg-file.ts";
import type { Lettering, Palette, Pen } from "./pen.ts";

/** See the module. */
export class SvgPen implements Pen {
  readonly #parts: string[] = [];
  readonly #palette: Palette;
  #clips = 0;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  rects(color: string, opacity: number, rects: Float64Array, count: number): void {
    let path = "";
    for (let i = 0; i < count * 4; i += 4) {
      const [x, y, w, h] = [rects[i]!, rects[i + 1]!, rects[i + 2]!, rects[i + 3]!].map(round);
      path += `M${x} ${y}h${w}v${h}h${-w!}z`;
    }
    const seen = opacity === 1 ? "" : ` fill-opacity="${opacity}"`;
    this.#parts.push(`<path fill="${escapeXml(color)}"${seen} d="${path}"/>`);
  }

  mark(x: number, y: number, mark: Pick<Mark, "shape" | "letter">, color: string): void {
    const { ground } = this.#palette;
    const place = `translate(${round(x - 7)} ${round(y - 7)}) scale(.875)`;
    this.#parts.push(
      `<g transform="${place}"><path fill="${escapeXml(color)}" d="${MARK_PATHS[mark.shape]}"/>` +
        `<text x="8" y="${MARK_BASELINE[mark.shape]}" fill="${escapeXml(ground)}" font-size="9.5" font-weight="700" text-anchor="middle">${escapeXml(mark.letter)}</text></g>`,
    );
  }

  words(words: string, x: number, y: number, lettering: Lettering): void {
    const { color, size, anchor, isBold = false } = lettering;
    const weight = isBold ? ' font-weight="600"' : "";
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" fill="${escapeXml(color)}" font-size="${size}" text-anchor="${anchor}"${weight}>${escapeXml(words)}</text>`,
    );
  }

  clip(x: number, y: number, width: number, height: number): void {
    const id = `c${++this.#clips}`;
    this.#parts.push(
      `<clipPath id="${id}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath><g clip-path="url(#${id})">`,
    );
  }

  unclip(): void {
    this.#parts.push("</g>");
  }

  /** What was drawn. */
  get elements(): readonly string[] {
    return [`<g font-family="${escapeXml(this.#palette.font)}">`, ...this.#parts, "</g>"];
  }
}
