/**
 * A capture that is one file header and then records, as pcap and snoop are:
 * what both do alike while bytes arrive and when they end.
 *
 * @module
 */
import type { FileParser } from "./feed.ts";
import type { Handover } from "./handover.ts";

/** What a file header of such a format said. */
export interface FlatHeader {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
  readonly version: string;
  readonly modified: boolean;
  /** Bytes of the frame check sequence at the end of each packet; `null`: not stated. */
  readonly fcsLen: number | null;
}

/** A format of that kind. */
export interface FlatFormat {
  /** Bytes of the file header. */
  readonly fileHeaderLen: number;
  /** Bytes of a record header; right once the file header has been read. */
  readonly recordHeaderLen: number;
  /** Bytes of the record at hand, or of its header while that is not there. */
  readonly need: number;
  /** The bytes at hand are no record but the header of another file. */
  readonly isOver: boolean;
  /** `null` until it has been read. */
  readonly header: FlatHeader | null;
  /** Reads the file header at `at`, or fails. */
  readHeader(view: DataView, at: number, base: number): void;
  /** Takes the whole records in `[at, end)`; returns where the next begins. */
  records(view: DataView, at: number, end: number, base: number): number;
}

/** Parser of one file of such a format. */
export class HeaderFirst implements FileParser {
  readonly format: FlatFormat;
  readonly #out: Handover;

  constructor(format: FlatFormat, out: Handover) {
    this.format = format;
    this.#out = out;
  }

  get need(): number {
    return this.format.header === null ? this.format.fileHeaderLen : this.format.need;
  }

  get isOver(): boolean {
    return this.format.isOver;
  }

  parse(view: DataView, from: number, end: number, base: number): number {
    const { format } = this;
    let at = from;
    if (format.header === null) {
      if (end - at < format.fileHeaderLen) return at;
      format.readHeader(view, at, base);
      if (this.#out.done) return end;
      at += format.fileHeaderLen;
    }
    return format.records(view, at, end, base);
  }

  end(offset: number, have: number): void {
    const { header, fileHeaderLen, recordHeaderLen, need } = this.format;
    if (header === null) {
      this.#out.fail(offset - have, `truncated header: got ${have} of ${fileHeaderLen} bytes`);
    } else if (have > 0) {
      const part = have < recordHeaderLen ? "record header" : "record";
      const message = `file is cut short in a ${part}: ${have} of ${need} bytes are there`;
      this.#out.fail(offset - have, message);
    }
  }
}
