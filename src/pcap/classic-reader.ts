/**
 * Reads classic pcap: both byte orders, micro- and nanoseconds, and the 24-byte
 * records of Kuznetzov's patched libpcap.
 *
 * @module
 */
import {
  FILE_HEADER_LEN,
  KUZNETZOV_RECORD_HEADER_LEN,
  LINK_TYPE_MASK,
  PcapMagic,
  RECORD_HEADER_LEN,
} from "./classic.ts";
import { beginsFile } from "./detect.ts";
import type { Handover } from "./handover.ts";
import type { FlatFormat, FlatHeader } from "./header-first.ts";

/** Reads the header and the records of a classic file. */
export class ClassicReader implements FlatFormat {
  readonly fileHeaderLen = FILE_HEADER_LEN;
  recordHeaderLen: number = RECORD_HEADER_LEN;
  need: number = RECORD_HEADER_LEN;
  isOver = false;
  header: FlatHeader | null = null;
  readonly #out: Handover;
  readonly #maxPacketLen: number;
  #le = true;
  /** Sub-second ticks in a second, and nanoseconds in a tick. */
  #ticks = 1e6;
  #tickNs = 1000;
  #snapLen = 0;
  #linkType = 0;
  /** Before version 2.3 the two lengths stood the other way round. */
  #swapped = false;

  constructor(out: Handover, maxPacketLen: number) {
    this.#out = out;
    this.#maxPacketLen = maxPacketLen;
  }

  readHeader(view: DataView, at: number, base: number): void {
    this.#le = (view.getUint8(at) & 0xf0) !== 0xa0;
    const magic = view.getUint32(at, this.#le);
    const nanoseconds = magic === PcapMagic.NANOSECONDS;
    const modified = magic === PcapMagic.KUZNETZOV;
    if (nanoseconds) {
      this.#ticks = 1e9;
      this.#tickNs = 1;
    }
    if (modified) this.recordHeaderLen = KUZNETZOV_RECORD_HEADER_LEN;
    const major = view.getUint16(at + 4, this.#le);
    const minor = view.getUint16(at + 6, this.#le);
    const version = `${major}.${minor}`;
    if (major !== 2) {
      this.#out.fail(base + at + 4, `pcap version ${version} is not supported, only 2.x`);
      return;
    }
    if (minor > 4) this.#out.warn("version", base + at + 6, `pcap version ${version}, read as 2.4`);
    this.#swapped = minor < 3;
    this.#snapLen = view.getUint32(at + 16, this.#le);
    const link = view.getUint32(at + 20, this.#le);
    this.#linkType = link & LINK_TYPE_MASK;
    const fcsLen = (link & 0x0400_0000) === 0 ? null : (link >>> 28) * 2;
    this.header = { littleEndian: this.#le, nanoseconds, version, modified, fcsLen };
    this.need = this.recordHeaderLen;
    this.#announce();
  }

  #announce(): void {
    const out = this.#out;
    out.packet.linkType = this.#linkType;
    out.packet.iface = out.interfaces;
    out.announce({
      linkType: this.#linkType,
      snapLen: this.#snapLen,
      name: null,
      description: null,
      filter: null,
      os: null,
      ticksPerSecond: this.#ticks,
    });
  }

  /** The hot loop: a record that fits the chunk costs four reads and a call. */
  records(view: DataView, from: number, end: number, base: number): number {
    const out = this.#out;
    const { packet, sink } = out;
    const le = this.#le;
    const headerLen = this.recordHeaderLen;
    const maxLen = this.#maxPacketLen;
    const snapLen = this.#snapLen === 0 ? 0xffff_ffff : this.#snapLen;
    const capLenAt = this.#swapped ? 12 : 8;
    const origLenAt = this.#swapped ? 8 : 12;
    packet.view = view;
    packet.headLen = headerLen;
    let at = from;
    while (end - at >= headerLen) {
      const sec = view.getUint32(at, le);
      const ticks = view.getUint32(at + 4, le);
      const capLen = view.getUint32(at + capLenAt, le);
      const origLen = view.getUint32(at + origLenAt, le);
      // Too long, or 0, as it is where the header of another file stands.
      if ((capLen - 1) >>> 0 >= maxLen && !this.#isRecord(view, at, base, capLen)) {
        return this.isOver ? at : end;
      }
      const next = at + headerLen + capLen;
      if (next > end) {
        this.need = next - at;
        return at;
      }
      out.frame++;
      packet.frame = out.frame;
      packet.sec = sec;
      packet.nsec = ticks * this.#tickNs;
      packet.at = at + headerLen;
      packet.capLen = capLen;
      packet.origLen = origLen;
      packet.offset = base + at;
      if (ticks >= this.#ticks) this.#carrySeconds();
      if (capLen > origLen || capLen > snapLen || capLen === 0) out.warnOddLengths(snapLen);
      sink.onPacket(packet);
      at = next;
    }
    this.need = headerLen;
    return at;
  }

  /** Fails for a record that cannot be one, unless it is the header of another file. */
  #isRecord(view: DataView, at: number, base: number, capLen: number): boolean {
    this.isOver = beginsFile(view, at);
    if (this.isOver || capLen === 0) return !this.isOver;
    const claim = `record claims ${capLen} bytes, the limit is ${this.#maxPacketLen}`;
    this.#out.fail(base + at, claim);
    return false;
  }

  #carrySeconds(): void {
    const { packet } = this.#out;
    const ticks = packet.nsec / this.#tickNs;
    const whole = Math.floor(ticks / this.#ticks);
    packet.sec += whole;
    packet.nsec = (ticks - whole * this.#ticks) * this.#tickNs;
    const message = `sub-second part ${ticks} is ${this.#ticks} or more`;
    this.#out.warn("bad-time", packet.offset, message);
  }
}
