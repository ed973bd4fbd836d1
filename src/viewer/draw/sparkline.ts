/**
 * A sparkline as one SVG path: bars in a box of `width` by `height`.
 *
 * @module
 */

/** Bars of `values`, the highest one as high as the box; what is not 0 is seen. */
export function sparkline(values: ArrayLike<number>, width: number, height: number): string {
  const n = values.length;
  let max = 0;
  for (let i = 0; i < n; i++) max = Math.max(max, values[i]!);
  if (max === 0) return "";
  const step = width / n;
  let path = "";
  for (let i = 0; i < n; i++) {
    if (values[i] === 0) continue;
    const high = Math.max(1.5, (values[i]! / max) * height);
    path += `M${round(i * step)} ${height}v${round(-high)}h${round(step * 0.8)}v${round(high)}z`;
  }
  return path;
}

const round = (n: number): number => Math.round(n * 100) / 100;
