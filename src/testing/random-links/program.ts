/**
 * A program that may do to its connection what programs do: send, close one
 * way or both, stop reading, leave bytes unread, give up.
 *
 * @module
 */
import type { Socket, SocketUser } from "../../stack/host/socket.ts";
import type { Simulation } from "../../stack/simulation.ts";
import type { TcpErrorCode, TcpEvent } from "../../stack/types.ts";
import { expectPattern, pattern } from "../pattern.ts";

const CHUNK = 65_536;

/** What a program does. */
export interface Plan {
  /** Bytes that it sends. */
  readonly length: number;
  /**
   * `half`: closes its side after the last byte, and reads to the end; `close`: is done with both ways then,
   * whatever still comes; `abort`: resets the connection at {@link atMs}; `leave`: stops reading, and closes at
   * {@link atMs}, with bytes unread if any came.
   */
  readonly ends: "half" | "close" | "abort" | "leave";
  /** When it gives up, from the handshake on. */
  readonly atMs: number;
  /** It does not read for so long after each `every` bytes; `null`: it always reads. */
  readonly pause: { readonly every: number; readonly ms: number } | null;
}

/** Sends stream `seed`, reads stream `peerSeed` and checks every byte. */
export class Program implements SocketUser {
  /** How it ended, in the order told: once, if all is well. `well`: without an error. */
  readonly ends: (TcpErrorCode | "well")[] = [];
  received = 0;
  /** The connection, once there is one. */
  socket: Socket | null = null;
  #sent = 0;
  #isFinished = false;
  #isEnd = false;
  #isPaused = false;
  #untilPause: number;
  readonly #sim: Simulation;
  readonly #plan: Plan;
  readonly #stream: Uint8Array;
  readonly #peerSeed: number;
  readonly #buffer = new Uint8Array(CHUNK);

  constructor(sim: Simulation, plan: Plan, seed: number, peerSeed: number) {
    this.#sim = sim;
    this.#plan = plan;
    this.#stream = pattern(seed, plan.length);
    this.#peerSeed = peerSeed;
    this.#untilPause = plan.pause?.every ?? Infinity;
  }

  onEvent(event: TcpEvent, socket: Socket, nowNs: number): void {
    this.socket = socket;
    if (event.type === "closed") {
      this.ends.push(event.error ?? "well");
      this.#isPaused = false;
    }
    if (event.type === "connected") this.#plant(socket);
    this.#read(socket, nowNs);
    if (event.type === "connected" || event.type === "writable") this.#write(socket, nowNs);
  }

  /** Sets when it gives up. */
  #plant(socket: Socket): void {
    const { ends, atMs } = this.#plan;
    if (ends === "abort") this.#sim.after(atMs, () => socket.abort(this.#sim.nowNs));
    if (ends === "leave") this.#sim.after(atMs, () => socket.close(this.#sim.nowNs));
  }

  #write(socket: Socket, nowNs: number): void {
    const { length, ends } = this.#plan;
    if (this.#sent < length) {
      const n = socket.send(this.#stream.subarray(this.#sent), nowNs);
      this.#sent += n;
      if (this.#sent < length) return;
    }
    if (this.#isFinished) return;
    this.#isFinished = true;
    if (ends === "half") socket.closeWrite(nowNs);
    else if (ends === "close") socket.close(nowNs);
  }

  #read(socket: Socket, nowNs: number): void {
    if (this.#plan.ends === "leave") return;
    while (!this.#isEnd && !this.#isPaused) {
      const n = socket.receive(this.#buffer.subarray(0, Math.min(CHUNK, this.#untilPause)), nowNs);
      if (n === null) this.#isEnd = true;
      if (n === null || n === 0) return;
      expectPattern(this.#buffer.subarray(0, n), this.#peerSeed, this.received);
      this.received += n;
      this.#untilPause -= n;
      if (this.#untilPause === 0) this.#rest(socket);
    }
  }

  #rest(socket: Socket): void {
    const { every, ms } = this.#plan.pause ?? { every: Infinity, ms: 0 };
    this.#untilPause = every;
    if (this.ends.length > 0) return;
    this.#isPaused = true;
    this.#sim.after(ms, () => {
      this.#isPaused = false;
      this.#read(socket, this.#sim.nowNs);
    });
  }
}
