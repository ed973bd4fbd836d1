/**
 * Packets on the wire, in the order in which they arrive: a binary heap by
 * time, and by the order of their sending where times are equal. Most packets
 * arrive in order, and then nothing moves when one is added.
 *
 * @module
 */

/** A packet on the wire. */
export interface Arrival {
  readonly packet: Uint8Array;
  readonly id: number;
  readonly atNs: number;
  /** Counts the packets put on the wire. */
  readonly serial: number;
}

/** A queue ordered by {@link Arrival.atNs}. */
export class Arrivals {
  readonly #heap: Arrival[] = [];

  get length(): number {
    return this.#heap.length;
  }

  /** The next to arrive. */
  get first(): Arrival | null {
    return this.#heap[0] ?? null;
  }

  push(arrival: Arrival): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(arrival);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent]!;
      if (!isBefore(arrival, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = arrival;
  }

  /** Takes {@link first} out. */
  shift(): Arrival | null {
    const heap = this.#heap;
    const first = heap[0] ?? null;
    const last = heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  /** Puts `arrival` at the top and lets it sink to its place. */
  #sink(arrival: Arrival): void {
    const heap = this.#heap;
    const { length } = heap;
    let i = 0;
    for (let child = 1; child < length; child = 2 * i + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      const below = heap[child]!;
      if (!isBefore(below, arrival)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = arrival;
  }
}

function isBefore(a: Arrival, b: Arrival): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.serial < b.serial);
}
