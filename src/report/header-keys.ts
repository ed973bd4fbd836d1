/**
 * Letters for the bytes of headers: each run of whole bytes gets one, which
 * the hex dump and the table share.
 *
 * @module
 */
import type { FieldLayout, HeaderLayout } from "../wire/layout/field.ts";
import type { Paint } from "./paint.ts";

/** Fields that share whole bytes: the flags of one byte, or a field by itself. */
export interface ByteGroup {
  readonly key: string;
  readonly brush: (text: string) => string;
  /** Offset of the first byte, as `HeaderLayout.at` counts. */
  readonly at: number;
  readonly len: number;
  readonly fields: readonly FieldLayout[];
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The groups of each header, keys going on from header to header. */
export function byteGroups(
  headers: readonly HeaderLayout[],
  paint: Paint,
): ReadonlyMap<HeaderLayout, readonly ByteGroup[]> {
  const brushes = [paint.yellow, paint.cyan, paint.green, paint.magenta, paint.blue, paint.red];
  const groups = new Map<HeaderLayout, readonly ByteGroup[]>();
  let count = 0;
  for (const header of headers) {
    const runs = wholeBytes(header.fields).map((fields) => {
      const key = LETTERS[count % LETTERS.length]!;
      const brush = brushes[count++ % brushes.length]!;
      const from = fields[0]!.bit >>> 3;
      const last = fields.at(-1)!;
      const to = (last.bit + last.bits + 7) >>> 3;
      return { key, brush, at: header.at + from, len: to - from, fields };
    });
    groups.set(header, runs);
  }
  return groups;
}

/** Cuts the list of fields wherever a field ends with a byte. */
function wholeBytes(fields: readonly FieldLayout[]): FieldLayout[][] {
  const runs: FieldLayout[][] = [];
  let run: FieldLayout[] = [];
  for (const field of fields) {
    run.push(field);
    if ((field.bit + field.bits) % 8 !== 0) continue;
    runs.push(run);
    run = [];
  }
  if (run.length > 0) runs.push(run);
  return runs;
}
