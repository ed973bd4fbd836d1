/**
 * A picture in the page, and as a file.
 *
 * @module
 */
import type { VNode } from "preact";
import { FONTS, type Ink, type Picture, type Shape } from "../draw/shape.ts";
import type { SvgFile } from "../draw/svg-file.ts";

/** The picture as an `<svg>`: the colours are the page's, whatever theme it has. */
export function PictureView(props: {
  readonly picture: Picture;
  /** For who cannot see it; without one the picture is hidden from them, and a table stands for it. */
  readonly label?: string;
}): VNode {
  const { picture, label } = props;
  const { width, height, shapes } = picture;
  const role =
    label === undefined
      ? ({ "aria-hidden": true } as const)
      : ({ role: "img", "aria-label": label } as const);
  return (
    <svg class="picture" width={width} height={height} viewBox={`0 0 ${width} ${height}`} {...role}>
      {shapes.map((shape, i) => elementOf(shape, i))}
    </svg>
  );
}

const colour = (ink: Ink | undefined): string => (ink === undefined ? "none" : `var(--${ink})`);

function elementOf(shape: Shape, key: number): VNode {
  const paint = {
    key,
    fill: colour(shape.fill),
    stroke: colour(shape.stroke),
    "stroke-width": shape.width,
    "stroke-dasharray": shape.dash,
    opacity: shape.opacity,
  };
  switch (shape.kind) {
    case "rect":
      return (
        <rect
          {...paint}
          x={shape.x}
          y={shape.y}
          width={Math.max(0, shape.w)}
          height={Math.max(0, shape.h)}
          rx={shape.radius}
        />
      );
    case "path": {
      const { d, at } = shape;
      const place = at === undefined ? undefined : `translate(${at.x} ${at.y}) scale(${at.scale})`;
      return <path {...paint} d={d} transform={place} stroke-linecap="round" />;
    }
    case "text": {
      const { x, y, text, size, bold, mono, anchor, angle, halo } = shape;
      return (
        <text
          {...paint}
          x={x}
          y={y}
          font-size={size}
          font-family={mono === true ? FONTS.mono : FONTS.plain}
          font-weight={bold === true ? 600 : undefined}
          text-anchor={anchor}
          transform={angle === undefined ? undefined : `rotate(${angle} ${x} ${y})`}
          class={halo === true ? "halo" : undefined}
        >
          {text}
        </text>
      );
    }
  }
}

/** The page's colour as it is now: a file knows no variables. */
export function colourNow(ink: Ink): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${ink}`).trim();
}

/** Pixels of a PNG at most: browsers give up beyond. */
const MAX_PIXELS = 60e6;

/** Hands the file over as it is, or as a PNG of twice the size or as large as browsers can. */
export async function savePicture(
  { words, width, height }: SvgFile,
  kind: "SVG" | "PNG",
  name: string,
): Promise<void> {
  const svg = new Blob([words], { type: "image/svg+xml" });
  if (kind === "SVG") {
    saveBlob(svg, `${name}.svg`);
    return;
  }
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  try {
    await image.decode();
    const scale = Math.min(2, Math.sqrt(MAX_PIXELS / (width * height)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob !== null) saveBlob(blob, `${name}.png`);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** Hands a file over to the browser's downloads. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
