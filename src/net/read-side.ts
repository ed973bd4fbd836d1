/**
 * The reading side of a connection.
 *
 * @module
 */
import type { Deadline } from "./deadline.ts";
import type { NetErrorCode } from "./errors.ts";
import { checkBytes, Side, type Life } from "./side.ts";
import { END, type Transport } from "./transport.ts";
import type { CallOptions } from "./types.ts";

/** Reads of one connection, in the order of their calls. */
export class ReadSide {
  /** The peer's FIN has been read. */
  isEnded = false;
  readonly #life: Life;
  readonly #transport: Transport;
  readonly #side: Side<number | null>;
  readonly #onEnded: () => void;

  constructor(life: Life, transport: Transport, onEnded: () => void) {
    this.#life = life;
    this.#transport = transport;
    this.#side = new Side("read", life);
    this.#onEnded = onEnded;
  }

  get deadline(): Deadline {
    return this.#side.deadline;
  }

  /** See {@link Conn.read}. Bytes that are there are the answer at once, into `p` without a stop between. */
  read(p: Uint8Array, options?: CallOptions): Promise<number | null> {
    const wrong = checkBytes("read", p);
    if (wrong !== null) return Promise.reject(wrong);
    const call = this.#life.calls.begin("read", this.#life.caller);
    const signal = options?.signal;
    const refusal = this.#side.refusal(signal);
    if (refusal !== null) return this.#side.refuse(call, refusal);
    if (p.length === 0 || this.#side.waiting.first === null) {
      const n = p.length === 0 ? 0 : this.#take(p);
      if (n !== 0 || p.length === 0) {
        const result = n === END ? null : n;
        this.#life.calls.done(call, result);
        return Promise.resolve(result);
      }
      const { failure } = this.#life;
      if (failure !== null) {
        return this.#side.refuse(call, this.#side.error(failure.code, failure.cause));
      }
    }
    return this.#side.wait({ bytes: p, before: 0, call, signal });
  }

  /** Bytes, the end or a failure came: serves those that wait. */
  serve(): void {
    const { waiting } = this.#side;
    for (let w = waiting.first; w !== null; w = waiting.first) {
      // Its buffer may have been transferred away meanwhile: it must not hold up the others.
      const n = w.bytes.length === 0 ? 0 : this.#take(w.bytes);
      if (n === 0 && w.bytes.length > 0) return;
      waiting.leave(w);
      const result = n === END ? null : n;
      this.#life.calls.done(w.call, result);
      w.resolve(result);
    }
  }

  failAll(code: NetErrorCode, cause?: unknown): void {
    this.#side.failAll(code, cause);
  }

  #take(p: Uint8Array): number {
    if (this.isEnded) return END;
    const n = this.#transport.take(p);
    if (n === END) {
      this.isEnded = true;
      this.#onEnded();
    }
    return n;
  }
}
