/**
 * Draws a graph on a canvas.
 *
 * @module
 */
import type { Lettering, Palette, Pen } from "../../draw/graph/pen.ts";
import { MARK_BASELINE, MARK_PATHS } from "../../draw/mark-shape.ts";
import type { Mark } from "../../model/marks.ts";

type Shape = Mark["shape"];

/** See the module. */
export class CanvasPen implements Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #palette: Palette;
  readonly #paths = new Map<Shape, Path2D>();

  /** @param scale Dots of the canvas for a pixel. */
  constructor(canvas: HTMLCanvasElement, palette: Palette, scale: number) {
    const context = canvas.getContext("2d");
    if (context === null) throw new TypeError("Cannot draw: this browser has no canvas");
    this.#context = context;
    this.#palette = palette;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, canvas.width / scale, canvas.height / scale);
  }

  rects(color: string, opacity: number, rects: Float64Array, count: number): void {
    const context = this.#context;
    context.fillStyle = color;
    context.globalAlpha = opacity;
    for (let i = 0; i < count * 4; i += 4) {
      context.fillRect(rects[i]!, rects[i + 1]!, rects[i + 2]!, rects[i + 3]!);
    }
    context.globalAlpha = 1;
  }

  mark(x: number, y: number, mark: Pick<Mark, "shape" | "letter">, color: string): void {
    const context = this.#context;
    context.save();
    context.translate(x - 7, y - 7);
    context.scale(0.875, 0.875);
    context.fillStyle = color;
    context.fill(this.#pathOf(mark.shape));
    context.fillStyle = this.#palette.ground;
    context.font = `700 9.5px ${this.#palette.font}`;
    context.textAlign = "center";
    context.fillText(mark.letter, 8, MARK_BASELINE[mark.shape]);
    context.restore();
  }

  words(words: string, x: number, y: number, lettering: Lettering): void {
    const context = this.#context;
    const { color, size, anchor, isBold = false } = lettering;
    context.fillStyle = color;
    context.font = `${isBold ? "600 " : ""}${size}px ${this.#palette.font}`;
    context.textAlign = anchor === "middle" ? "center" : anchor;
    context.fillText(words, x, y);
  }

  clip(x: number, y: number, width: number, height: number): void {
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(x, y, width, height);
    this.#context.clip();
  }

  unclip(): void {
    this.#context.restore();
  }

  #pathOf(shape: Shape): Path2D {
    const path = this.#paths.get(shape) ?? new Path2D(MARK_PATHS[shape]);
    this.#paths.set(shape, path);
    return path;
  }
}

/** The colours that the page has now. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: of("surface"),
    ink: of("ink"),
    quiet: of("ink-3"),
    line: of("line"),
    accent: of("accent"),
    bad: of("bad"),
    odd: of("odd"),
    note: of("note"),
    series: [1, 2, 3, 4, 5, 6, 7].map((n) => of(`series-${n}`)),
    font: style.fontFamily,
  };
}
