/**
 * What is due when: a binary heap in which each item knows its place, so that
 * its time can be set anew in a logarithm of steps. 10,000 connections whose
 * timers move with every packet need no look at all of them.
 *
 * @module
 */

/** Something with a time. The heap alone writes these. */
export interface Due {
  /** When; `Infinity`: never. */
  dueNs: number;
  /** Among equal times who was set first comes first. */
  dueSerial: number;
  /** Where in the heap; -1: not in it. */
  dueIndex: number;
}

/** Items in the order of their times. */
export class DueHeap<T extends Due> {
  readonly #heap: T[] = [];
  #serial = 0;

  /** Items that have a time. */
  get size(): number {
    return this.#heap.length;
  }

  /** When the first is due; `Infinity`: none. */
  get firstNs(): number {
    return this.#heap[0]?.dueNs ?? Infinity;
  }

  /** Sets when `item` is due; `Infinity` takes it out. */
  set(item: T, dueNs: number): void {
    if (dueNs === Infinity) {
      this.delete(item);
      return;
    }
    const before = item.dueNs;
    if (dueNs === before) return;
    item.dueNs = dueNs;
    item.dueSerial = this.#serial++;
    if (item.dueIndex < 0) {
      this.#heap.push(item);
      this.#rise(item, this.#heap.length - 1);
    } else if (dueNs < before) this.#rise(item, item.dueIndex);
    else this.#sink(item, item.dueIndex);
  }

  delete(item: T): void {
    const index = item.dueIndex;
    item.dueNs = Infinity;
    if (index < 0) return;
    item.dueIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#rise(last, index);
    this.#sink(last, last.dueIndex);
  }

  /** Takes out the first item that is due by `nowNs`; `null`: none is. */
  take(nowNs: number): T | null {
    const first = this.#heap[0];
    if (first === undefined || first.dueNs > nowNs) return null;
    this.delete(first);
    return first;
  }

  #rise(item: T, from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = this.#heap[parent]!;
      if (!isBefore(item, above)) break;
      this.#put(above, i);
      i = parent;
    }
    this.#put(item, i);
  }

  #sink(item: T, from: number): void {
    const heap = this.#heap;
    let i = from;
    for (let child = 2 * i + 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, item)) break;
      this.#put(heap[child]!, i);
      i = child;
    }
    this.#put(item, i);
  }

  #put(item: T, index: number): void {
    this.#heap[index] = item;
    item.dueIndex = index;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.dueNs < b.dueNs || (a.dueNs === b.dueNs && a.dueSerial < b.dueSerial);
}
