/**
 * CoDel (RFC 8289): drops from the head of a queue in which packets have
 * waited longer than a target for a whole interval. The names are those of
 * the pseudocode of section 5; the comments name its routines.
 *
 * @module
 */
import type { PacketQueue, QueuedPacket } from "./packet-queue.ts";

/** What CoDel may be told. */
export interface CodelOptions {
  /** TARGET: the wait that is fine; 5 ms unless told (RFC 8289 §4.3). */
  readonly targetNs?: number | undefined;
  /** INTERVAL: how long the wait may be longer, about a round trip; 100 ms unless told (RFC 8289 §4.2). */
  readonly intervalNs?: number | undefined;
}

const TARGET_NS = 5e6;
const INTERVAL_NS = 100e6;

/** `maxpacket_` before any packet was seen (RFC 8289 §5.3). */
const FIRST_MAX_PACKET = 512;

/** Drops whose count is kept when dropping begins anew this many intervals later (RFC 8289 §5.5). */
const MEMORY_INTERVALS = 16;

/** What CoDel does with a packet instead of sending it on; true: it is dropped, false: it stays (a mark). */
export type Signal = (item: QueuedPacket, nowNs: number) => boolean;

/** The state of one queue (RFC 8289 §5.2). */
export class Codel {
  readonly #targetNs: number;
  readonly #intervalNs: number;
  readonly #queue: PacketQueue;
  readonly #signal: Signal;
  /** When the wait will have been above target for an interval; 0: it is below. */
  #firstAboveNs = 0;
  #dropNextNs = 0;
  /** Signals since dropping began. */
  #count = 0;
  #lastCount = 0;
  #isDropping = false;
  #maxPacket = FIRST_MAX_PACKET;
  #okToDrop = false;

  constructor(queue: PacketQueue, options: CodelOptions, signal: Signal) {
    this.#queue = queue;
    this.#targetNs = options.targetNs ?? TARGET_NS;
    this.#intervalNs = options.intervalNs ?? INTERVAL_NS;
    this.#signal = signal;
  }

  /** `deque()` (RFC 8289 §5.5): the packet to send at `nowNs`; `null` when none is left. */
  dequeue(nowNs: number): QueuedPacket | null {
    const item = this.#dodequeue(nowNs);
    if (this.#isDropping) return this.#goOn(item, nowNs);
    return this.#okToDrop && item !== null ? this.#begin(item, nowNs) : item;
  }

  /** In the drop state: as many drops as are due. */
  #goOn(first: QueuedPacket | null, nowNs: number): QueuedPacket | null {
    let item = first;
    if (!this.#okToDrop) this.#isDropping = false;
    while (this.#isDropping && nowNs >= this.#dropNextNs && item !== null) {
      this.#count++;
      const dropNextNs = this.#controlLaw(this.#dropNextNs, this.#count);
      if (!this.#signal(item, nowNs)) {
        this.#dropNextNs = dropNextNs;
        return item;
      }
      item = this.#dodequeue(nowNs);
      if (this.#okToDrop) this.#dropNextNs = dropNextNs;
      else this.#isDropping = false;
    }
    return item;
  }

  /** Enters the drop state; soon after the last one, at about the rate that it ended with. */
  #begin(item: QueuedPacket, nowNs: number): QueuedPacket | null {
    const isDropped = this.#signal(item, nowNs);
    const next = isDropped ? this.#dodequeue(nowNs) : item;
    this.#isDropping = true;
    const delta = this.#count - this.#lastCount;
    const isSoon = nowNs - this.#dropNextNs < MEMORY_INTERVALS * this.#intervalNs;
    this.#count = delta > 1 && isSoon ? delta : 1;
    this.#dropNextNs = this.#controlLaw(nowNs, this.#count);
    this.#lastCount = this.#count;
    return next;
  }

  /** `dodequeue()`: takes a packet and says whether the wait has been too long for an interval. */
  #dodequeue(nowNs: number): QueuedPacket | null {
    const item = this.#queue.shift();
    this.#okToDrop = false;
    if (item === null) {
      this.#firstAboveNs = 0;
      return null;
    }
    this.#maxPacket = Math.max(this.#maxPacket, item.packet.length);
    if (nowNs - item.sinceNs < this.#targetNs || this.#queue.bytes <= this.#maxPacket) {
      this.#firstAboveNs = 0;
    } else if (this.#firstAboveNs === 0) {
      this.#firstAboveNs = nowNs + this.#intervalNs;
    } else {
      this.#okToDrop = nowNs >= this.#firstAboveNs;
    }
    return item;
  }

  /** The next drop comes sooner with each one, so that throughput falls linearly (RFC 8289 §5.6). */
  #controlLaw(fromNs: number, count: number): number {
    return fromNs + this.#intervalNs / Math.sqrt(count);
  }
}
