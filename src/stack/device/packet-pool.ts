/**
 * Memory of packets that is used again: on a device that hands each packet over once and keeps none, who
 * has read a packet gives it back, and the next one is written in its place.
 *
 * To have memory made and zeroed for every packet took a quarter of the time of a bulk transfer. See
 * `docs/decisions/0008-packets-that-are-given-back.md` for who may give back what.
 *
 * @module
 */
import { sum16 } from "../../wire/checksum.ts";
import { makeSummedMemory, PlainMemory, type SummedMemory } from "../../wire/summed-memory.ts";
import { PacketSlab } from "./packet-slab.ts";

/** Bytes of all places together, at most. */
const MEMORY = 1024 * 1024;

/** No place. */
const NOWHERE = -1;

const NO_MEMORY = new PlainMemory(0);

/** Places for packets, taken by who sends and given back by who has read. */
export class PacketPool {
  /** Where {@link take} left room, or {@link locate} found a packet: `view[at, at + length)`. */
  view: DataView = NO_MEMORY.view;
  at = 0;
  /** Bytes of a place. */
  readonly #size: number;
  /** All places; made when the first one is asked for. */
  #memory: SummedMemory = NO_MEMORY;
  /** By place: the packet that lies there, or lay there last. */
  readonly #packets: Uint8Array[] = [];
  /** By place: what {@link bytes} gave last, and where that begins. */
  readonly #parts: (Uint8Array | undefined)[] = [];
  readonly #partAt: number[] = [];
  /** By place: whether somebody has the packet. */
  readonly #isOut: boolean[] = [];
  /** By place: the one that was taken next. */
  readonly #after: number[] = [];
  /** What was given back, the last one first: it is still near the processor. */
  readonly #free: number[] = [];
  #lastTaken = 0;
  #lastFound = 0;
  /** For what finds no place. */
  readonly #slab = new PacketSlab();

  /** `longest`: bytes of the longest packet. */
  constructor(longest: number) {
    this.#size = (longest + 7) & ~7;
  }

  /** Room for `length` bytes, with anything in it: the packet to be, at {@link at} of {@link view}. */
  take(length: number): Uint8Array {
    const place = length > this.#size ? NOWHERE : (this.#free.pop() ?? this.#next());
    if (place === NOWHERE) return this.#takeNew(length);
    this.#after[this.#lastTaken] = place;
    this.#lastTaken = place;
    this.#isOut[place] = true;
    this.view = this.#memory.view;
    this.at = place * this.#size;
    const before = this.#packets[place]!;
    if (before.length === length) return before;
    return (this.#packets[place] = this.#memory.bytes.subarray(this.at, this.at + length));
  }

  /** Whether `packet` is what {@link take} gave and nobody has given back: then {@link view} and {@link at} say where it lies. */
  locate(packet: Uint8Array): boolean {
    const place = this.#find(packet);
    if (place === NOWHERE) return false;
    this.view = this.#memory.view;
    this.at = place * this.#size;
    return true;
  }

  /** Nobody reads `packet` any more. One that {@link take} did not give, or that was given back before, is left alone. */
  give(packet: Uint8Array): void {
    const place = this.#find(packet);
    if (place === NOWHERE) return;
    this.#isOut[place] = false;
    this.#free.push(place);
  }

  /** As `sum16` of `wire/checksum.ts`; quicker where `v` is {@link view} of a packet of the pool. */
  sum16(v: DataView, at: number, end: number, sum: number): number {
    return v === this.#memory.view ? this.#memory.sum16(at, end, sum) : sum16(v, at, end, sum);
  }

  /** As `PacketSlab.bytes`; the same array as last time if the same bytes of a place were asked for last. */
  bytes(v: DataView, at: number, end: number): Uint8Array {
    if (v !== this.#memory.view) return this.#slab.bytes(v, at, end);
    const place = Math.floor(at / this.#size);
    const before = this.#parts[place];
    if (before?.length === end - at && this.#partAt[place] === at) return before;
    this.#partAt[place] = at;
    return (this.#parts[place] = this.#memory.bytes.subarray(at, end));
  }

  /**
   * The place of `packet`, which somebody has, or {@link NOWHERE}. Packets mostly come in the order in which they were
   * taken; to ask an array for its `byteOffset` takes ten times as long as to look there first.
   */
  #find(packet: Uint8Array): number {
    const guess = this.#after[this.#lastFound] ?? 0;
    const place =
      this.#packets[guess] === packet ? guess : Math.floor(packet.byteOffset / this.#size);
    if (this.#packets[place] !== packet || this.#isOut[place] !== true) return NOWHERE;
    this.#lastFound = place;
    return place;
  }

  /** A place that was never taken, or {@link NOWHERE}. */
  #next(): number {
    if (this.#memory === NO_MEMORY)
      this.#memory = makeSummedMemory(Math.max(1, Math.floor(MEMORY / this.#size)) * this.#size);
    const { bytes } = this.#memory;
    const place = this.#packets.length;
    const at = place * this.#size;
    if (at === bytes.length) return NOWHERE;
    this.#packets.push(bytes.subarray(at, at + this.#size));
    this.#isOut.push(false);
    this.#after.push(0);
    this.#parts.push(undefined);
    this.#partAt.push(0);
    return place;
  }

  #takeNew(length: number): Uint8Array {
    const packet = this.#slab.take(length);
    this.view = this.#slab.view;
    this.at = this.#slab.at;
    return packet;
  }
}
