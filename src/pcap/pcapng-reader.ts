/**
 * Reads pcapng: sections of either byte order, one after the other; the blocks
 * that hold packets, interfaces, statistics and our events. Every other block
 * is passed over without being held, counted, and given a frame number where
 * Wireshark gives it one.
 *
 * @module
 */
import { beginsFile } from "./detect.ts";
import { MAX_EVENTS_BLOCK_LEN, parseEventBody } from "./event-block.ts";
import type { FileParser } from "./feed.ts";
import type { Handover } from "./handover.ts";
import { OptionCursor } from "./options.ts";
import { Interfaces } from "./pcapng-interfaces.ts";
import { ENHANCED_OVERHEAD, PacketBlocks, SIMPLE_OVERHEAD } from "./pcapng-packets.ts";
import { SectionReader } from "./pcapng-section.ts";
import { BlockType, LOCAL_USE, MAX_BLOCK_LEN, MIN_BLOCK_LEN } from "./pcapng.ts";

/** Blocks passed over, by kind. */
export interface SkippedBlocks {
  /** Frames in Wireshark's list: custom blocks, the systemd journal, sysdig events. */
  numbered: number;
  nameResolution: number;
  /** Keys to decrypt with; never kept nor shown. */
  secrets: number;
  /** Types for local use that are not our events. */
  local: number;
  unknown: number;
}

/** A block whose body is being passed over. */
interface Passing {
  readonly offset: number;
  readonly len: number;
}

/** Shortest sensible length of each block that is looked at. */
const MIN_LEN: ReadonlyMap<number, number> = new Map([
  [BlockType.SECTION, 28],
  [BlockType.INTERFACE, 20],
  [BlockType.STATISTICS, 24],
  [BlockType.ENHANCED_PACKET, ENHANCED_OVERHEAD],
  [BlockType.OLD_PACKET, ENHANCED_OVERHEAD],
  [BlockType.SIMPLE_PACKET, SIMPLE_OVERHEAD],
]);

/** Parser of a whole pcapng file. */
export class PcapngReader implements FileParser {
  need: number = MIN_BLOCK_LEN;
  isOver = false;
  readonly section: SectionReader;
  readonly skipped: SkippedBlocks;
  readonly #out: Handover;
  readonly #interfaces: Interfaces;
  readonly #packets: PacketBlocks;
  #passing: Passing | null = null;

  /** `skipped` counts on over the files that were joined. */
  constructor(out: Handover, maxPacketLen: number, skipped: SkippedBlocks) {
    const options = new OptionCursor();
    this.skipped = skipped;
    this.#out = out;
    this.#interfaces = new Interfaces(out, options);
    this.#packets = new PacketBlocks(out, this.#interfaces, options, maxPacketLen);
    this.section = new SectionReader(out, options);
  }

  parse(view: DataView, from: number, end: number, base: number): number {
    const { section } = this;
    let at = from;
    while (!this.#out.done) {
      if (this.#passing !== null) {
        if (!this.#has(4, at, end)) return at;
        at = this.#endPassing(view, at, this.#passing);
        continue;
      }
      if (!this.#has(MIN_BLOCK_LEN, at, end)) return at;
      const type = view.getUint32(at, section.littleEndian);
      if (type === BlockType.SECTION && !section.setOrder(view, at, base)) break;
      const le = section.littleEndian;
      const len = view.getUint32(at + 4, le);
      // The usual block goes ahead of the looking up: 30 ns a packet.
      const usual = type === BlockType.ENHANCED_PACKET && len % 4 === 0 && len >= ENHANCED_OVERHEAD;
      if (usual && len <= end - at && view.getUint32(at + len - 4, le) === len) {
        this.#packets.enhanced(view, at, len, le, base);
        at += len;
        continue;
      }
      if (!MIN_LEN.has(type) && beginsFile(view, at)) {
        this.#endFile(base + at);
        return at;
      }
      if (!this.#isLength(type, len, base + at)) break;
      if (this.#passOver(type, len)) {
        this.#passing = { offset: base + at, len };
        at += len - 4;
        this.need = 4;
        if (at > end) return at;
        continue;
      }
      if (!this.#has(len, at, end)) return at;
      if (view.getUint32(at + len - 4, le) !== len) {
        this.#failTrailer(base + at, len, view.getUint32(at + len - 4, le));
        break;
      }
      this.#block(type, view, at, len, base);
      at += len;
    }
    return end;
  }

  end(offset: number, have: number): void {
    const passing = this.#passing;
    if (passing !== null) {
      const there = offset - passing.offset;
      this.#out.fail(
        passing.offset,
        `file is cut short: ${there} of a block's ${passing.len} bytes are there`,
      );
    } else if (have > 0) {
      const what =
        this.section.count === 0 ? "truncated header: got" : "file is cut short in a block:";
      this.#out.fail(offset - have, `${what} ${have} of ${this.need} bytes`);
    } else {
      this.section.end(offset);
    }
  }

  /** Another file begins at file offset `offset`. */
  #endFile(offset: number): void {
    this.isOver = true;
    this.section.end(offset);
    this.finish();
  }

  /** After the last byte, or the last that could be read. */
  finish(): void {
    this.#interfaces.endSection();
  }

  #has(need: number, at: number, end: number): boolean {
    this.need = need;
    return end - at >= need;
  }

  #isLength(type: number, len: number, offset: number): boolean {
    const least = MIN_LEN.get(type) ?? MIN_BLOCK_LEN;
    if (len % 4 !== 0) this.#out.fail(offset, `block length ${len} is not a multiple of 4`);
    else if (len < least) this.#out.fail(offset, `block length ${len} is less than ${least}`);
    else if (len > MAX_BLOCK_LEN && MIN_LEN.has(type)) {
      this.#out.fail(offset, `block claims ${len} bytes, the limit is ${MAX_BLOCK_LEN}`);
    }
    return !this.#out.done;
  }

  /** Whether nothing in the block is for us; then it has been counted. */
  #passOver(type: number, len: number): boolean {
    if (MIN_LEN.has(type)) return false;
    if (type === BlockType.EVENTS && len <= MAX_EVENTS_BLOCK_LEN) return false;
    if (isNumbered(type)) {
      this.skipped.numbered++;
      this.#out.frame++;
    } else if (type === BlockType.NAME_RESOLUTION) this.skipped.nameResolution++;
    else if (type === BlockType.SECRETS) this.skipped.secrets++;
    else if (type >= LOCAL_USE) this.skipped.local++;
    else this.skipped.unknown++;
    return true;
  }

  #endPassing(view: DataView, at: number, { offset, len }: Passing): number {
    const trailer = view.getUint32(at, this.section.littleEndian);
    if (trailer !== len) this.#failTrailer(offset, len, trailer);
    this.#passing = null;
    return at + 4;
  }

  #failTrailer(offset: number, len: number, trailer: number): void {
    this.#out.fail(offset, `block begins with length ${len} and ends with length ${trailer}`);
  }

  #block(type: number, view: DataView, at: number, len: number, base: number): void {
    const le = this.section.littleEndian;
    const end = at + len - 4;
    if (type === BlockType.ENHANCED_PACKET) this.#packets.enhanced(view, at, len, le, base);
    else if (type === BlockType.SIMPLE_PACKET) this.#packets.simple(view, at, len, le, base);
    else if (type === BlockType.OLD_PACKET) this.#packets.obsolete(view, at, len, le, base);
    else if (type === BlockType.INTERFACE) {
      this.#interfaces.describe(view, at + 8, end, le, base + at);
    } else if (type === BlockType.STATISTICS) {
      this.#interfaces.statistics(view, at + 8, end, le, base + at);
    } else if (type === BlockType.SECTION) {
      this.section.end(base + at);
      this.#interfaces.endSection();
      this.section.begin(view, at + 8, end, base + at);
      if (this.section.count > 1) this.#out.warnJoined(base + at, "pcapng section");
    } else this.#events(view, at + 8, end, base + at);
  }

  #events(view: DataView, at: number, end: number, offset: number): void {
    const out = this.#out;
    const block = parseEventBody(view, at, end, this.section.littleEndian);
    switch (block.is) {
      case "foreign":
        this.skipped.local++;
        return;
      case "later":
        out.warn("later-events", offset, `events of a later version (${block.version}) left out`);
        return;
      case "damaged":
        out.warn("bad-events", offset, block.why);
        return;
      case "events":
        if (block.unknown > 0) {
          out.warn(
            "later-events",
            offset,
            `${block.unknown} events of a kind not known here left out`,
          );
        }
        if (block.wrong > 0) {
          out.warn("bad-events", offset, `${block.wrong} events with wrong fields left out`);
        }
        if (block.events.length > 0) out.sink.onEvents?.(block.events);
    }
  }
}

/** Block types besides packets that take a frame number in Wireshark 4.0 (tried with every type below 0x240). */
function isNumbered(type: number): boolean {
  return (
    type === BlockType.CUSTOM ||
    type === BlockType.CUSTOM_NO_COPY ||
    type === BlockType.JOURNAL ||
    type === BlockType.SYSDIG ||
    type === BlockType.SYSDIG_V2 ||
    type === BlockType.SYSDIG_V2_LARGE
  );
}
