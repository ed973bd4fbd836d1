/**
 * Frames that a sentence names, in groups of neighbours: `#4 #7–9`.
 *
 * @module
 */

/** Frames `[from, to]`, both in it. */
export type FrameGroup = readonly [from: number, to: number];

/** Groups of rising frames; two neighbours stay two, as `seqack story` writes them. */
export function frameGroups(frames: readonly number[]): readonly FrameGroup[] {
  const runs: [number, number][] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last !== undefined && frame === last[1] + 1) last[1] = frame;
    else runs.push([frame, frame]);
  }
  return runs.flatMap(([from, to]): FrameGroup[] =>
    to === from + 1
      ? [
          [from, from],
          [to, to],
        ]
      : [[from, to]],
  );
}

/** `#4`, `#7–9`. */
export function showGroup([from, to]: FrameGroup): string {
  return from === to ? `#${from}` : `#${from}–${to}`;
}
