/**
 * Writes pcapng: one section, times in nanoseconds, and the events of a
 * recording. Bytes are returned, one or more whole blocks a call.
 *
 * ```ts ignore
 * const writer = new PcapngWriter({ application: "seqack 0.1" });
 * out.write(writer.section());
 * out.write(writer.iface({ linkType: 1, name: "lo" }));
 * out.write(writer.packet(packet));
 * out.write(writer.events(events));
 * ```
 *
 * @module
 */
import { concat, viewOf } from "../base/bytes.ts";
import { BlockBuilder } from "./block-builder.ts";
import { MAX_PACKET_LEN } from "./classic.ts";
import { emitEnhanced, enhancedLen } from "./enhanced-block.ts";
import { emitEventBodies } from "./event-block.ts";
import type { RecordedEvent } from "./event.ts";
import { checkPacket, type PacketToWrite } from "./packet-to-write.ts";
import { BlockType, GSO_SIGNATURE, Option } from "./pcapng.ts";
import type { CaptureInterface, CaptureSection, CaptureStats } from "./sink.ts";

/** The interface's link type, and what else is known of it. */
export type InterfaceToWrite = Pick<CaptureInterface, "linkType"> &
  Partial<Pick<CaptureInterface, "snapLen" | "name" | "description" | "filter" | "os">>;

const NANOSECONDS = Uint8Array.of(9);
/** Kind of an `if_filter`: text that libpcap takes. */
const FILTER_TEXT = 0;

/** Turns packets, statistics and events into the blocks of one section. */
export class PcapngWriter {
  readonly #options: Partial<CaptureSection>;
  readonly #block: BlockBuilder;
  readonly #utf8 = new TextEncoder();
  /** Time of the newest packet, for statistics that do not tell theirs. */
  #sec = 0;
  #nsec = 0;
  #interfaces = 0;

  constructor(options: Partial<CaptureSection> = {}) {
    this.#options = options;
    this.#block = new BlockBuilder(options.littleEndian ?? true);
  }

  /** The section header, to come first. */
  section(): Uint8Array<ArrayBuffer> {
    const { hardware = null, os = null, application = null, comments = [] } = this.#options;
    const block = this.#block.begin(BlockType.SECTION).order().u16(1).u16(0);
    block.u32(0xffff_ffff).u32(0xffff_ffff); // length not told, so that blocks can be appended
    for (const comment of comments) block.textOption(Option.COMMENT, comment);
    block.textOption(Option.SECTION_HARDWARE, hardware);
    block.textOption(Option.SECTION_OS, os);
    block.textOption(Option.SECTION_APPLICATION, application);
    return block.finish();
  }

  /** Describes the next interface: the first is number 0 in {@link packet}. */
  iface(iface: InterfaceToWrite): Uint8Array<ArrayBuffer> {
    const { linkType, snapLen = 0, name = null, description = null, filter = null } = iface;
    const block = this.#block.begin(BlockType.INTERFACE).u16(linkType).u16(0).u32(snapLen);
    block.textOption(Option.IF_NAME, name);
    block.textOption(Option.IF_DESCRIPTION, description);
    block.option(Option.IF_TSRESOL, NANOSECONDS);
    if (filter !== null) {
      const text = this.#utf8.encode(filter);
      block.option(Option.IF_FILTER, concat(Uint8Array.of(FILTER_TEXT), text));
    }
    block.textOption(Option.IF_OS, iface.os ?? null);
    this.#interfaces++;
    return block.finish();
  }

  /**
   * One enhanced packet block.
   *
   * @throws {RangeError} when more is captured than was on the wire or than readers take, when a
   *   comment has more than 65,535 bytes, the interface was not described, or the time is before
   *   1970 or after 2554.
   */
  packet(packet: PacketToWrite): Uint8Array<ArrayBuffer> {
    this.#check(packet);
    if (packet.comments !== undefined && packet.comments.length > 0) return this.#commented(packet);
    const bytes = new Uint8Array(enhancedLen(packet));
    emitEnhanced(packet, viewOf(bytes), 0, this.#block.littleEndian);
    this.#took(packet);
    return bytes;
  }

  /**
   * The same block, written at `at` of `out`: without an allocation for packets without comments.
   *
   * @returns Its length; 0 when there is no room, and then nothing has been written.
   * @throws {RangeError} as {@link packet}.
   */
  packetInto(packet: PacketToWrite, out: DataView, at: number): number {
    this.#check(packet);
    const room = out.byteLength - at;
    if (packet.comments !== undefined && packet.comments.length > 0) {
      const block = this.#commented(packet);
      if (block.length > room) return 0;
      new Uint8Array(out.buffer, out.byteOffset + at, block.length).set(block);
      return block.length;
    }
    const len = enhancedLen(packet);
    if (len > room) return 0;
    emitEnhanced(packet, out, at, this.#block.littleEndian);
    this.#took(packet);
    return len;
  }

  #check(packet: PacketToWrite): void {
    checkPacket(packet, MAX_PACKET_LEN);
    this.#checkInterface(packet.iface ?? 0);
  }

  #took({ sec, nsec }: PacketToWrite): void {
    this.#sec = sec;
    this.#nsec = nsec;
  }

  #commented(packet: PacketToWrite): Uint8Array<ArrayBuffer> {
    const { sec, nsec, view, at, capLen, origLen } = packet;
    const { iface = 0, flags = 0, gsoSize = 0, comments = [] } = packet;
    const block = this.#block.begin(BlockType.ENHANCED_PACKET).u32(iface).time(sec, nsec);
    block.u32(capLen).u32(origLen);
    block.bytes(new Uint8Array(view.buffer, view.byteOffset + at, capLen));
    for (const comment of comments) block.textOption(Option.COMMENT, comment);
    if (flags !== 0) block.u32Option(Option.EPB_FLAGS, flags);
    if (gsoSize !== 0) block.u32Option(Option.GSO_SIZE, GSO_SIGNATURE, gsoSize);
    this.#took(packet);
    return block.finish();
  }

  /** What the capture counted so far; the time of the newest packet is taken when none is given. */
  stats(stats: CaptureStats): Uint8Array<ArrayBuffer> {
    this.#checkInterface(stats.iface);
    const block = this.#block.begin(BlockType.STATISTICS).u32(stats.iface);
    block.time(stats.sec ?? this.#sec, stats.nsec ?? this.#nsec);
    block.u64Option(Option.ISB_FILTERACCEPT, stats.received);
    block.u64Option(Option.ISB_OSDROP, stats.dropped);
    return block.finish();
  }

  /**
   * Events, in as many blocks as they need; no bytes for no events.
   *
   * @throws {RangeError} when an event has a field that would not be read again, or no interface
   *   was described before: editcap refuses a file in which anything precedes the first one.
   */
  events(events: readonly RecordedEvent[]): Uint8Array<ArrayBuffer> {
    if (this.#interfaces === 0) throw new RangeError("Cannot write events before an interface");
    const bodies = emitEventBodies(events, this.#block.littleEndian);
    return concat(...bodies.map((b) => this.#block.begin(BlockType.EVENTS).bytes(b).finish()));
  }

  #checkInterface(iface: number): void {
    if (Number.isInteger(iface) && iface >= 0 && iface < this.#interfaces) return;
    throw new RangeError(
      `Cannot write for interface ${iface}: ${this.#interfaces} have been described`,
    );
  }
}
