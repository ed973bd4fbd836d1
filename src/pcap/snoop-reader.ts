/**
 * Reads snoop captures (RFC 1761), which Solaris writes: every field
 * big-endian, records padded.
 *
 * ```text
 * file header, 16 bytes                     record header, 24 bytes
 *  0 "snoop" and three zero bytes            0 bytes on the wire
 *  8 version, 2                              4 bytes captured
 * 12 data link type                          8 bytes of the whole record
 *                                           12 packets dropped so far
 *                                           16 seconds   20 microseconds
 * ```
 *
 * @module
 */
import { beginsFile } from "./detect.ts";
import type { Handover } from "./handover.ts";
import type { FlatFormat, FlatHeader } from "./header-first.ts";
import { SNOOP_MAGIC_END } from "./snoop.ts";

const FILE_HEADER_LEN = 16;
const RECORD_HEADER_LEN = 24;

/** LINKTYPE_ values of snoop's data link types: 802.3, Token Ring, Ethernet, HDLC, FDDI, IP over InfiniBand aside. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 6],
  [4, 1],
  [5, 104],
  [8, 10],
]);

/** Reads the header and the records of a snoop file. */
export class SnoopReader implements FlatFormat {
  readonly fileHeaderLen = FILE_HEADER_LEN;
  readonly recordHeaderLen = RECORD_HEADER_LEN;
  need: number = RECORD_HEADER_LEN;
  isOver = false;
  header: FlatHeader | null = null;
  readonly #out: Handover;
  readonly #maxPacketLen: number;

  constructor(out: Handover, maxPacketLen: number) {
    this.#out = out;
    this.#maxPacketLen = maxPacketLen;
  }

  readHeader(view: DataView, at: number, base: number): void {
    const version = view.getUint32(at + 8);
    const link = view.getUint32(at + 12);
    const linkType = LINK_TYPES.get(link);
    const isMagic = view.getUint32(at + 4) === SNOOP_MAGIC_END;
    if (!isMagic || version !== 2 || linkType === undefined) {
      const what = isMagic ? `version ${version}, data link type ${link}` : "header";
      this.#out.fail(base + at, `snoop ${what} is not supported`);
      return;
    }
    this.header = {
      littleEndian: false,
      nanoseconds: false,
      version: "2.0",
      modified: false,
      fcsLen: null,
    };
    this.#announce(linkType);
  }

  #announce(linkType: number): void {
    const out = this.#out;
    out.packet.linkType = linkType;
    out.packet.iface = out.interfaces;
    const unknown = { name: null, description: null, filter: null, os: null };
    out.announce({ linkType, snapLen: 0, ...unknown, ticksPerSecond: 1e6 });
  }

  records(view: DataView, from: number, end: number, base: number): number {
    const out = this.#out;
    const { packet, sink } = out;
    packet.view = view;
    packet.headLen = RECORD_HEADER_LEN;
    let at = from;
    while (end - at >= RECORD_HEADER_LEN) {
      const origLen = view.getUint32(at);
      const capLen = view.getUint32(at + 4);
      const recordLen = view.getUint32(at + 8);
      if (!this.#isRecord(view, at, base, capLen, recordLen)) return this.isOver ? at : end;
      const next = at + recordLen;
      if (next > end) {
        this.need = recordLen;
        return at;
      }
      out.frame++;
      packet.frame = out.frame;
      packet.sec = view.getUint32(at + 16);
      packet.nsec = Math.min(view.getUint32(at + 20), 999_999) * 1000;
      packet.at = at + RECORD_HEADER_LEN;
      packet.capLen = capLen;
      packet.origLen = origLen;
      packet.offset = base + at;
      if (capLen > origLen || capLen === 0) out.warnOddLengths(0xffff_ffff);
      sink.onPacket(packet);
      at = next;
    }
    this.need = RECORD_HEADER_LEN;
    return at;
  }

  /** Fails for lengths that cannot be, unless another file begins: a record always advances. */
  #isRecord(view: DataView, at: number, base: number, capLen: number, recordLen: number): boolean {
    const padding = recordLen - RECORD_HEADER_LEN - capLen;
    const isLong = capLen > this.#maxPacketLen;
    if (!isLong && padding >= 0 && padding <= this.#maxPacketLen) return true;
    this.isOver = beginsFile(view, at);
    if (this.isOver) return false;
    const claim = isLong
      ? `record claims ${capLen} bytes, the limit is ${this.#maxPacketLen}`
      : `record of ${recordLen} bytes claims a packet of ${capLen}`;
    this.#out.fail(base + at, claim);
    return false;
  }
}
