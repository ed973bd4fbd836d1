/**
 * Blocks and records put together by hand, so that they can be wrong.
 *
 * @module
 */
import { concat, viewOf } from "../base/bytes.ts";

/** Numbers as 32-bit little-endian words. */
export function words(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, i) => viewOf(bytes).setUint32(4 * i, value, true));
  return bytes;
}

/** A pcapng block; its two lengths are right unless given. */
export function block(
  type: number,
  body: Uint8Array,
  len: number = body.length + 12,
  trailer: number = len,
): Uint8Array<ArrayBuffer> {
  return concat(words(type, len), body, words(trailer));
}

/** A pcapng option with its padding; `len` may lie. */
export function option(code: number, value: Uint8Array, len: number = value.length): Uint8Array {
  const padding = new Uint8Array((4 - (value.length % 4)) % 4);
  return concat(words(code + len * 0x1_0000), value, padding);
}

/** A section header block of version 1.0 that does not tell its length. */
export const SECTION: Uint8Array = block(
  0x0a0d0d0a,
  words(0x1a2b3c4d, 1, 0xffff_ffff, 0xffff_ffff),
);

/** Ethernet, no snapshot length. */
export const INTERFACE: Uint8Array = block(1, words(1, 0));

/** A packet of 4 bytes on interface 0, 2 microseconds after 1970. */
export const PACKET: Uint8Array = block(6, words(0, 0, 2, 4, 4, 0x0403_0201));

/** Little-endian microsecond pcap, Ethernet. */
export const PCAP_HEADER: Uint8Array = words(0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, 1);

/** A pcap record whose fields say what they like. */
export function record(
  sec: number,
  ticks: number,
  capLen: number,
  origLen: number,
  bytes: Uint8Array = new Uint8Array(capLen),
): Uint8Array {
  return concat(words(sec, ticks, capLen, origLen), bytes);
}
