/**
 * Writes classic pcap. Bytes are returned, not written anywhere.
 *
 * ```ts ignore
 * const writer = new PcapWriter({ linkType: 1 });
 * out.write(writer.header());
 * out.write(writer.packet(packet));
 * ```
 *
 * @module
 */
import { viewOf } from "../base/bytes.ts";
import { FILE_HEADER_LEN, MAX_PACKET_LEN, PcapMagic, RECORD_HEADER_LEN } from "./classic.ts";
import { checkPacket, copyPacket, type PacketToWrite } from "./packet-to-write.ts";

/** The file's header. */
export interface PcapWriterOptions {
  /** LINKTYPE_ value of all packets. */
  readonly linkType: number;
  /** 262,144 when left out. */
  readonly snapLen?: number;
  /** Nanoseconds (the default) or microseconds; the latter cut times down. */
  readonly nanoseconds?: boolean;
  readonly littleEndian?: boolean;
}

/** Turns packets into the bytes of one classic file. Flags, comments and events have no place in it. */
export class PcapWriter {
  readonly #options: Required<PcapWriterOptions>;

  constructor(options: PcapWriterOptions) {
    const defaults = { snapLen: MAX_PACKET_LEN, nanoseconds: true, littleEndian: true };
    this.#options = { ...defaults, ...options };
  }

  /** The file header, to come first. */
  header(): Uint8Array<ArrayBuffer> {
    const { linkType, snapLen, nanoseconds, littleEndian: le } = this.#options;
    const bytes = new Uint8Array(FILE_HEADER_LEN);
    const v = viewOf(bytes);
    v.setUint32(0, nanoseconds ? PcapMagic.NANOSECONDS : PcapMagic.MICROSECONDS, le);
    v.setUint16(4, 2, le);
    v.setUint16(6, 4, le);
    v.setUint32(16, snapLen, le);
    v.setUint32(20, linkType, le);
    return bytes;
  }

  /**
   * One record.
   *
   * @throws {RangeError} when more is captured than was on the wire or than the format's readers
   *   take, or when the time is not between 1970 and 2106.
   */
  packet(packet: PacketToWrite): Uint8Array<ArrayBuffer> {
    checkPacket(packet, MAX_PACKET_LEN);
    const { sec, nsec, capLen, origLen } = packet;
    if (!Number.isInteger(sec) || sec < 0 || sec > 0xffff_ffff) {
      throw new RangeError(`Cannot write packet: pcap has no room for second ${sec}`);
    }
    const { nanoseconds, littleEndian: le } = this.#options;
    const bytes = new Uint8Array(RECORD_HEADER_LEN + capLen);
    const v = viewOf(bytes);
    v.setUint32(0, sec, le);
    v.setUint32(4, nanoseconds ? nsec : Math.floor(nsec / 1000), le);
    v.setUint32(8, capLen, le);
    v.setUint32(12, origLen, le);
    copyPacket(packet, v, RECORD_HEADER_LEN);
    return bytes;
  }
}
