/**
 * Programs for hosts in a simulation: one that sends a stream, one that reads
 * it, with every byte checked.
 *
 * @module
 */
import type { Socket, SocketUser } from "../stack/host/socket.ts";
import type { TcpEvent } from "../stack/types.ts";
import { expectPattern, pattern } from "./pattern.ts";

const CHUNK = 65_536;

/** Sends `length` bytes of stream `seed`, then closes its side; reads stream `peerSeed` to its end. */
export class TransferUser implements SocketUser {
  /** Events that came, in their order, readable and writable left out. */
  readonly events: string[] = [];
  received = 0;
  sent = 0;
  /** When the peer's stream ended. */
  endNs: number | null = null;
  readonly #seed: number;
  readonly #length: number;
  readonly #peerSeed: number;
  readonly #buffer = new Uint8Array(CHUNK);
  #isFinished = false;

  constructor(seed: number, length: number, peerSeed: number) {
    this.#seed = seed;
    this.#length = length;
    this.#peerSeed = peerSeed;
  }

  onEvent(event: TcpEvent, socket: Socket, nowNs: number): void {
    if (event.type === "closed") this.events.push(`closed ${event.error ?? "well"}`);
    else if (event.type !== "readable" && event.type !== "writable") this.events.push(event.type);
    this.#read(socket, nowNs);
    if (event.type === "connected" || event.type === "writable") this.#write(socket, nowNs);
  }

  #write(socket: Socket, nowNs: number): void {
    while (this.sent < this.#length) {
      const chunk = pattern(this.#seed, Math.min(CHUNK, this.#length - this.sent), this.sent);
      const n = socket.send(chunk, nowNs);
      this.sent += n;
      if (n < chunk.length) return;
    }
    if (this.#isFinished) return;
    this.#isFinished = true;
    socket.closeWrite(nowNs);
  }

  #read(socket: Socket, nowNs: number): void {
    if (this.endNs !== null) return;
    for (;;) {
      const n = socket.receive(this.#buffer, nowNs);
      if (n === null) this.endNs = nowNs;
      if (n === null || n === 0) return;
      expectPattern(this.#buffer.subarray(0, n), this.#peerSeed, this.received);
      this.received += n;
    }
  }
}
