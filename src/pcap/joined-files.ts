/**
 * Captures that follow each other in one stream of bytes, as `cat a.pcap
 * b.pcap` makes them: where the header of another file stands instead of a
 * record, a parser of its format goes on. Formats may be mixed; frames are
 * numbered on, each file has interfaces of its own.
 *
 * (tshark 4.0 and tcpdump take the second header of a pcap file for a record
 * and stop behind it; sections of pcapng they read on, as its format says.)
 *
 * @module
 */
import { ClassicReader } from "./classic-reader.ts";
import { detect } from "./detect.ts";
import type { FileParser, RecordParser } from "./feed.ts";
import { NO_COMMENTS, type Handover } from "./handover.ts";
import { HeaderFirst, type FlatHeader } from "./header-first.ts";
import { PcapngReader, type SkippedBlocks } from "./pcapng-reader.ts";
import type { SectionReader } from "./pcapng-section.ts";
import { SnoopReader } from "./snoop-reader.ts";

/** Formats that are read. */
export type CaptureFormat = "pcap" | "pcapng" | "snoop";

/** Parser of all the files, one after the other. */
export class JoinedFiles implements RecordParser {
  /** Of the file being read. */
  format: CaptureFormat;
  /** Blocks of pcapng files that were passed over. */
  readonly skipped: SkippedBlocks = {
    numbered: 0,
    nameResolution: 0,
    secrets: 0,
    local: 0,
    unknown: 0,
  };
  readonly #out: Handover;
  readonly #maxPacketLen: number;
  #parser: FileParser;
  #flat: HeaderFirst | null = null;
  #pcapng: PcapngReader | null = null;

  constructor(format: CaptureFormat, out: Handover, maxPacketLen: number) {
    this.format = format;
    this.#out = out;
    this.#maxPacketLen = maxPacketLen;
    this.#parser = this.#parserOf(format);
  }

  get need(): number {
    return this.#parser.need;
  }

  /** Of a pcap or snoop file; `null` before it has been read. */
  get header(): FlatHeader | null {
    return this.#flat?.format.header ?? null;
  }

  /** Of a pcapng file. */
  get section(): SectionReader | null {
    return this.#pcapng?.section ?? null;
  }

  parse(view: DataView, from: number, end: number, base: number): number {
    let at = this.#parser.parse(view, from, end, base);
    while (this.#parser.isOver) {
      this.#goOn(view, at, base);
      at = this.#parser.parse(view, at, end, base);
    }
    return at;
  }

  end(offset: number, have: number): void {
    this.#parser.end(offset, have);
  }

  /** After the last byte, or the last that could be read. */
  finish(): void {
    this.#pcapng?.finish();
  }

  /** The file that begins at `at`; what belonged to packets of pcapng alone is forgotten. */
  #goOn(view: DataView, at: number, base: number): void {
    const { packet } = this.#out;
    packet.flags = 0;
    packet.gsoSize = 0;
    packet.comments = NO_COMMENTS;
    const found = detect(new Uint8Array(view.buffer, view.byteOffset + at, 4));
    this.format = found === "pcapng" || found === "snoop" ? found : "pcap";
    this.#out.warnJoined(base + at, `${this.format} file`);
    this.#parser = this.#parserOf(this.format);
  }

  #parserOf(format: CaptureFormat): FileParser {
    const out = this.#out;
    this.#flat = this.#pcapng = null;
    if (format === "pcapng") {
      return (this.#pcapng = new PcapngReader(out, this.#maxPacketLen, this.skipped));
    }
    const Reader = format === "snoop" ? SnoopReader : ClassicReader;
    return (this.#flat = new HeaderFirst(new Reader(out, this.#maxPacketLen), out));
  }
}
