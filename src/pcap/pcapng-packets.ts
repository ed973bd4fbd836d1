/**
 * Packets of a pcapng file: enhanced (§4.3), simple (§4.4) and obsolete
 * (appendix A) packet blocks.
 *
 * A method takes a whole block, whose two lengths agree, and hands one packet
 * over; lengths inside are held against the block before they are used.
 *
 * @module
 */
import { NO_COMMENTS, type Handover } from "./handover.ts";
import type { OptionCursor } from "./options.ts";
import type { Interfaces } from "./pcapng-interfaces.ts";
import { GSO_SIGNATURE, Option, pad4 } from "./pcapng.ts";

/** Bytes of a block around the packet and its options. */
export const ENHANCED_OVERHEAD = 32;
/** Bytes of a simple packet block around the packet. */
export const SIMPLE_OVERHEAD = 16;

/** Hands over the packets of blocks. */
export class PacketBlocks {
  readonly #out: Handover;
  readonly #interfaces: Interfaces;
  readonly #options: OptionCursor;
  readonly #maxPacketLen: number;

  constructor(out: Handover, interfaces: Interfaces, options: OptionCursor, maxPacketLen: number) {
    this.#out = out;
    this.#interfaces = interfaces;
    this.#options = options;
    this.#maxPacketLen = maxPacketLen;
  }

  /** The block at `[at, at + len)` of a view whose byte 0 stands at file offset `base`. */
  enhanced(view: DataView, at: number, len: number, le: boolean, base: number): void {
    this.#packet(view, at, len, le, base, view.getUint32(at + 8, le));
  }

  /** The same with 16 bits of interface, and 16 bits of packets lost before this one. */
  obsolete(view: DataView, at: number, len: number, le: boolean, base: number): void {
    const id = view.getUint16(at + 8, le);
    const lost = view.getUint16(at + 10, le);
    const { table } = this.#interfaces;
    if (lost !== 0xffff && id < table.length) table.drops[id]! += lost;
    this.#packet(view, at, len, le, base, id);
  }

  /** Of the section's first interface, without a time, an options or a captured length. */
  simple(view: DataView, at: number, len: number, le: boolean, base: number): void {
    const { packet } = this.#out;
    if (!this.#hasInterface(0, base + at)) return;
    const origLen = view.getUint32(at + 8, le);
    const snapLen = this.#interfaces.table.snapLen[0]!;
    const wanted = snapLen === 0 ? origLen : Math.min(origLen, snapLen);
    const room = len - SIMPLE_OVERHEAD;
    if (wanted > room) {
      const message = `simple packet of ${wanted} bytes in a block with room for ${room}`;
      this.#out.warn("bad-length", base + at, message);
    }
    const capLen = Math.min(wanted, room);
    if (!this.#fits(capLen, room, base + at)) return;
    packet.sec = 0;
    packet.nsec = 0;
    packet.flags = 0;
    packet.gsoSize = 0;
    packet.comments = NO_COMMENTS;
    this.#handOver(view, at, at + 12, 0, capLen, origLen, base);
  }

  #packet(view: DataView, at: number, len: number, le: boolean, base: number, id: number): void {
    const { packet } = this.#out;
    const interfaces = this.#interfaces;
    const offset = base + at;
    const capLen = view.getUint32(at + 20, le);
    const origLen = view.getUint32(at + 24, le);
    if (!this.#hasInterface(id, offset)) return;
    if (!this.#fits(capLen, len - ENHANCED_OVERHEAD, offset)) return;
    interfaces.setTime(id, view, at + 12, le, offset);
    packet.sec = interfaces.sec;
    packet.nsec = interfaces.nsec;
    packet.flags = 0;
    packet.gsoSize = 0;
    packet.comments = NO_COMMENTS;
    const optionsAt = at + 28 + pad4(capLen);
    if (optionsAt < at + len - 4) {
      this.#options.open(view, optionsAt, at + len - 4, le);
      this.#readOptions(id, offset);
    }
    this.#handOver(view, at, at + 28, id, capLen, origLen, base);
  }

  #readOptions(id: number, offset: number): void {
    const { packet } = this.#out;
    const options = this.#options;
    let comments: string[] | null = null;
    while (options.next()) {
      if (options.code === Option.COMMENT) {
        comments ??= [];
        comments.push(options.text());
      } else if (options.code === Option.EPB_FLAGS && options.has(4)) {
        packet.flags = options.u32();
      } else if (options.code === Option.EPB_DROPCOUNT && options.has(8)) {
        this.#interfaces.table.drops[id]! += options.u64();
      } else if (options.code === Option.GSO_SIZE && options.len === 8) {
        if (options.u32() === GSO_SIGNATURE) packet.gsoSize = options.u32(4);
      }
    }
    if (comments !== null) packet.comments = comments;
    if (options.fault !== null) this.#out.warn("bad-option", offset, options.fault);
  }

  #handOver(
    view: DataView,
    block: number,
    at: number,
    id: number,
    capLen: number,
    origLen: number,
    base: number,
  ): void {
    const out = this.#out;
    const { packet } = out;
    const { table, first } = this.#interfaces;
    out.frame++;
    packet.frame = out.frame;
    packet.iface = first + id;
    packet.linkType = table.linkType[id]!;
    packet.view = view;
    packet.at = at;
    packet.capLen = capLen;
    packet.origLen = origLen;
    packet.offset = base + block;
    packet.headLen = at - block;
    const snapLen = table.snapLen[id]!;
    if (capLen > origLen || capLen === 0 || (snapLen !== 0 && capLen > snapLen)) {
      out.warnOddLengths(snapLen);
    }
    out.sink.onPacket(packet);
  }

  #hasInterface(id: number, offset: number): boolean {
    const { length } = this.#interfaces.table;
    if (id < length) return true;
    const message = `packet of interface ${id}, but the section has described ${length} so far`;
    this.#out.fail(offset, message);
    return false;
  }

  #fits(capLen: number, room: number, offset: number): boolean {
    if (capLen > room) {
      this.#out.fail(offset, `packet claims ${capLen} bytes in a block with room for ${room}`);
      return false;
    }
    if (capLen > this.#maxPacketLen) {
      const message = `packet claims ${capLen} bytes, the limit is ${this.#maxPacketLen}`;
      this.#out.fail(offset, message);
      return false;
    }
    return true;
  }
}
