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

const NO_MEMORY = new PlainMemory(0);

/** Places for packets, taken by who sends and given back by who has read. */
export class PacketPool {
  /** Where {@link take} left room: `view[at, at + length)`, with anything in it. */
  view: DataView = NO_MEMORY.view;
  at = 0;
  /** Bytes of a place. */
  readonly #size: number;
  /** All places; made when the first one is asked for. */
  #memory: SummedMemory = NO_MEMORY;
  /** By place: the packet that somebody has, or `null`. */
  readonly #out: (Uint8Array | null)[] = [];
  /** What was given back, the last one first: it is still near the processor. */
  readonly #free: Uint8Array[] = [];
  /** For what finds no place. */
  readonly #slab = new PacketSlab();

  /** `longest`: bytes of the longest packet. */
  constructor(longest: number) {
    this.#size = (longest + 7) & ~7;
  }

  /** Room for `length` bytes: the packet to be, at {@link at} of {@link view}. */
  take(length: number): Uint8Array {
    const free = length > this.#size ? null : (this.#free.pop() ?? this.#next());
    if (free === null) return this.#takeNew(length);
    const at = free.byteOffset;
    const packet = free.length === length ? free : this.#memory.bytes.subarray(at, at + length);
    this.#out[at / this.#size] = packet;
    this.view = this.#memory.view;
    this.at = at;
    return packet;
  }

  /** The view of all places, if `packet` is what {@link take} gave and nobody has given it back; or `null`. */
  viewOf(packet: Uint8Array): DataView | null {
    return this.#out[packet.byteOffset / this.#size] === packet ? this.#memory.view : null;
  }

  /** As `sum16` of `wire/checksum.ts`; quicker where `v` is {@link viewOf} a packet of the pool. */
  sum16(v: DataView, at: number, end: number, sum: number): number {
    return v === this.#memory.view ? this.#memory.sum16(at, end, sum) : sum16(v, at, end, sum);
  }

  /** Nobody reads `packet` any more. One that {@link take} did not give, or that was given back before, is left alone. */
  give(packet: Uint8Array): void {
    const place = packet.byteOffset / this.#size;
    if (this.#out[place] !== packet) return;
    this.#out[place] = null;
    this.#free.push(packet);
  }

  /** A place that was never taken, or `null`. */
  #next(): Uint8Array | null {
    if (this.#memory === NO_MEMORY)
      this.#memory = makeSummedMemory(Math.max(1, Math.floor(MEMORY / this.#size)) * this.#size);
    const { bytes } = this.#memory;
    const at = this.#out.length * this.#size;
    if (at === bytes.length) return null;
    this.#out.push(null);
    return bytes.subarray(at, at + this.#size);
  }

  #takeNew(length: number): Uint8Array {
    const packet = this.#slab.take(length);
    this.view = this.#slab.view;
    this.at = this.#slab.at;
    return packet;
  }
}
