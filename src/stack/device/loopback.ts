/**
 * A device that hears itself at once.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { NO_PACKET } from "./packet-slab.ts";

/** Bytes of the longest packet: IPv4 cannot say more. */
const MTU = 65_535;

/** Places that are kept for the packets to come. */
const KEPT = 1024;

/** What is sent comes back, in order, at the same time. */
export class Loopback implements Device {
  readonly mtu: number;
  /** The packets that wait are those from {@link #head} to {@link #end}. */
  #packets: Uint8Array[] = [];
  #head = 0;
  #end = 0;

  constructor(mtu: number = MTU) {
    this.mtu = mtu;
  }

  send(packet: Uint8Array): void {
    this.#packets[this.#end++] = packet;
  }

  poll(): Uint8Array | null {
    if (this.#head === this.#end) return null;
    const packet = this.#packets[this.#head]!;
    this.#packets[this.#head++] = NO_PACKET;
    if (this.#head === this.#end) this.#begin();
    return packet;
  }

  /** All are taken: the places are used again. */
  #begin(): void {
    this.#head = 0;
    this.#end = 0;
    if (this.#packets.length > KEPT) this.#packets = [];
  }

  pollAt(): number {
    return this.#head === this.#end ? Infinity : -Infinity;
  }
}
