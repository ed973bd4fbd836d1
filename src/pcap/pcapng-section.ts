/**
 * Section headers of a pcapng file (§4.1): byte order, version, length.
 *
 * @module
 */
import type { Handover } from "./handover.ts";
import type { OptionCursor } from "./options.ts";
import { BYTE_ORDER_MAGIC, Option } from "./pcapng.ts";

const NO_LENGTH = -1n;

/** The section being read. */
export class SectionReader {
  littleEndian = true;
  /** Sections begun so far. */
  count = 0;
  /** `major.minor` of the last section. */
  version = "";
  readonly #out: Handover;
  readonly #options: OptionCursor;
  /** Bytes that the section is said to have after its header block; -1: not said. */
  #claimed = NO_LENGTH;
  #bodyAt = 0;

  constructor(out: Handover, options: OptionCursor) {
    this.#out = out;
    this.#options = options;
  }

  /** Takes the byte order from the section header block at `at`; false when it has none. */
  setOrder(view: DataView, at: number, base: number): boolean {
    const magic = view.getUint32(at + 8, false);
    this.littleEndian = magic !== BYTE_ORDER_MAGIC;
    if (view.getUint32(at + 8, this.littleEndian) === BYTE_ORDER_MAGIC) return true;
    const shown = magic.toString(16).padStart(8, "0");
    this.#out.fail(base + at + 8, `section header has byte-order magic ${shown}`);
    return false;
  }

  /** Reads the body of a section header block at `[at, end)`, 16 bytes at least. */
  begin(view: DataView, at: number, end: number, offset: number): void {
    const le = this.littleEndian;
    const major = view.getUint16(at + 4, le);
    const minor = view.getUint16(at + 6, le);
    this.version = `${major}.${minor}`;
    if (major !== 1) {
      this.#out.fail(offset + 12, `pcapng version ${this.version} is not supported, only 1.x`);
      return;
    }
    this.count++;
    this.#claimed = view.getBigInt64(at + 8, le);
    this.#bodyAt = offset + end - at + 12;
    if (this.#claimed < NO_LENGTH) {
      const message = `section claims a length of ${this.#claimed} bytes`;
      this.#out.warn("bad-section-length", offset, message);
      this.#claimed = NO_LENGTH;
    }
    this.#describe(view, at + 16, end, offset);
  }

  /** The section ends before file offset `offset`. */
  end(offset: number): void {
    const claimed = this.#claimed;
    if (this.count === 0 || claimed === NO_LENGTH || claimed === BigInt(offset - this.#bodyAt)) {
      return;
    }
    const message = `section claims ${claimed} bytes and has ${offset - this.#bodyAt}`;
    this.#out.warn("bad-section-length", this.#bodyAt, message);
  }

  #describe(view: DataView, at: number, end: number, offset: number): void {
    const options = this.#options;
    const text: Record<"hardware" | "os" | "application", string | null> = {
      hardware: null,
      os: null,
      application: null,
    };
    const comments: string[] = [];
    options.open(view, at, end, this.littleEndian);
    while (options.next()) {
      if (options.code === Option.COMMENT) comments.push(options.text());
      else if (options.code === Option.SECTION_HARDWARE) text.hardware = options.name();
      else if (options.code === Option.SECTION_OS) text.os = options.name();
      else if (options.code === Option.SECTION_APPLICATION) text.application = options.name();
    }
    if (options.fault !== null) this.#out.warn("bad-option", offset, options.fault);
    const { littleEndian } = this;
    this.#out.sink.onSection?.({ littleEndian, ...text, comments });
  }
}
