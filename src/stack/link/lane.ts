/**
 * One direction of a link: packets wait for the wire, take their time on it,
 * and meet what the options have for them.
 *
 * ```
 *   send ──▶ too big? ──▶ queue (drop-tail, CoDel) ──▶ wire at its rate ──▶ lost? corrupted? twice?
 *                                                                                  │
 *   poll ◀───────────────── arrival, in the order of time ◀── delay, jitter, held up?
 * ```
 *
 * Everything happens at its own time, however seldom `poll` is called: two
 * runs with the same seed and the same packets are the same to the byte. Each
 * kind of chance has a stream of random numbers of its own, so that adding
 * jitter changes no loss.
 *
 * @module
 */
import { Prng } from "../../base/prng.ts";
import { withCe } from "../ip/ecn.ts";
import { Arrivals } from "./arrivals.ts";
import { Codel } from "./codel.ts";
import { checkLaneOptions, type LaneOptions } from "./lane-options.ts";
import { newLinkCounters, type LinkCounters, type LinkDrop, type LinkProbe } from "./link-event.ts";
import { Loss } from "./loss.ts";
import { PacketQueue, type QueuedPacket } from "./packet-queue.ts";

const DEFAULT_QUEUE_PACKETS = 1000;

/** Streams of random numbers, in the room that a lane has for them. */
const Stream = { LOSS: 0, JITTER: 1, REORDER: 2, DUPLICATE: 3, CORRUPT: 4, ROOM: 8 } as const;

/** One direction of a link; a sans-I/O pipe of packets. */
export class Lane {
  /** Bytes of the longest IP packet. */
  readonly mtu: number;
  readonly counters: LinkCounters = newLinkCounters();
  readonly #options: LaneOptions;
  readonly #probe: LinkProbe | null;
  readonly #nsPerByte: number;
  readonly #queue: PacketQueue;
  readonly #codel: Codel | null;
  readonly #arrivals = new Arrivals();
  readonly #loss: Loss | null;
  readonly #jitter: Prng;
  readonly #reorder: Prng;
  readonly #duplicate: Prng;
  readonly #corrupt: Prng;
  /** When the wire has taken the last bit of what it is sending. */
  #freeNs = -Infinity;
  /** When the last packet arrives that keeps its turn. */
  #lastArrivalNs = -Infinity;
  #serial = 0;

  /**
   * `number` tells the lanes of one seed apart.
   *
   * @throws {RangeError} when an option cannot be.
   */
  constructor(options: LaneOptions, seed: number, number: number = 0) {
    checkLaneOptions(options);
    const { bitsPerSecond = Infinity, mtu = Infinity, queue = {}, loss } = options;
    const stream = (purpose: number): Prng => new Prng(seed, number * Stream.ROOM + purpose);
    this.#options = options;
    this.mtu = mtu;
    this.#probe = options.probe ?? null;
    this.#nsPerByte = 8e9 / bitsPerSecond;
    const { bytes = Infinity } = queue;
    const packets = queue.packets ?? (queue.bytes === undefined ? DEFAULT_QUEUE_PACKETS : Infinity);
    this.#queue = new PacketQueue({ packets, bytes });
    const signal = (item: QueuedPacket, atNs: number): boolean => this.#onCodel(item, atNs);
    this.#codel = queue.codel === undefined ? null : new Codel(this.#queue, queue.codel, signal);
    this.#loss = loss === undefined ? null : new Loss(loss, stream(Stream.LOSS));
    this.#jitter = stream(Stream.JITTER);
    this.#reorder = stream(Stream.REORDER);
    this.#duplicate = stream(Stream.DUPLICATE);
    this.#corrupt = stream(Stream.CORRUPT);
  }

  /** Packets that wait for the wire or are on it. */
  get underWay(): number {
    return this.#queue.length + this.#arrivals.length;
  }

  /** Takes a packet; `null`, or why it was dropped at once. */
  send(packet: Uint8Array, nowNs: number): LinkDrop | null {
    this.#advance(nowNs);
    const item = { packet, id: this.counters.offered++, sinceNs: nowNs };
    if (packet.length > this.mtu) return this.#drop(item, "too-big", nowNs);
    const isWireFree = this.#queue.length === 0 && this.#freeNs <= nowNs;
    if (!isWireFree && !this.#queue.hasRoom(packet.length))
      return this.#drop(item, "queue-full", nowNs);
    this.#queue.push(item);
    const { length: packets, bytes } = this.#queue;
    this.#probe?.({ name: "queued", id: item.id, atNs: nowNs, packet, packets, bytes });
    this.#advance(nowNs);
    return null;
  }

  /** The next packet that has arrived by `nowNs`, or `null`. */
  poll(nowNs: number): Uint8Array | null {
    this.#advance(nowNs);
    const { first } = this.#arrivals;
    if (first === null || first.atNs > nowNs) return null;
    this.#arrivals.shift();
    const { id, packet, atNs } = first;
    this.counters.arrived++;
    this.counters.bytes += packet.length;
    this.#probe?.({ name: "arrived", id, atNs, packet });
    return packet;
  }

  /** When {@link poll} is worth a call: a packet arrives, or the wire takes the next one. `Infinity`: never. */
  pollAt(): number {
    const { first } = this.#arrivals;
    const arrivesNs = first === null ? Infinity : first.atNs;
    const queued = this.#queue.first;
    if (queued === null) return arrivesNs;
    return Math.min(arrivesNs, Math.ceil(Math.max(this.#freeNs, queued.sinceNs)));
  }

  /** Puts on the wire what it can have taken by `nowNs`, each packet at its own time. */
  #advance(nowNs: number): void {
    for (let queued = this.#queue.first; queued !== null; queued = this.#queue.first) {
      const atNs = Math.max(this.#freeNs, queued.sinceNs);
      if (atNs > nowNs) return;
      const item = this.#codel === null ? this.#queue.shift() : this.#codel.dequeue(atNs);
      if (item !== null) this.#transmit(item, atNs);
    }
  }

  #transmit(item: QueuedPacket, atNs: number): void {
    const { id, packet, sinceNs } = item;
    this.#probe?.({ name: "sending", id, atNs, packet, waitedNs: atNs - sinceNs });
    const endNs = atNs + packet.length * this.#nsPerByte;
    this.#freeNs = endNs;
    if (this.#loss?.takes() === true) {
      this.#drop(item, "loss", endNs);
      return;
    }
    const whole = this.#isHit(this.#corrupt, this.#options.corrupt)
      ? this.#turnBit(item, endNs)
      : packet;
    this.#arrive(whole, id, endNs);
    if (!this.#isHit(this.#duplicate, this.#options.duplicate)) return;
    this.counters.duplicated++;
    this.#probe?.({ name: "duplicated", id, atNs: endNs, packet: whole });
    this.#arrive(whole, id, endNs);
  }

  /** Sets when the packet arrives; whole nanoseconds, so that a recording can say them. */
  #arrive(packet: Uint8Array, id: number, sentNs: number): void {
    const { delayNs = 0, jitterNs = 0, reorder } = this.#options;
    const jitter = jitterNs === 0 ? 0 : this.#jitter.unit() * jitterNs;
    const turnNs = Math.max(Math.ceil(sentNs + delayNs + jitter), this.#lastArrivalNs);
    const serial = this.#serial++;
    if (reorder !== undefined && this.#isHit(this.#reorder, reorder.p)) {
      this.counters.held++;
      this.#probe?.({ name: "held", id, atNs: sentNs, packet });
      this.#arrivals.push({ packet, id, atNs: turnNs + reorder.byNs, serial });
      return;
    }
    this.#lastArrivalNs = turnNs;
    this.#arrivals.push({ packet, id, atNs: turnNs, serial });
  }

  #isHit(prng: Prng, p: number | undefined): boolean {
    return p !== undefined && p > 0 && prng.chance(p);
  }

  /** A copy with one bit turned over: the sender may still have the original. */
  #turnBit({ packet, id }: QueuedPacket, atNs: number): Uint8Array {
    const bit = this.#corrupt.below(packet.length * 8);
    const copy = packet.slice();
    copy[bit >>> 3]! ^= 0x80 >>> (bit & 7);
    this.counters.corrupted++;
    this.#probe?.({ name: "corrupted", id, atNs, packet: copy, bit });
    return copy;
  }

  /** CoDel wants the sender to know: by a mark, or by a drop; true when it was dropped. */
  #onCodel(item: QueuedPacket, atNs: number): boolean {
    const marked = this.#options.queue?.ecn === true ? withCe(item.packet) : null;
    if (marked === null) {
      this.#drop(item, "codel", atNs);
      return true;
    }
    item.packet = marked;
    this.counters.marked++;
    this.#probe?.({ name: "marked", id: item.id, atNs, packet: marked });
    return false;
  }

  #drop({ packet, id }: QueuedPacket, why: LinkDrop, atNs: number): LinkDrop {
    this.counters[COUNTER_OF[why]]++;
    this.#probe?.({ name: "dropped", id, atNs, packet, why });
    return why;
  }
}

const COUNTER_OF = {
  "too-big": "tooBig",
  "queue-full": "queueFull",
  codel: "codel",
  loss: "lost",
} as const satisfies Record<LinkDrop, keyof LinkCounters>;
