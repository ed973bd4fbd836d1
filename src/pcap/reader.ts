/**
 * Reads a capture of any supported kind from chunks of any size.
 *
 * ```ts ignore
 * const reader = new CaptureReader({ onPacket: (p) => count(p.capLen) });
 * for (const chunk of chunks) reader.push(chunk);
 * reader.end();
 * ```
 *
 * The reader knows no files and waits for nothing. Memory is bounded by the
 * longest record, whatever the file's length; time is linear. Nothing is
 * thrown for what the bytes say: damage reaches {@link CaptureSink.onWarning},
 * and everything before it has been handed over.
 *
 * @module
 */
import { ClassicReader } from "./classic-reader.ts";
import { MAX_PACKET_LEN } from "./classic.ts";
import { DETECT_LEN, describeOther, detect } from "./detect.ts";
import { Feed } from "./feed.ts";
import { Gunzip } from "./gunzip.ts";
import { Handover } from "./handover.ts";
import { PcapngReader, type SkippedBlocks } from "./pcapng-reader.ts";
import type { CaptureSink } from "./sink.ts";

/** Bounds for input that is not trusted. */
export interface CaptureReaderOptions {
  /** Longest packet believed, in bytes; 262,144 as in libpcap and Wireshark when left out. */
  readonly maxPacketLen?: number;
  /** Bytes that compressed input may become; no bound when left out. */
  readonly maxInflatedLen?: number;
}

/** What the file's header said. */
export interface CaptureFileInfo {
  readonly format: "pcap" | "pcapng";
  readonly compression: "gzip" | null;
  /** `major.minor`; of pcapng, the last section's. */
  readonly version: string;
  /** Of pcapng, the last section's. */
  readonly littleEndian: boolean;
  /** Classic pcap: whether times are in nanoseconds (else micro-); pcapng says it for each interface. */
  readonly nanoseconds: boolean | null;
  /** Classic pcap with Kuznetzov's 24-byte record headers. */
  readonly modified: boolean;
  /** Bytes of the frame check sequence at the end of each packet; `null`: not stated. */
  readonly fcsLen: number | null;
}

/** Bytes of something else that a message shows. */
const SHOWN_LEN = 16;

const NONE_SKIPPED: Readonly<SkippedBlocks> = {
  numbered: 0,
  nameResolution: 0,
  secrets: 0,
  local: 0,
  unknown: 0,
};

/** Takes a capture file's bytes in order and hands over what they hold. */
export class CaptureReader {
  readonly #out: Handover;
  readonly #maxPacketLen: number;
  readonly #maxInflatedLen: number;
  /** The first bytes, until they tell what the file is. */
  #first: Uint8Array = new Uint8Array(0);
  #gunzip: Gunzip | null = null;
  #feed: Feed | null = null;
  #classic: ClassicReader | null = null;
  #pcapng: PcapngReader | null = null;
  #ended = false;

  constructor(sink: CaptureSink, options: CaptureReaderOptions = {}) {
    this.#out = new Handover(sink);
    this.#maxPacketLen = options.maxPacketLen ?? MAX_PACKET_LEN;
    this.#maxInflatedLen = options.maxInflatedLen ?? Infinity;
  }

  /** Nothing more will be read: what comes next may as well stay where it is. */
  get done(): boolean {
    return this.#out.done || this.#ended;
  }

  /** `null` until the first four bytes have told. */
  get format(): "pcap" | "pcapng" | null {
    if (this.#classic !== null) return "pcap";
    return this.#pcapng === null ? null : "pcapng";
  }

  /** Frames so far, as Wireshark numbers them: packets, and the few other blocks that it lists. */
  get frames(): number {
    return this.#out.frame;
  }

  /** Blocks of a pcapng file that were passed over. */
  get skipped(): Readonly<SkippedBlocks> {
    return this.#pcapng?.skipped ?? NONE_SKIPPED;
  }

  /** `null` until the header has been read. */
  get info(): CaptureFileInfo | null {
    const compression = this.#gunzip === null ? null : "gzip";
    const header = this.#classic?.header ?? null;
    if (header !== null) return { format: "pcap", compression, ...header };
    const section = this.#pcapng?.section;
    if (section === undefined || section.count === 0) return null;
    const { version, littleEndian } = section;
    const classic = { nanoseconds: null, modified: false, fcsLen: null };
    return { format: "pcapng", compression, version, littleEndian, ...classic };
  }

  /** Takes the next bytes; they are not kept, so the caller may reuse the memory. */
  push(chunk: Uint8Array): void {
    if (this.done || chunk.length === 0) return;
    if (this.#gunzip !== null) this.#gunzip.push(chunk);
    else if (this.#feed !== null) this.#feed.push(chunk);
    else this.#begin(chunk);
  }

  /** There are no more bytes. What is incomplete now is said to be cut short. */
  end(): void {
    if (this.#ended) return;
    this.#gunzip?.end();
    if (this.#feed !== null) this.#feed.end();
    else if (!this.#out.done) this.#failUntold();
    this.#pcapng?.finish();
    this.#ended = true;
    this.#out.finish();
  }

  #begin(chunk: Uint8Array): void {
    let first = chunk;
    if (this.#first.length > 0) {
      first = new Uint8Array(this.#first.length + chunk.length);
      first.set(this.#first);
      first.set(chunk, this.#first.length);
    }
    if (first.length < SHOWN_LEN && this.#isUntold(first)) this.#first = new Uint8Array(first);
    else this.#start(first);
  }

  /** Whether it is no capture so far: what it is will be told with its first bytes. */
  #isUntold(first: Uint8Array): boolean {
    const detected = detect(first);
    return detected === "other" || (detected === "gzip" && this.#gunzip !== null);
  }

  #start(first: Uint8Array): void {
    this.#first = new Uint8Array(0);
    const detected = detect(first);
    switch (detected) {
      case "gzip":
        if (this.#gunzip !== null) break;
        this.#gunzip = new Gunzip(
          (bytes) => this.#inflated(bytes),
          this.#out,
          this.#maxInflatedLen,
        );
        this.#gunzip.push(first);
        return;
      case "pcap":
        this.#classic = new ClassicReader(this.#out, this.#maxPacketLen);
        this.#feed = new Feed(this.#classic, this.#out);
        this.#feed.push(first);
        return;
      case "pcapng":
        this.#pcapng = new PcapngReader(this.#out, this.#maxPacketLen);
        this.#feed = new Feed(this.#pcapng, this.#out);
        this.#feed.push(first);
        return;
      case "other":
    }
    this.#out.fail(0, describeOther(first.subarray(0, SHOWN_LEN)));
  }

  #inflated(bytes: Uint8Array): void {
    if (this.#feed === null) this.#begin(bytes);
    else this.#feed.push(bytes);
  }

  /** The input ended before it told what it is. */
  #failUntold(): void {
    const { length } = this.#first;
    if (length >= DETECT_LEN) this.#start(this.#first);
    else if (length === 0)
      this.#out.fail(0, this.#gunzip === null ? "empty file" : "empty compressed file");
    else this.#out.fail(0, `truncated header: got ${length} of 24 bytes`);
  }
}
