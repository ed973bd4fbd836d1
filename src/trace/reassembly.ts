/**
 * Puts IP packets together from their fragments (RFC 791 §3.2, RFC 8200 §4.5).
 *
 * As Wireshark does it: fragments are told apart by addresses, protocol and
 * identification; where they overlap, the one that starts first counts, of two
 * that start together the one that came first. There is no timeout: a capture
 * may be put together from pieces whose times mean nothing.
 *
 * Memory is bounded by {@link MAX_BYTES}: beyond it the oldest unfinished
 * packets are forgotten. So is the work: a packet has at most
 * {@link MAX_PARTS} fragments, later ones are ignored (FragmentSmack,
 * CVE-2018-5391).
 *
 * @module
 */
import type { PacketPath } from "../wire/path.ts";

/** Bytes kept of unfinished packets, each fragment counted with {@link PART_COST}. */
export const MAX_BYTES = 64 << 20;
/** Fragments of one packet: 65,535 bytes through the smallest MTU of IPv4, 68, are 1,366. */
export const MAX_PARTS = 4096;

/** What a fragment costs beside its bytes. */
const PART_COST = 512;

interface Part {
  /** Bytes of the packet's payload in front of it. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Unfinished {
  readonly key: string;
  /** By offset, those with the same offset in the order of their arrival. */
  readonly parts: Part[];
  /** Bytes of the payload, from the first last fragment seen; -1 before. */
  total: number;
  /** Bytes of all parts, overlaps counted twice. */
  sum: number;
}

/** See the module. */
export class Reassembler {
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Packets of which fragments are missing. */
  get unfinished(): number {
    return this.#unfinished.size;
  }

  /**
   * Takes the fragment that `findTcp` found in `v`. Gives the whole packet, from
   * its IP header on, when this fragment was the last one missing; else `null`.
   * An IPv6 packet comes without the headers between the first and the fragment header.
   */
  add(v: DataView, path: PacketPath): DataView | null {
    const { partAt, partEnd } = path;
    if (path.why !== "fragment" || partAt < 0) return null;
    const isFour = path.ipVersion === 4;
    const field = isFour ? v.getUint16(path.ipAt + 6) : v.getUint16(partAt - 6);
    const offset = isFour ? (field & 0x1fff) << 3 : field & 0xfff8;
    const isLast = isFour ? (field & 0x2000) === 0 : (field & 1) === 0;
    const packet = this.#packetOf(keyOf(v, path));
    if (packet.parts.length >= MAX_PARTS) return null;
    // A copy: the buffer belongs to the reader.
    const bytes = new Uint8Array(v.buffer, v.byteOffset + partAt, partEnd - partAt).slice();
    insert(packet.parts, { offset, bytes });
    packet.sum += bytes.length;
    this.#bytes += bytes.length + PART_COST;
    if (isLast && packet.total === -1) packet.total = offset + bytes.length;
    if (isWhole(packet)) {
      this.#forget(packet);
      return wholePacket(v, path, packet);
    }
    this.#makeRoom();
    return null;
  }

  #packetOf(key: string): Unfinished {
    let packet = this.#unfinished.get(key);
    if (packet === undefined) {
      packet = { key, parts: [], total: -1, sum: 0 };
      this.#unfinished.set(key, packet);
    }
    return packet;
  }

  #forget(packet: Unfinished): void {
    this.#unfinished.delete(packet.key);
    this.#bytes -= packet.sum + packet.parts.length * PART_COST;
  }

  /**
   * A map keeps the order of insertion: the first is the oldest. A quarter goes at a time, because
   * the way to the first leads past all that were deleted (24 µs a fragment when each made room for itself).
   */
  #makeRoom(): void {
    if (this.#bytes <= this.#maxBytes) return;
    for (const packet of this.#unfinished.values()) {
      if (this.#bytes <= this.#maxBytes * 0.75) return;
      this.#forget(packet);
    }
  }
}

/** Addresses, protocol, identification. */
function keyOf(v: DataView, path: PacketPath): string {
  const { ipAt, partAt } = path;
  const isFour = path.ipVersion === 4;
  let key = isFour
    ? `4 ${v.getUint8(ipAt + 9)} ${v.getUint16(ipAt + 4)}`
    : `6 ${v.getUint8(partAt - 8)} ${v.getUint32(partAt - 4)}`;
  const [from, to] = isFour ? [ipAt + 12, ipAt + 20] : [ipAt + 8, ipAt + 40];
  for (let at = from; at < to; at += 4) key += ` ${v.getUint32(at)}`;
  return key;
}

/** Behind all that start at or before it. */
function insert(parts: Part[], part: Part): void {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (parts[mid]!.offset <= part.offset) low = mid + 1;
    else high = mid;
  }
  parts.splice(low, 0, part);
}

function isWhole({ parts, total, sum }: Unfinished): boolean {
  if (total === -1 || sum < total) return false;
  let reached = 0;
  for (const { offset, bytes } of parts) {
    if (offset > reached) return false;
    reached = Math.max(reached, offset + bytes.length);
  }
  return reached >= total;
}

/** The header in hand, without its fragmentation, and the payload. */
function wholePacket(v: DataView, path: PacketPath, { parts, total }: Unfinished): DataView {
  const isFour = path.ipVersion === 4;
  const headerLen = isFour ? (v.getUint8(path.ipAt) & 0xf) << 2 : 40;
  const all = new Uint8Array(headerLen + total);
  all.set(new Uint8Array(v.buffer, v.byteOffset + path.ipAt, headerLen));
  let reached = 0;
  for (const { offset, bytes } of parts) {
    const end = Math.min(offset + bytes.length, total);
    if (end <= reached) continue;
    all.set(bytes.subarray(reached - offset, end - offset), headerLen + reached);
    reached = end;
  }
  const whole = new DataView(all.buffer);
  // More than the field can say, from fragments that reach too far: 0, the buffer's length counts.
  const stated = isFour ? headerLen + total : total;
  whole.setUint16(isFour ? 2 : 4, stated > 0xffff ? 0 : stated);
  if (isFour) {
    whole.setUint16(6, 0);
    whole.setUint16(10, 0);
  } else {
    whole.setUint8(6, v.getUint8(path.partAt - 8));
  }
  return whole;
}
