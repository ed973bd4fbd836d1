/**
 * BSD loopback: four bytes with an address family, in the byte order of the
 * machine that captured (LINKTYPE_NULL) or in network order (LINKTYPE_LOOP).
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";

/** Bytes of the header. */
export const NULL_HEADER_LEN = 4;

/** AF_INET, the same everywhere. */
export const AF_INET = 2;
/** AF_INET6: NetBSD and OpenBSD, FreeBSD, macOS, Linux. */
export const AF_INET6: readonly number[] = [24, 28, 30, 10];

/** IP version of an address family; 0 for another one. */
export function versionOfFamily(family: number): 0 | 4 | 6 {
  if (family === AF_INET) return 4;
  return AF_INET6.includes(family) ? 6 : 0;
}

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |             Address family (either byte order)                |   0

/** Whether the family at `at` was written by a little-endian machine: families are small numbers. */
export function nullLittleEndian(v: DataView, at: number): boolean {
  return v.getUint32(at) > 0xffff;
}

/** The address family, whichever way round it was written. */
export const nullFamily = (v: DataView, at: number): number =>
  v.getUint32(at, nullLittleEndian(v, at));

/** Whether the header fits in `v[at, end)`: `null`, or why it does not. */
export function checkNull(_v: DataView, at: number, end: number): DecodeReason | null {
  return end - at < NULL_HEADER_LEN ? "truncated" : null;
}

/** A packet of a BSD loopback interface. */
export interface NullRepr {
  family: number;
  littleEndian: boolean;
  payload: Uint8Array;
}

/**
 * Decodes the packet in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkNull} says why.
 */
export function parseNull(v: DataView, at: number = 0, end: number = v.byteLength): NullRepr {
  const reason = checkNull(v, at, end);
  if (reason !== null)
    throw new DecodeError("loopback", reason, 0, `header does not fit in ${end - at} bytes`);
  const bodyAt = at + NULL_HEADER_LEN;
  return {
    family: nullFamily(v, at),
    littleEndian: nullLittleEndian(v, at),
    payload: new Uint8Array(v.buffer, v.byteOffset + bodyAt, end - bodyAt),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitNull(repr: NullRepr, v: DataView, at: number = 0): number {
  v.setUint32(at, repr.family, repr.littleEndian);
  const bodyAt = at + NULL_HEADER_LEN;
  new Uint8Array(v.buffer, v.byteOffset + bodyAt, repr.payload.length).set(repr.payload);
  return at + nullLen(repr);
}

/** Bytes that {@link emitNull} writes for `repr`. */
export function nullLen(repr: NullRepr): number {
  return NULL_HEADER_LEN + repr.payload.length;
}

/** The header as `tcpdump -e` prints it. */
export function describeNull(v: DataView, at: number, end: number, origLen: number): string {
  if (checkNull(v, at, end) !== null) return " [|null]";
  const family = nullFamily(v, at);
  const name = family === AF_INET ? "IPv4" : AF_INET6.includes(family) ? "IPv6" : "Unknown";
  return `AF ${name} (${family}), length ${origLen}: `;
}
