/**
 * A cable: what one end sends has come at the other at once, all of it and in order.
 *
 * ```ts
 * const cable = new Cable(1500);
 * const server = new Host({ addresses: ["10.0.0.2"], device: cable.b, profile: linux });
 * const client = new Host({ addresses: ["10.0.0.1"], device: cable.a, profile: linux });
 * ```
 *
 * It hands each packet over once and keeps none, so that hosts use their memory again: the quickest way between two of them.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { Loopback } from "./loopback.ts";
import { PacketPool } from "./packet-pool.ts";

/** Bytes of the longest packet: IPv4 cannot say more. */
const MTU = 65_535;

/** Two devices that hear each other. */
export class Cable {
  readonly a: Device;
  readonly b: Device;

  constructor(mtu: number = MTU) {
    const [toA, toB] = [new Loopback(mtu), new Loopback(mtu)];
    const pool = new PacketPool(mtu);
    this.a = new CableEnd(toB, toA, pool);
    this.b = new CableEnd(toA, toB, pool);
  }
}

class CableEnd implements Device {
  readonly mtu: number;
  readonly #pool: PacketPool;
  readonly #out: Loopback;
  readonly #in: Loopback;

  constructor(out: Loopback, into: Loopback, pool: PacketPool) {
    this.mtu = out.mtu;
    this.#pool = pool;
    this.#out = out;
    this.#in = into;
  }

  /** Not a property of its own: a copy of the properties is another device, and does not have it. */
  get pool(): PacketPool {
    return this.#pool;
  }

  send(packet: Uint8Array): void {
    this.#out.send(packet);
  }

  poll(): Uint8Array | null {
    return this.#in.poll();
  }

  pollAt(): number {
    return this.#in.pollAt();
  }
}
