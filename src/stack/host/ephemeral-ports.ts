/**
 * Ports for those who dial: the simple hash-based selection of RFC 6056
 * §3.3.3. To each remote end they follow one after the other, from a place
 * that nobody else can guess.
 *
 * @module
 */
import { flowHash } from "./flow-hash.ts";
import type { Flow } from "./flow-table.ts";

/** First and last of the dynamic ports (RFC 6335 §6). */
const FIRST = 49_152;
const LAST = 65_535;
const COUNT = LAST - FIRST + 1;

/** Gives out ports. */
export class EphemeralPorts {
  readonly #secret: Uint8Array;
  #next = 0;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** A port that `isFree`, for a flow whose `localPort` does not count; `null` when all are taken. */
  take(flow: Flow, isFree: (port: number) => boolean): number | null {
    const offset = flowHash(this.#secret, "port", { ...flow, localPort: 0 });
    for (let tried = 0; tried < COUNT; tried++) {
      const port = FIRST + ((offset + this.#next++) % COUNT);
      if (isFree(port)) return port;
    }
    return null;
  }
}

/** `what`: "listen on". @throws {RangeError} when `port` is none, or less than `min`. */
export function checkPort(what: string, port: number, min: number): void {
  if (!Number.isInteger(port) || port < min || port > 65_535)
    throw new RangeError(`Cannot ${what} port ${port}: it must be an integer from ${min} to 65535`);
}
