/**
 * Packets that wait for a link, first in, first out, within bounds.
 *
 * @module
 */

/** A packet in the queue. */
export interface QueuedPacket {
  packet: Uint8Array;
  /** Which one it is, counted from 0 as they are offered to the link. */
  readonly id: number;
  /** When it joined the queue. */
  readonly sinceNs: number;
}

/** How much may wait; what leaves the queue for the wire does not count. */
export interface QueueLimit {
  readonly packets: number;
  readonly bytes: number;
}

/** Slots of the array that are let go at once. */
const COMPACT = 1024;

/** A bounded queue of packets. */
export class PacketQueue {
  /** Bytes in it. */
  bytes = 0;
  readonly #limit: QueueLimit;
  #items: QueuedPacket[] = [];
  #head = 0;

  constructor(limit: QueueLimit) {
    this.#limit = limit;
  }

  /** Packets in it. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The one that leaves next; `null` when it is empty. */
  get first(): QueuedPacket | null {
    return this.#items[this.#head] ?? null;
  }

  /** Whether a packet of `length` bytes may join. */
  hasRoom(length: number): boolean {
    return this.length < this.#limit.packets && this.bytes + length <= this.#limit.bytes;
  }

  push(item: QueuedPacket): void {
    this.bytes += item.packet.length;
    this.#items.push(item);
  }

  /** Takes {@link first} out. */
  shift(): QueuedPacket | null {
    const item = this.first;
    if (item === null) return null;
    this.bytes -= item.packet.length;
    this.#head++;
    if (this.#head === this.#items.length || this.#head === COMPACT) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
