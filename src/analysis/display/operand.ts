/**
 * What a display filter compares: the values of a field, part of them, or
 * bits of them.
 *
 * @module
 */
import { concat } from "../../base/bytes.ts";
import type { Field, FieldType, FieldValue } from "../fields/field.ts";
import type { Frame } from "../fields/frame.ts";

/** Something with values in a frame. */
export interface Operand {
  readonly type: FieldType;
  /** Its name as written, for messages. */
  readonly name: string;
  values(frame: Frame): readonly FieldValue[];
  /** Bits of a number: present when one of them is set. */
  readonly isMask?: true;
}

/** The values of a field; of a protocol its bytes. */
export function fieldOperand(field: Field): Operand {
  const { name, type } = field;
  const read = field.readBytes?.bind(field) ?? field.read.bind(field);
  return {
    name,
    type: type === "protocol" ? "bytes" : type,
    values(frame) {
      const out: FieldValue[] = [];
      read(frame, out);
      return out;
    },
  };
}

/** Bytes `[from, from + length)` of each value; to the end for `null`; `from` may count from the end. */
export interface Slice {
  readonly from: number;
  readonly length: number | null;
}

/** Parts of the values of `of`, one after the other. */
export function sliceOperand(of: Operand, slices: readonly Slice[]): Operand {
  return {
    name: of.name,
    type: of.type === "string" ? "string" : "bytes",
    values(frame) {
      const out: FieldValue[] = [];
      for (const value of of.values(frame)) {
        const part =
          typeof value === "string" ? sliceText(value, slices) : sliceBytes(value, slices);
        if (part !== null) out.push(part);
      }
      return out;
    },
  };
}

/** `null` when the value ends before the slice does. */
function sliceBytes(value: FieldValue, slices: readonly Slice[]): Uint8Array | null {
  if (!(value instanceof Uint8Array)) return null;
  const parts: Uint8Array[] = [];
  for (const slice of slices) {
    const range = rangeIn(value.length, slice);
    if (range === null) return null;
    parts.push(value.subarray(range[0], range[1]));
  }
  return concat(...parts);
}

function sliceText(value: string, slices: readonly Slice[]): string | null {
  let text = "";
  for (const slice of slices) {
    const range = rangeIn(value.length, slice);
    if (range === null) return null;
    text += value.slice(range[0], range[1]);
  }
  return text;
}

function rangeIn(size: number, { from, length }: Slice): readonly [number, number] | null {
  const start = from < 0 ? size + from : from;
  const end = length === null ? size : start + length;
  return start < 0 || start >= size || end > size ? null : [start, end];
}

/** `field & mask`: the values that have a bit of the mask, with only those. */
export function maskOperand(of: Operand, mask: number): Operand {
  return {
    name: of.name,
    type: "uint",
    isMask: true,
    values: (frame) =>
      of.values(frame).map((value) => (typeof value === "number" ? (value & mask) >>> 0 : 0)),
  };
}
