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
import type { RecordParser } from "./feed.ts";
import type { Handover } from "./handover.ts";

/** What the file header said. */
export interface ClassicHeader {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
  readonly version: string;
  readonly modified: boolean;
  /** Bytes of the frame check sequence at the end of each packet; `null`: not stated. */
  readonly fcsLen: number | null;
}

/** Parser of a whole classic file, header first. */
export class ClassicReader implements RecordParser {
  need: number = FILE_HEADER_LEN;
  header: ClassicHeader | null = null;
  readonly #out: Handover;
  readonly #maxPacketLen: number;
  #magic = 0;
  #le = true;
  #recordHeaderLen: number = RECORD_HEADER_LEN;
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

  parse(view: DataView, at: number, end: number, base: number): number {
    if (this.header !== null) return this.#records(view, at, end, base);
    if (end - at < FILE_HEADER_LEN) return at;
    this.#fileHeader(view, at, base);
    return this.#out.done ? end : this.#records(view, at + FILE_HEADER_LEN, end, base);
  }

  end(offset: number, have: number): void {
    if (this.header === null) {
      this.#out.fail(0, `truncated header: got ${have} of ${FILE_HEADER_LEN} bytes`);
    } else if (have > 0) {
      const part = have < this.#recordHeaderLen ? "record header" : "record";
      const message = `file is cut short in a ${part}: ${have} of ${this.need} bytes are there`;
      this.#out.fail(offset - have, message);
    }
  }

  #fileHeader(view: DataView, at: number, base: number): void {
    this.#le = (view.getUint8(at) & 0xf0) !== 0xa0;
    const magic = (this.#magic = view.getUint32(at, this.#le));
    const nanoseconds = magic === PcapMagic.NANOSECONDS;
    const modified = magic === PcapMagic.KUZNETZOV;
    if (nanoseconds) {
      this.#ticks = 1e9;
      this.#tickNs = 1;
    }
    if (modified) this.#recordHeaderLen = KUZNETZOV_RECORD_HEADER_LEN;
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
    this.need = this.#recordHeaderLen;
    this.#announce();
  }

  #announce(): void {
    const { packet, sink } = this.#out;
    packet.linkType = this.#linkType;
    this.#out.interfaces = 1;
    sink.onInterface?.(
      {
        linkType: this.#linkType,
        snapLen: this.#snapLen,
        name: null,
        description: null,
        filter: null,
        os: null,
        ticksPerSecond: this.#ticks,
      },
      0,
    );
  }

  /** The hot loop: a record that fits the chunk costs four reads and a call. */
  #records(view: DataView, from: number, end: number, base: number): number {
    const out = this.#out;
    const { packet, sink } = out;
    const le = this.#le;
    const headerLen = this.#recordHeaderLen;
    const snapLen = this.#snapLen === 0 ? 0xffff_ffff : this.#snapLen;
    const capLenAt = this.#swapped ? 12 : 8;
    const origLenAt = this.#swapped ? 8 : 12;
    packet.view = view;
    let at = from;
    while (end - at >= headerLen) {
      const sec = view.getUint32(at, le);
      const ticks = view.getUint32(at + 4, le);
      const capLen = view.getUint32(at + capLenAt, le);
      const origLen = view.getUint32(at + origLenAt, le);
      if (capLen > this.#maxPacketLen || sec === this.#magic) {
        this.#check(view, at, base, capLen);
        if (out.done) return end;
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

  /** A record that cannot be one, or that is the header of another file. */
  #check(view: DataView, at: number, base: number, capLen: number): void {
    const offset = base + at;
    const sameMagic = view.getUint32(at, this.#le) === this.#magic;
    if (sameMagic && view.getUint16(at + 4, this.#le) === 2 && capLen === 0) {
      this.#out.fail(offset, "another capture file begins here: two files were joined end to end");
    } else if (capLen > this.#maxPacketLen) {
      const claim = `record claims ${capLen} bytes, the limit is ${this.#maxPacketLen}`;
      this.#out.fail(offset, claim);
    }
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
