/**
 * An enhanced packet block written in place: what `PcapngWriter.packet` of the
 * `pcap` floor returns, without an array for each packet, for a capture that
 * is to keep up with the kernel.
 *
 * @module
 */
import { nanoseconds } from "../../pcap/block-builder.ts";
import { BlockType, GSO_SIGNATURE, Option } from "../../pcap/pcapng.ts";
import type { PacketRecord } from "../../pcap/sink.ts";

const HEADER_LEN = 28;
const FLAGS_LEN = 8;
const GSO_LEN = 12;
const END_LEN = 4;
const TRAILER_LEN = 4;
/** Up to here words are copied one by one; above, the arrays that `set` needs cost less. */
const SHORT_LEN = 256;

/** Bytes of the packet's block. */
export function packetBlockLen({ capLen, flags, gsoSize }: PacketRecord): number {
  let options = 0;
  if (flags !== 0) options += FLAGS_LEN;
  if (gsoSize !== 0) options += GSO_LEN;
  if (options !== 0) options += END_LEN;
  return HEADER_LEN + ((capLen + 3) & ~3) + options + TRAILER_LEN;
}

/** Writes the block, little-endian, at `out[at, at + packetBlockLen)`. Comments are not written: a live packet has none. */
export function emitPacketBlock(packet: PacketRecord, out: DataView, at: number): void {
  const len = packetBlockLen(packet);
  const { high, low } = nanoseconds(packet.sec, packet.nsec);
  out.setUint32(at, BlockType.ENHANCED_PACKET, true);
  out.setUint32(at + 4, len, true);
  out.setUint32(at + 8, packet.iface, true);
  out.setUint32(at + 12, high, true);
  out.setUint32(at + 16, low, true);
  out.setUint32(at + 20, packet.capLen, true);
  out.setUint32(at + 24, packet.origLen, true);
  copyPadded(packet, out, at + HEADER_LEN);
  emitOptions(packet, out, at + HEADER_LEN + ((packet.capLen + 3) & ~3));
  out.setUint32(at + len - TRAILER_LEN, len, true);
}

function copyPadded({ view, at: from, capLen }: PacketRecord, out: DataView, to: number): void {
  const padded = (capLen + 3) & ~3;
  if (padded > capLen) out.setUint32(to + padded - 4, 0);
  if (capLen > SHORT_LEN) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, capLen);
    new Uint8Array(out.buffer, out.byteOffset + to, capLen).set(bytes);
    return;
  }
  let i = 0;
  for (; i + 4 <= capLen; i += 4) out.setInt32(to + i, view.getInt32(from + i));
  for (; i < capLen; i++) out.setUint8(to + i, view.getUint8(from + i));
}

function emitOptions({ flags, gsoSize }: PacketRecord, out: DataView, from: number): void {
  let at = from;
  if (flags !== 0) {
    out.setUint16(at, Option.EPB_FLAGS, true);
    out.setUint16(at + 2, 4, true);
    out.setUint32(at + 4, flags, true);
    at += FLAGS_LEN;
  }
  if (gsoSize !== 0) {
    out.setUint16(at, Option.GSO_SIZE, true);
    out.setUint16(at + 2, 8, true);
    out.setUint32(at + 4, GSO_SIGNATURE, true);
    out.setUint32(at + 8, gsoSize, true);
    at += GSO_LEN;
  }
  if (at > from) out.setUint32(at, Option.END, true);
}
