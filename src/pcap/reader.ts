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
import { MAX_PACKET_LEN } from "./classic.ts";
import { DETECT_LEN, describeOther, detect, type Compression } from "./detect.ts";
import { Feed } from "./feed.ts";
import { Gunzip } from "./gunzip.ts";
import { Handover } from "./handover.ts";
import { JoinedFiles, type CaptureFormat } from "./joined-files.ts";
import type { SkippedBlocks } from "./pcapng-reader.ts";
import type { CaptureSink } from "./sink.ts";
import { Unlz4 } from "./unlz4.ts";
import { Unzstd } from "./unzstd.ts";

/** Bounds for input that is not trusted. */
export interface CaptureReaderOptions {
  /** Longest packet believed, in bytes; 262,144 as in libpcap and Wireshark when left out. */
  readonly maxPacketLen?: number;
  /** Bytes that compressed input may become; no bound when left out. */
  readonly maxInflatedLen?: number;
}

/** What the file's header said; where files were joined, the last one's. */
export interface CaptureFileInfo {
  readonly format: CaptureFormat;
  readonly compression: Compression | null;
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
  #compression: Compression | null = null;
  #inflater: Gunzip | Unzstd | Unlz4 | null = null;
  #feed: Feed | null = null;
  #files: JoinedFiles | null = null;
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

  /** Of the input as a whole; `null` without, and until the first bytes have told. */
  get compression(): Compression | null {
    return this.#compression;
  }

  /** `null` until the first four bytes have told. */
  get format(): CaptureFormat | null {
    return this.#files?.format ?? null;
  }

  /** Frames so far, as Wireshark numbers them: packets, and the few other blocks that it lists. */
  get frames(): number {
    return this.#out.frame;
  }

  /** Blocks of a pcapng file that were passed over. */
  get skipped(): Readonly<SkippedBlocks> {
    return this.#files?.skipped ?? NONE_SKIPPED;
  }

  /** `null` until the header has been read. */
  get info(): CaptureFileInfo | null {
    const compression = this.#compression;
    const files = this.#files;
    if (files === null) return null;
    const { format, header, section } = files;
    if (header !== null) return { format, compression, ...header };
    if (section === null || section.count === 0) return null;
    const { version, littleEndian } = section;
    const classic = { nanoseconds: null, modified: false, fcsLen: null };
    return { format: "pcapng", compression, version, littleEndian, ...classic };
  }

  /** Takes the next bytes; they are not kept, so the caller may reuse the memory. */
  push(chunk: Uint8Array): void {
    if (this.done || chunk.length === 0) return;
    if (this.#inflater !== null) this.#inflater.push(chunk);
    else if (this.#feed !== null) this.#feed.push(chunk);
    else this.#begin(chunk);
  }

  /** There are no more bytes. What is incomplete now is said to be cut short. */
  end(): void {
    if (this.#ended) return;
    this.#inflater?.end();
    if (this.#feed !== null) this.#feed.end();
    else if (!this.#out.done) this.#failUntold();
    this.#files?.finish();
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
    const isCompressed = detected === "gzip" || detected === "zstd" || detected === "lz4";
    return detected === "other" || (isCompressed && this.#inflater !== null);
  }

  #start(first: Uint8Array): void {
    this.#first = new Uint8Array(0);
    const detected = detect(first);
    switch (detected) {
      case "gzip":
      case "zstd":
      case "lz4":
        if (this.#inflater !== null) break;
        this.#compression = detected;
        this.#inflater = this.#inflaterOf(detected);
        this.#inflater.push(first);
        return;
      case "pcap":
      case "snoop":
      case "pcapng":
        this.#files = new JoinedFiles(detected, this.#out, this.#maxPacketLen);
        this.#feed = new Feed(this.#files, this.#out);
        this.#feed.push(first);
        return;
      case "other":
    }
    this.#out.fail(0, describeOther(first.subarray(0, SHOWN_LEN)));
  }

  #inflaterOf(compression: Compression): Gunzip | Unzstd | Unlz4 {
    const emit = (bytes: Uint8Array): void => this.#inflated(bytes);
    const max = this.#maxInflatedLen;
    if (compression === "zstd") return new Unzstd(emit, this.#out, max);
    return compression === "lz4"
      ? new Unlz4(emit, this.#out, max)
      : new Gunzip(emit, this.#out, max);
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
      this.#out.fail(0, this.#inflater === null ? "empty file" : "empty compressed file");
    else this.#out.fail(0, `truncated header: got ${length} of 24 bytes`);
  }
}
