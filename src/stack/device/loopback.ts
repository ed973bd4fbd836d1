/**
 * A device that hears itself at once.
 *
 * @module
 */
import type { Device } from "./device.ts";

/** Bytes of the longest packet: IPv4 cannot say more. */
const MTU = 65_535;

/** What is sent comes back, in order, at the same time. */
export class Loopback implements Device {
  readonly mtu: number;
  #packets: Uint8Array[] = [];
  #head = 0;

  constructor(mtu: number = MTU) {
    this.mtu = mtu;
  }

  send(packet: Uint8Array): void {
    this.#packets.push(packet);
  }

  poll(): Uint8Array | null {
    const packet = this.#packets[this.#head];
    if (packet === undefined) return null;
    if (++this.#head === this.#packets.length) {
      this.#packets = [];
      this.#head = 0;
    }
    return packet;
  }

  pollAt(): number {
    return this.#packets.length === 0 ? Infinity : -Infinity;
  }
}
