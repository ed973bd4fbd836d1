/**
 * The memory of an answer's columns: it moves to the page, without a copy.
 *
 * @module
 */

/** The memory of its typed arrays, which are all copies; those of a graph's series too. */
export function buffersOf(answer: unknown): ArrayBuffer[] {
  if (typeof answer !== "object" || answer === null) return [];
  const series = "series" in answer && Array.isArray(answer.series) ? answer.series : [];
  const buffers = [answer, ...series]
    .flatMap((part: object) => Object.values(part))
    .flatMap((value: unknown) =>
      ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
    );
  return [...new Set(buffers)];
}

/** Bytes altogether. */
export function bytesOf(buffers: readonly ArrayBuffer[]): number {
  return buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
