/**
 * The plug between a host and its link: pulled, nothing passes any more.
 *
 * @module
 */
import type { Device } from "../stack/device/device.ts";
import type { Driven } from "../stack/simulation.ts";

/** A device that can be taken away from its host, as by a loss of power. */
export class Plug implements Device {
  readonly mtu: number;
  /** Whether the host still hears and is heard. */
  isIn = true;
  readonly #device: Device;

  constructor(device: Device) {
    this.mtu = device.mtu;
    this.#device = device;
  }

  send(packet: Uint8Array, nowNs: number): void {
    if (this.isIn) this.#device.send(packet, nowNs);
  }

  poll(nowNs: number): Uint8Array | null {
    return this.isIn ? this.#device.poll(nowNs) : null;
  }

  pollAt(): number {
    return this.isIn ? this.#device.pollAt() : Infinity;
  }
}

/** In place of a machine without power: what comes to it is lost. */
export class Void implements Driven {
  /** Until another machine takes its place. */
  isThere = true;
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  poll(nowNs: number): void {
    while (this.#device.poll(nowNs) !== null);
  }

  pollAt(): number {
    return this.isThere ? this.#device.pollAt() : Infinity;
  }
}
