/**
 * A picture as an SVG file that stands alone.
 *
 * @module
 */
import { type Caption, frameOf } from "./caption.ts";
import { FONTS, type Ink, type Paint, type Picture, round, type Shape } from "./shape.ts";

/** Colours by name, as CSS writes them. */
export type Colours = (ink: Ink) => string;

/** A file, and its size in pixels. */
export interface SvgFile {
  readonly words: string;
  readonly width: number;
  readonly height: number;
}

/** The picture with what it says of itself around it; the ground is painted. */
export function svgFile(picture: Picture, caption: Caption, colours: Colours): SvgFile {
  const elements = picture.shapes.map((shape) => elementOf(shape, colours));
  return captionedSvg({ ...picture, elements }, caption, colours);
}

/** The same of a picture that is SVG elements already. */
export function captionedSvg(
  picture: {
    readonly width: number;
    readonly height: number;
    readonly elements: readonly string[];
  },
  caption: Caption,
  colours: Colours,
): SvgFile {
  const frame = frameOf(caption, picture.width, picture.height);
  const [width, height] = [picture.width, picture.height + frame.above + frame.below].map(round);
  const words = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(caption.title)}</title>`,
    `<rect width="100%" height="100%" fill="${escapeXml(colours("surface"))}"/>`,
    `<g transform="translate(0 ${round(frame.above)})">`,
    ...picture.elements,
    "</g>",
    ...frame.shapes.map((shape) => elementOf(shape, colours)),
    "</svg>\n",
  ].join("\n");
  return { words, width: width!, height: height! };
}

function elementOf(shape: Shape, colours: Colours): string {
  const paint = paintOf(shape, colours);
  switch (shape.kind) {
    case "rect": {
      const { x, y, w, h, radius } = shape;
      const corner = radius === undefined ? "" : ` rx="${radius}"`;
      return `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}"${corner}${paint}/>`;
    }
    case "path": {
      const { d, at } = shape;
      const place =
        at === undefined
          ? ""
          : ` transform="translate(${round(at.x)} ${round(at.y)}) scale(${at.scale})"`;
      return `<path d="${escapeXml(d)}"${place}${paint}/>`;
    }
    case "text": {
      const { x, y, text, size, bold, mono, anchor, angle, halo } = shape;
      const font = escapeXml(mono === true ? FONTS.mono : FONTS.plain);
      const turn =
        angle === undefined ? "" : ` transform="rotate(${round(angle)} ${round(x)} ${round(y)})"`;
      const glow =
        halo === true
          ? ` stroke="${escapeXml(colours("surface"))}" stroke-width="5" stroke-linejoin="round" paint-order="stroke"`
          : "";
      return (
        `<text x="${round(x)}" y="${round(y)}" font-family="${font}" font-size="${size}"` +
        `${bold === true ? ' font-weight="600"' : ""}${anchor === undefined ? "" : ` text-anchor="${anchor}"`}` +
        `${turn}${glow}${paint}>${escapeXml(text)}</text>`
      );
    }
  }
}

function paintOf(
  { fill, stroke, width, dash, opacity, ...shape }: Paint & Shape,
  c: Colours,
): string {
  const parts = [` fill="${fill === undefined ? "none" : escapeXml(c(fill))}"`];
  if (stroke !== undefined) parts.push(` stroke="${escapeXml(c(stroke))}"`);
  if (width !== undefined) parts.push(` stroke-width="${width}"`);
  if (dash !== undefined) parts.push(` stroke-dasharray="${dash}"`);
  if (opacity !== undefined) parts.push(` opacity="${opacity}"`);
  if (shape.kind === "path" && stroke !== undefined) parts.push(' stroke-linecap="round"');
  return parts.join("");
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** As XML has it. What XML 1.0 does not know is left out: a file with it would not open. */
export function escapeXml(words: string): string {
  return (
    words
      .replace(/[&<>"]/g, (c) => NAMED[c] ?? "")
      // oxlint-disable-next-line no-control-regex -- these are what it looks for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "")
  );
}
