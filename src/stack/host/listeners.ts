/**
 * The listeners of a host.
 *
 * @module
 */
import { isAnyAddress } from "../ip/ip-address.ts";
import type { HostListener } from "./host-listener.ts";

/** Listeners by port and address. */
export class Listeners {
  readonly #byPort = new Map<number, HostListener[]>();

  add(listener: HostListener): void {
    const others = this.#byPort.get(listener.port) ?? [];
    this.#byPort.set(listener.port, [...others, listener]);
  }

  delete(listener: HostListener): void {
    const left = (this.#byPort.get(listener.port) ?? []).filter((other) => other !== listener);
    if (left.length === 0) this.#byPort.delete(listener.port);
    else this.#byPort.set(listener.port, left);
  }

  /** Who hears what comes to `address`, one at most; `null`: nobody. */
  of(address: Uint8Array, port: number): HostListener | null {
    return this.#byPort.get(port)?.find((listener) => listener.hears(address, port)) ?? null;
  }

  /** Whether somebody hears what one on `address` would hear, or a part of it. */
  isTaken(address: Uint8Array, port: number): boolean {
    const onPort = this.#byPort.get(port) ?? [];
    if (!isAnyAddress(address)) return onPort.some((listener) => listener.hears(address, port));
    return onPort.some(
      (other) => address.length === 16 || other.address.length === 4 || isAnyAddress(other.address),
    );
  }
}
