/**
 * One of several captures that are merged: read a slice at a time, its
 * interfaces, connections and frames numbered among those of the others.
 *
 * @module
 */
import type { RecordedEvent } from "./event.ts";
import type { ReusedPacket } from "./handover.ts";
import { PacketBatch, type Note } from "./packet-batch.ts";
import { CaptureReader, type CaptureReaderOptions } from "./reader.ts";
import type { CaptureSink, CaptureWarning } from "./sink.ts";

/** What the inputs count together. */
export interface MergeCounts {
  readonly inputs: number;
  /** Frames handed over so far. */
  frames: number;
  interfaces: number;
  /** Bytes of memory that one input's batch should take, about. */
  readonly batchLen: number;
}

const FIRST_SLICE = 64;
const MAX_SLICE = 256 * 1024;
/** 512 bytes of Zstandard may become 16 MB. */
const MAX_COMPRESSED_SLICE = 512;

/** See the module. */
export class MergeInput {
  readonly reader: CaptureReader;
  /** The packet that is this input's next; `null` when more bytes are needed, or there is none. */
  head: ReusedPacket | null = null;
  /** There is nothing more to come. */
  isOver = false;
  readonly #index: number;
  readonly #sink: CaptureSink;
  readonly #counts: MergeCounts;
  readonly #batch = new PacketBatch();
  #sliceLen = FIRST_SLICE;
  /** In this input's own numbers: the last frame that was a head, and the first interface kept in {@link #ifaces}. */
  #frame = 0;
  #firstIface = 0;
  /** Warnings of the packet that is the head: it has no merged number yet. */
  #about: CaptureWarning[] = [];
  /** The merged numbers of the interfaces of the section at hand. */
  #ifaces: number[] = [];

  constructor(
    index: number,
    sink: CaptureSink,
    counts: MergeCounts,
    options: CaptureReaderOptions,
  ) {
    this.#index = index;
    this.#sink = sink;
    this.#counts = counts;
    this.reader = new CaptureReader(this.#batch, options);
  }

  /** Takes some of the bytes at hand, when there is no {@link head}; returns how many. */
  push(chunk: Uint8Array): number {
    const isCompressed = this.reader.compression !== null;
    const max = isCompressed ? MAX_COMPRESSED_SLICE : MAX_SLICE;
    const len = Math.min(chunk.length, this.#sliceLen, max);
    this.#batch.clear();
    this.reader.push(chunk.subarray(0, len));
    const { batchLen } = this.#counts;
    const { weight } = this.#batch;
    if (weight > batchLen) this.#sliceLen = Math.max(FIRST_SLICE, this.#sliceLen >> 1);
    else if (2 * weight < batchLen) this.#sliceLen = Math.min(max, 2 * this.#sliceLen);
    if (this.reader.done) this.end();
    else this.#begin();
    return len;
  }

  /** There are no more bytes. */
  end(): void {
    if (!this.reader.done) this.#batch.clear();
    this.reader.end();
    this.isOver = true;
    this.#begin();
  }

  /** Hands the head over, and makes the next packet the head. */
  shift(packet: ReusedPacket): void {
    packet.frame = ++this.#counts.frames;
    for (const warning of this.#about) this.#warn(warning);
    if (this.#about.length > 0) this.#about = [];
    this.#sink.onPacket(packet);
    this.#advance();
  }

  #begin(): void {
    this.#batch.seal();
    this.#advance();
  }

  /** What comes before the next packet is handed over at once. */
  #advance(): void {
    for (let note; (note = this.#batch.takeNote()) !== null;) this.#handOver(note);
    const packet = (this.head = this.#batch.takePacket());
    // Frames that are no packets have numbers all the same.
    const frame = packet?.frame ?? (this.isOver ? this.reader.frames + 1 : this.#frame + 1);
    this.#counts.frames += frame - this.#frame - 1;
    this.#frame = packet === null ? frame - 1 : frame;
    if (packet !== null) packet.iface = this.#ifaceOf(packet.iface);
  }

  #ifaceOf(own: number): number {
    return this.#ifaces[own - this.#firstIface] ?? 0;
  }

  #handOver(note: Note): void {
    const sink = this.#sink;
    const counts = this.#counts;
    switch (note.is) {
      case "section":
        this.#firstIface += this.#ifaces.length;
        this.#ifaces = [];
        return sink.onSection?.(note.section);
      case "interface":
        // Counted whether anybody listens or not.
        this.#ifaces.push(counts.interfaces++);
        return sink.onInterface?.(note.iface, counts.interfaces - 1);
      case "events":
        return sink.onEvents?.(note.events.map((event) => this.#renumber(event)));
      case "stats":
        return sink.onStats?.({ ...note.stats, iface: this.#ifaceOf(note.stats.iface) });
      case "warning":
        if (note.warning.frame > this.#frame) this.#about.push(note.warning);
        else this.#warn(note.warning);
    }
  }

  #warn(warning: CaptureWarning): void {
    this.#sink.onWarning?.({ ...warning, frame: this.#counts.frames, input: this.#index });
  }

  /** Calls of different inputs get different numbers; those of one keep their order. */
  #renumber(event: RecordedEvent): RecordedEvent {
    if (event.kind !== "call") return event;
    const { inputs } = this.#counts;
    const conn = event.conn === null ? null : event.conn * inputs + this.#index;
    return { ...event, id: event.id * inputs + this.#index, conn };
  }
}
