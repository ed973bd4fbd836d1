/**
 * A link between two devices: a {@link Lane} each way, from one seed.
 *
 * ```ts
 * const ms = 1e6;
 * const link = new Link({
 *   seed: 7,
 *   bitsPerSecond: 10e6,
 *   delayNs: 20 * ms,
 *   queue: { packets: 32 },
 *   loss: { name: "uniform", p: 0.02 },
 *   back: { bitsPerSecond: 1e6 }, // asymmetry: what differs on the way from b to a
 * });
 * link.a.send(packet, 0);
 * link.b.poll(link.b.pollAt());
 * ```
 *
 * @module
 */
import type { Device } from "../device/device.ts";
import { makeIcmpError } from "../ip/icmp-error.ts";
import { Lane } from "./lane.ts";
import type { LaneOptions } from "./lane-options.ts";

/** Both directions, and what differs on the way back. */
export interface LinkOptions extends LaneOptions {
  /** 1 unless told. */
  readonly seed?: number | undefined;
  /** Of the devices at its ends, in bytes; 1500 unless told. The lanes' own may be less, somewhere on the way. */
  readonly deviceMtu?: number | undefined;
  /**
   * Whether a packet that is too big for a lane is answered by an ICMP error, as if by the
   * router in front of it (RFC 1191, RFC 8201); true unless told, else it vanishes.
   */
  readonly tellsTooBig?: boolean | undefined;
  /** From b to a. */
  readonly back?: LaneOptions | undefined;
}

const DEVICE_MTU = 1500;

/** Two devices that hear of each other what the lanes let through. */
export class Link {
  readonly a: Device;
  readonly b: Device;
  /** From a to b. */
  readonly forth: Lane;
  /** From b to a. */
  readonly back: Lane;

  /** @throws {RangeError} when an option cannot be. */
  constructor(options: LinkOptions = {}) {
    const { seed = 1, deviceMtu = DEVICE_MTU, tellsTooBig = true } = options;
    this.forth = new Lane(options, seed, 0);
    this.back = new Lane({ ...options, ...options.back }, seed, 1);
    this.a = new LinkEnd(deviceMtu, this.forth, this.back, tellsTooBig);
    this.b = new LinkEnd(deviceMtu, this.back, this.forth, tellsTooBig);
  }
}

class LinkEnd implements Device {
  readonly mtu: number;
  readonly #out: Lane;
  readonly #in: Lane;
  readonly #tellsTooBig: boolean;

  constructor(mtu: number, out: Lane, inward: Lane, tellsTooBig: boolean) {
    this.mtu = mtu;
    this.#out = out;
    this.#in = inward;
    this.#tellsTooBig = tellsTooBig;
  }

  send(packet: Uint8Array, nowNs: number): void {
    const why = this.#out.send(packet, nowNs);
    if (why !== "too-big" || !this.#tellsTooBig) return;
    // The router has no address of its own here: it speaks for the end that the packet was for.
    const from = packet[0]! >>> 4 === 6 ? packet.subarray(24, 40) : packet.subarray(16, 20);
    const { mtu: word } = this.#out;
    const error = makeIcmpError(packet, { kind: "too-big", from, word, maxLen: this.#in.mtu });
    if (error !== null) this.#in.send(error, nowNs);
  }

  poll(nowNs: number): Uint8Array | null {
    return this.#in.poll(nowNs);
  }

  pollAt(): number {
    return this.#in.pollAt();
  }
}
