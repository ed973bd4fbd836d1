/**
 * Connections by their flow: both addresses and both ports (RFC 9293 §3.4).
 *
 * The hash has a key, so that nobody outside can choose flows that all meet in
 * one bucket.
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import type { QuotedError } from "../ip/icmp-error.ts";

/** What a table finds its entries by. Both addresses have 4 bytes, or both 16. */
export interface Flow {
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  readonly localPort: number;
  readonly remotePort: number;
}

/** The flow as its other end has it. */
export function reverse({ local, remote, localPort, remotePort }: Flow): Flow {
  return { local: remote, remote: local, localPort: remotePort, remotePort: localPort };
}

/** The flow of the segment that we sent and that an error is about. */
export function flowOf({ src, dst, srcPort, dstPort }: QuotedError): Flow {
  return { local: src, remote: dst, localPort: srcPort, remotePort: dstPort };
}

/** Where a packet says its flow. */
export interface FlowPlace {
  readonly view: DataView;
  readonly localAt: number;
  readonly remoteAt: number;
  /** Bytes of an address. */
  readonly addressLen: number;
  readonly localPort: number;
  readonly remotePort: number;
}

/** A table of `T`, one per flow. */
export class FlowTable<T extends Flow> {
  /** Almost always one entry a bucket, and then no list of it. */
  readonly #buckets = new Map<number, T | T[]>();
  readonly #key: number;
  #size = 0;
  /** What was found last: packets of one flow come behind each other. */
  #last: T | null = null;

  /** `key`: 32 bits that nobody outside knows. */
  constructor(key: number) {
    this.#key = key | 0;
  }

  /** Entries in it. */
  get size(): number {
    return this.#size;
  }

  /** The entry of the packet's flow, or `null`. */
  at(place: FlowPlace): T | null {
    if (this.#last !== null && isOf(this.#last, place)) return this.#last;
    const found = this.#find(place);
    if (found !== null) this.#last = found;
    return found;
  }

  #find(place: FlowPlace): T | null {
    const bucket = this.#buckets.get(hashOf(place, this.#key));
    if (bucket === undefined) return null;
    if (!Array.isArray(bucket)) return isOf(bucket, place) ? bucket : null;
    for (const entry of bucket) if (isOf(entry, place)) return entry;
    return null;
  }

  /** The entry of the flow, or `null`. */
  get(flow: Flow): T | null {
    return this.at(placeOf(flow));
  }

  /** @throws {RangeError} when the flow has an entry. */
  add(entry: T): void {
    const place = placeOf(entry);
    if (this.at(place) !== null)
      throw new RangeError("Cannot add a connection: its flow is in use");
    const hash = hashOf(place, this.#key);
    const bucket = this.#buckets.get(hash);
    if (bucket === undefined) this.#buckets.set(hash, entry);
    else if (Array.isArray(bucket)) bucket.push(entry);
    else this.#buckets.set(hash, [bucket, entry]);
    this.#size++;
  }

  /** Takes the entry itself out, not another one of its flow. */
  delete(entry: T): void {
    if (this.#last === entry) this.#last = null;
    const hash = hashOf(placeOf(entry), this.#key);
    const bucket = this.#buckets.get(hash);
    if (bucket === entry) this.#buckets.delete(hash);
    else if (!Array.isArray(bucket) || !bucket.includes(entry)) return;
    else bucket.splice(bucket.indexOf(entry), 1);
    this.#size--;
  }

  /** All entries, in no order that means something. */
  values(): T[] {
    const all: T[] = [];
    for (const bucket of this.#buckets.values())
      if (Array.isArray(bucket)) all.push(...bucket);
      else all.push(bucket);
    return all;
  }
}

/** The two addresses one behind the other, as a packet has them. */
function placeOf({ local, remote, localPort, remotePort }: Flow): FlowPlace {
  const both = new Uint8Array(local.length + remote.length);
  both.set(local);
  both.set(remote, local.length);
  const addressLen = local.length;
  const view = viewOf(both);
  return { view, localAt: 0, remoteAt: addressLen, addressLen, localPort, remotePort };
}

function hashOf(place: FlowPlace, key: number): number {
  const { view, localAt, remoteAt, addressLen } = place;
  let hash = mix(key, (place.localPort << 16) | place.remotePort);
  for (let i = 0; i < addressLen; i += 4) {
    hash = mix(hash, view.getInt32(localAt + i));
    hash = mix(hash, view.getInt32(remoteAt + i));
  }
  return hash;
}

/** One round of MurmurHash3. */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e_2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b87_3593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe654_6b64) | 0;
}

function isOf(entry: Flow, place: FlowPlace): boolean {
  const { view, localAt, remoteAt } = place;
  if (entry.localPort !== place.localPort || entry.remotePort !== place.remotePort) return false;
  const { local, remote } = entry;
  if (local.length !== place.addressLen) return false;
  for (let i = 0; i < local.length; i++) {
    if (view.getUint8(localAt + i) !== local[i]) return false;
    if (view.getUint8(remoteAt + i) !== remote[i]) return false;
  }
  return true;
}
