/**
 * What one reader handed over and nobody has taken yet: packets, their bytes,
 * and in its place between them whatever else there was.
 *
 * @module
 */
import { viewOf } from "../base/bytes.ts";
import type { RecordedEvent } from "./event.ts";
import { ReusedPacket } from "./handover.ts";
import type {
  CaptureInterface,
  CaptureSection,
  CaptureSink,
  CaptureStats,
  CaptureWarning,
  PacketRecord,
} from "./sink.ts";

/** What is no packet. */
export type Note =
  | { readonly is: "section"; readonly section: CaptureSection }
  | { readonly is: "interface"; readonly iface: CaptureInterface }
  | { readonly is: "events"; readonly events: readonly RecordedEvent[] }
  | { readonly is: "stats"; readonly stats: CaptureStats }
  | { readonly is: "warning"; readonly warning: CaptureWarning };

/** Bytes that a packet or a note takes in memory, about. */
const ITEM_LEN = 100;
/** What is kept for the next filling: more was an exception. */
const MAX_KEPT_PACKETS = 16_384;
const MAX_KEPT_BYTES = 1 << 20;

/** Filled by a reader, then emptied in the same order. */
export class PacketBatch implements CaptureSink {
  /** Objects of earlier fillings are used again: none is made once the largest has passed. */
  readonly #packets: ReusedPacket[] = [];
  #length = 0;
  #bytes = new Uint8Array(4096);
  #used = 0;
  #notes: { readonly before: number; readonly note: Note }[] = [];
  #nextPacket = 0;
  #nextNote = 0;

  /** Bytes that it takes in memory, about. */
  get weight(): number {
    return this.#used + ITEM_LEN * (this.#length + this.#notes.length);
  }

  onPacket(p: PacketRecord): void {
    const to = (this.#packets[this.#length++] ??= new ReusedPacket());
    to.frame = p.frame;
    to.iface = p.iface;
    to.linkType = p.linkType;
    to.sec = p.sec;
    to.nsec = p.nsec;
    to.at = this.#used;
    to.capLen = p.capLen;
    to.origLen = p.origLen;
    to.flags = p.flags;
    to.gsoSize = p.gsoSize;
    to.comments = p.comments;
    to.offset = p.offset;
    to.headLen = p.headLen;
    this.#keep(new Uint8Array(p.view.buffer, p.view.byteOffset + p.at, p.capLen));
  }

  onSection(section: CaptureSection): void {
    this.#note({ is: "section", section });
  }

  onInterface(iface: CaptureInterface): void {
    this.#note({ is: "interface", iface });
  }

  onEvents(events: readonly RecordedEvent[]): void {
    this.#note({ is: "events", events });
  }

  onStats(stats: CaptureStats): void {
    this.#note({ is: "stats", stats });
  }

  onWarning(warning: CaptureWarning): void {
    this.#note({ is: "warning", warning });
  }

  /** Nothing more will be taken in before {@link clear}: packets may be given. */
  seal(): void {
    const view = viewOf(this.#bytes);
    for (let i = 0; i < this.#length; i++) this.#packets[i]!.view = view;
  }

  /** The next note, when no packet comes before it; else `null`. */
  takeNote(): Note | null {
    const next = this.#notes[this.#nextNote];
    if (next === undefined || next.before > this.#nextPacket) return null;
    this.#nextNote++;
    return next.note;
  }

  /** The next packet, its own until {@link clear}; `null` behind the last. */
  takePacket(): ReusedPacket | null {
    return this.#nextPacket < this.#length ? this.#packets[this.#nextPacket++]! : null;
  }

  /** Forgets what was taken in. */
  clear(): void {
    this.#length = this.#used = this.#nextPacket = this.#nextNote = 0;
    this.#notes = [];
    if (this.#packets.length > MAX_KEPT_PACKETS) this.#packets.length = MAX_KEPT_PACKETS;
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = new Uint8Array(4096);
  }

  #note(note: Note): void {
    this.#notes.push({ before: this.#length, note });
  }

  #keep(bytes: Uint8Array): void {
    const end = this.#used + bytes.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#used);
    this.#used = end;
  }
}
