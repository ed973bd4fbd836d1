/**
 * Ways to read a field from the headers of one kind, for lists of fields.
 * A field that the capture cut off has no value.
 *
 * @module
 */
import type { LayerKind } from "../../wire/layers.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";
import { type Frame, type Header, headersOfKind } from "./frame.ts";

/** Reads a number from a header at `at`. */
export type ReadNumber = (v: DataView, at: number) => number;

/** A number in the header, `need` bytes of which must be there. */
export function numberField(
  kind: LayerKind,
  name: string,
  need: number,
  read: ReadNumber,
  how: { readonly type?: FieldType; readonly hex?: number } = {},
): Field {
  return {
    name,
    type: how.type ?? "uint",
    ...(how.hex === undefined ? {} : { hex: how.hex }),
    read(frame, out) {
      for (const { view, at } of shown(frame, kind, need)) out.push(read(view, at));
    },
  };
}

/** A bit of the header as 1 or 0. */
export function bitField(
  kind: LayerKind,
  name: string,
  need: number,
  read: ReadNumber,
  bit: number,
): Field {
  const isSet: ReadNumber = (v, at) => Number((read(v, at) & bit) !== 0);
  return numberField(kind, name, need, isSet, { type: "bool" });
}

/** `length` bytes at each of the `offsets` of the header, `need` bytes of which must be there. */
export function bytesField(
  kind: LayerKind,
  name: string,
  type: "bytes" | "ether" | "ipv4" | "ipv6",
  offsets: readonly number[],
  length: number,
  need = 0,
): Field {
  return {
    name,
    type,
    read(frame, out) {
      for (const header of shown(frame, kind, need)) {
        for (const offset of offsets) {
          const at = header.at + offset;
          if (at + length <= header.end) out.push(bytesIn(header.view, at, length));
        }
      }
    },
  };
}

/** Bytes of the frame's segment, which may be in a packet put together from fragments: a view of them. */
export function segmentBytes(frame: Frame, at: number, length: number): Uint8Array {
  const { buffer, byteOffset } = (frame.segment ?? frame.packet).view;
  return new Uint8Array(buffer, byteOffset + at, length);
}

/** A protocol as a field: present or not. `startOf` tells where its header begins, or `null`. */
export function protocolField(name: string, startOf: (frame: Frame) => number | null): Field {
  return {
    name,
    type: "protocol",
    read(frame: Frame, out: FieldValue[]): void {
      if (startOf(frame) !== null) out.push(1);
    },
    readBytes(frame: Frame, out: FieldValue[]): void {
      const at = startOf(frame);
      if (at !== null && at < frame.end) out.push(bytesAt(frame, at, endOf(frame, at) - at));
    },
  };
}

/** Where what begins at `at` ends: padding of short frames is no part of IP. */
function endOf(frame: Frame, at: number): number {
  const ip = frame.layers.find(({ kind }) => kind === "ip" || kind === "ipv6");
  const isInIp = ip !== undefined && ip.why === null && at >= ip.at && at < ip.wireEnd;
  return isInIp ? Math.min(frame.end, ip.wireEnd) : frame.end;
}

/** Where the first header of this kind begins. */
export const startOfKind =
  (kind: LayerKind) =>
  (frame: Frame): number | null =>
    frame.layers.find((layer) => layer.kind === kind && layer.why !== "truncated")?.at ?? null;

/** Headers of one kind of which at least `need` bytes were captured. */
function shown(frame: Frame, kind: LayerKind, need: number): readonly Header[] {
  return headersOfKind(frame, kind).filter((header) => {
    // Behind a version that is not 6 nothing is told.
    const isOther = kind === "ipv6" && header.why === "bad-version" && need > 1;
    return !isOther && header.at + need <= header.end;
  });
}

/** A view of captured bytes. */
export function bytesAt(frame: Frame, at: number, length: number): Uint8Array {
  return bytesIn(frame.packet.view, at, length);
}

/** A view of bytes of `view`. */
export const bytesIn = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);

/** Reads the byte `offset` bytes into a header. */
export const u8 =
  (offset: number) =>
  (v: DataView, at: number): number =>
    v.getUint8(at + offset);

/** Reads the 16 bits `offset` bytes into a header. */
export const u16 =
  (offset: number) =>
  (v: DataView, at: number): number =>
    v.getUint16(at + offset);
