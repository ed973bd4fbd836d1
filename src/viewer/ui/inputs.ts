/**
 * What is known of captures before they are read.
 *
 * @module
 */
import type { Input } from "../model/protocol.ts";

/** Tells a file from others, and from itself when it has changed; `null` for what is no file. */
function stampOf({ name, size, from }: Input<Blob>): string | null {
  const isFile = "file" in from && from.file instanceof File;
  return isFile ? JSON.stringify([name, size, from.file.lastModified]) : null;
}

/** Bytes of all of them; `null` when one does not say. */
export function sizeOf(inputs: readonly Input[]): number | null {
  return inputs.reduce<number | null>(
    (sum, { size }) => (sum === null || size === null ? null : sum + size),
    0,
  );
}

/** Those that are neither open already nor named twice. */
export function freshOf(
  offered: readonly Input<Blob>[],
  open: readonly Input<Blob>[],
): readonly Input<Blob>[] {
  const known = new Set(open.map(stampOf));
  return offered.filter((one) => {
    const stamp = stampOf(one);
    const isFresh = stamp === null || !known.has(stamp);
    known.add(stamp);
    return isFresh;
  });
}
