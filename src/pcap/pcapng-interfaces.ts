/**
 * Interfaces of a pcapng file: their description blocks (§4.2), their
 * statistics (§4.6), and what is lost on them.
 *
 * @module
 */
import type { Handover } from "./handover.ts";
import { InterfaceTable } from "./interface-table.ts";
import { OptionCursor } from "./options.ts";
import { Option } from "./pcapng.ts";
import type { CaptureInterface } from "./sink.ts";
import { TickClock, ticksPerSecond } from "./ticks.ts";

/** Microseconds, when `if_tsresol` is not there. */
const DEFAULT_RESOL = 6;

/** Interfaces of one section; more are no capture, and would fill memory from a few compressed bytes. */
const MAX_INTERFACES = 1_048_576;

/** Seconds that stand for "beyond all reckoning", on either side. */
const FAR = Number.MAX_SAFE_INTEGER;

/** The interfaces of the section being read. */
export class Interfaces {
  readonly table: InterfaceTable = new InterfaceTable();
  /** Index of the section's first interface among all of the file. */
  first = 0;
  /** Time of the packet at hand, in nanoseconds within {@link sec}. */
  nsec = 0;
  sec = 0;
  readonly #out: Handover;
  readonly #options: OptionCursor;
  readonly #clock = new TickClock();

  constructor(out: Handover, options: OptionCursor) {
    this.#out = out;
    this.#options = options;
    this.first = out.interfaces;
  }

  /** A new section begins, or the file ends: says what its packets lost, and forgets its interfaces. */
  endSection(): void {
    const { table } = this;
    for (let id = 0; id < table.length; id++) {
      const dropped = table.drops[id]!;
      if (dropped === 0 || table.stated[id] === 1) continue;
      this.#out.sink.onStats?.({ iface: this.first + id, received: null, dropped });
    }
    table.clear();
    this.first = this.#out.interfaces;
  }

  /** Reads the body of an interface description block at `[at, end)`, 8 bytes at least. */
  describe(view: DataView, at: number, end: number, le: boolean, offset: number): void {
    if (this.table.length === MAX_INTERFACES) {
      this.#out.fail(offset, `section describes more than ${MAX_INTERFACES} interfaces`);
      return;
    }
    const linkType = view.getUint16(at, le);
    const snapLen = view.getUint32(at + 4, le);
    const options = this.#options;
    const text = { name: null, description: null, filter: null, os: null } as Names;
    let resol = DEFAULT_RESOL;
    let tsOffset = 0;
    options.open(view, at + 8, end, le);
    while (options.next()) {
      if (options.code === Option.IF_TSRESOL && options.has(1)) resol = options.u8();
      else if (options.code === Option.IF_TSOFFSET && options.has(8)) tsOffset = options.i64();
      else readName(options, text);
    }
    this.#noteFault(offset);
    this.table.add(linkType, snapLen, resol, tsOffset);
    const perSecond = Number(ticksPerSecond(resol));
    const iface: CaptureInterface = { linkType, snapLen, ...text, ticksPerSecond: perSecond };
    this.#out.announce(iface);
  }

  /** Reads the body of an interface statistics block at `[at, end)`, 12 bytes at least. */
  statistics(view: DataView, at: number, end: number, le: boolean, offset: number): void {
    const id = view.getUint32(at, le);
    if (id >= this.table.length) {
      this.#out.warn("no-interface", offset, `statistics of interface ${id}, which does not exist`);
      return;
    }
    const options = this.#options;
    let all: number | null = null;
    let accepted: number | null = null;
    let dropped: number | null = null;
    options.open(view, at + 12, end, le);
    while (options.next()) {
      if (options.code < Option.ISB_IFRECV || options.code > Option.ISB_OSDROP) continue;
      if (!options.has(8)) continue;
      if (options.code === Option.ISB_IFRECV) all = options.u64();
      else if (options.code === Option.ISB_FILTERACCEPT) accepted = options.u64();
      else dropped = (dropped ?? 0) + options.u64();
    }
    this.#noteFault(offset);
    this.table.stated[id] = 1;
    this.setTime(id, view, at + 4, le, offset);
    const { sec, nsec } = this;
    const iface = this.first + id;
    this.#out.sink.onStats?.({ iface, received: accepted ?? all, dropped, sec, nsec });
  }

  /** Turns the two halves of a time stamp at `at` into {@link sec} and {@link nsec}. */
  setTime(id: number, view: DataView, at: number, le: boolean, offset: number): void {
    const clock = this.#clock;
    clock.read(this.table.resol[id]!, view, at, le);
    const sec = clock.sec + this.table.offset[id]!;
    this.nsec = clock.nsec;
    this.sec = sec;
    if (sec > FAR || sec < -FAR) {
      this.sec = sec > 0 ? FAR : -FAR;
      this.#out.warn("bad-time", offset, `time stamp ${sec} s since 1970 is out of range`);
    }
  }

  #noteFault(offset: number): void {
    const { fault } = this.#options;
    if (fault !== null) this.#out.warn("bad-option", offset, fault);
  }
}

type Names = Record<"name" | "description" | "filter" | "os", string | null>;

function readName(options: OptionCursor, into: Names): void {
  if (options.code === Option.IF_NAME) into.name = options.name();
  else if (options.code === Option.IF_DESCRIPTION) into.description = options.name();
  else if (options.code === Option.IF_OS) into.os = options.name();
  // The first byte tells the kind of filter; 0 is the text that libpcap takes.
  else if (options.code === Option.IF_FILTER && options.len > 0 && options.u8() === 0) {
    into.filter = options.name(1);
  }
}
