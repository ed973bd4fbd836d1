/**
 * A {@link Listener} for backends to put connections into.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { formatAddress } from "./address.ts";
import type { Caller, Calls } from "./calls.ts";
import { NetError } from "./errors.ts";
import { Side, type Life } from "./side.ts";
import type { CallOptions, Conn, Listener, TcpAddr } from "./types.ts";

/** Connections that may wait to be accepted, unless told: what Node and Go's kernels have had for long. */
export const DEFAULT_BACKLOG = 511;

/** A connection that the layer below has made and the program has not accepted. */
export interface Arrival {
  open(): Conn;
  /** The listener closed before anybody accepted it. */
  discard(): void;
}

/** What a {@link QueueListener} is made of. */
export interface QueueListenerInit {
  readonly addr: TcpAddr;
  readonly calls: Calls;
  readonly clock: Clock;
  readonly backlog?: number | undefined;
  /** The listener closed: nothing may come any more. */
  onClose(): void;
  /** A full queue has room again. */
  onRoom?(): void;
}

/** Connections queue for accepts, or accepts for connections. */
export class QueueListener implements Listener {
  readonly addr: TcpAddr;
  readonly #init: QueueListenerInit;
  readonly #caller: Caller;
  readonly #life: Life;
  readonly #side: Side<Conn>;
  readonly #arrivals: Arrival[] = [];

  constructor(init: QueueListenerInit) {
    this.addr = init.addr;
    this.#init = init;
    const local = formatAddress(init.addr);
    this.#caller = { role: "server", id: null, local, remote: null };
    const { calls, clock } = init;
    this.#life = { caller: this.#caller, calls, clock, isClosed: false, failure: null };
    this.#side = new Side("accept", this.#life);
  }

  /** Whether {@link offer} has room. */
  get hasRoom(): boolean {
    return this.#arrivals.length < (this.#init.backlog ?? DEFAULT_BACKLOG);
  }

  /** A connection came. When nobody waits for it and the queue is full, it is discarded. */
  offer(arrival: Arrival): void {
    const first = this.#side.waiting.first;
    if (this.#life.isClosed || (first === null && !this.hasRoom)) {
      arrival.discard();
    } else if (first === null) {
      this.#arrivals.push(arrival);
    } else {
      this.#side.waiting.leave(first);
      const conn = arrival.open();
      this.#init.calls.made(first.call, conn);
      first.resolve(conn);
    }
  }

  accept({ signal }: CallOptions = {}): Promise<Conn> {
    const call = this.#init.calls.begin("accept", this.#caller);
    const refusal = this.#side.refusal(signal);
    if (refusal !== null) return this.#side.refuse(call, refusal);
    const arrival = this.#arrivals.shift();
    if (arrival === undefined) return this.#side.wait({ bytes: NONE, before: 0, call, signal });
    const conn = arrival.open();
    this.#init.calls.made(call, conn);
    this.#init.onRoom?.();
    return Promise.resolve(conn);
  }

  close(): void {
    if (this.#life.isClosed) return;
    this.#life.isClosed = true;
    const call = this.#init.calls.begin("close", this.#caller);
    this.#init.onClose();
    for (const arrival of this.#arrivals.splice(0)) arrival.discard();
    this.#side.failAll("closed");
    this.#init.calls.done(call, null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Conn, void, undefined> {
    try {
      for (;;) yield await this.accept();
    } catch (error) {
      if (!(error instanceof NetError && error.code === "closed" && this.#life.isClosed)) {
        throw error;
      }
    } finally {
      this.close();
    }
  }
}

/** An accept has no bytes. */
const NONE = new Uint8Array(0);
