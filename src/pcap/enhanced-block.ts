/**
 * Writes enhanced packet blocks (§4.3) in place: the one block that a capture
 * writes a quarter of a million times a second.
 *
 * @module
 */
import { nanoseconds } from "./block-builder.ts";
import { copyPacket, type PacketToWrite } from "./packet-to-write.ts";
import { BlockType, GSO_SIGNATURE, Option, pad4 } from "./pcapng.ts";

const OVERHEAD = 32;
const FLAGS_LEN = 8;
const GSO_LEN = 12;
const END_LEN = 4;

/** Bytes of the block for a packet without comments. */
export function enhancedLen({ capLen, flags = 0, gsoSize = 0 }: PacketToWrite): number {
  const options = (flags === 0 ? 0 : FLAGS_LEN) + (gsoSize === 0 ? 0 : GSO_LEN);
  return OVERHEAD + pad4(capLen) + (options === 0 ? 0 : options + END_LEN);
}

/**
 * Writes the block at `v[at, at + enhancedLen(packet))`; comments are not written.
 *
 * @throws {RangeError} when pcapng has no room for the time.
 */
export function emitEnhanced(packet: PacketToWrite, v: DataView, at: number, le: boolean): void {
  const { sec, nsec, capLen, origLen, iface = 0, flags = 0, gsoSize = 0 } = packet;
  const len = enhancedLen(packet);
  const time = nanoseconds(sec, nsec);
  v.setUint32(at, BlockType.ENHANCED_PACKET, le);
  v.setUint32(at + 4, len, le);
  v.setUint32(at + 8, iface, le);
  v.setUint32(at + 12, time.high, le);
  v.setUint32(at + 16, time.low, le);
  v.setUint32(at + 20, capLen, le);
  v.setUint32(at + 24, origLen, le);
  copyPacket(packet, v, at + 28);
  let next = at + 28 + pad4(capLen);
  for (let pad = at + 28 + capLen; pad < next; pad++) v.setUint8(pad, 0);
  if (flags !== 0) next = emitOption(v, next, le, Option.EPB_FLAGS, flags);
  if (gsoSize !== 0) {
    next = emitOption(v, next, le, Option.GSO_SIZE, GSO_SIGNATURE);
    v.setUint16(next - 6, 8, le);
    v.setUint32(next, gsoSize, le);
    next += 4;
  }
  if (next < at + len - 4) v.setUint32(next, Option.END, le);
  v.setUint32(at + len - 4, len, le);
}

function emitOption(v: DataView, at: number, le: boolean, code: number, value: number): number {
  v.setUint16(at, code, le);
  v.setUint16(at + 2, 4, le);
  v.setUint32(at + 4, value, le);
  return at + 8;
}
