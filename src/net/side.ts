/**
 * One side of a connection, reading or writing, or of a listener, accepting:
 * which calls may go on, which wait, and how those that wait fail.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { CallOp } from "../pcap/event.ts";
import type { Call, Caller, Calls } from "./calls.ts";
import { Deadline } from "./deadline.ts";
import { NetError, type NetErrorCode } from "./errors.ts";
import { WaitingCalls, type Entry, type Waiting } from "./waiting.ts";

/** What the sides of one connection have in common. */
export interface Life {
  readonly caller: Caller;
  readonly calls: Calls;
  readonly clock: Clock;
  /** The program called `close`. */
  isClosed: boolean;
  /** How the way of bytes broke; `null`: it has not. */
  failure: { readonly code: NetErrorCode; readonly cause: unknown } | null;
}

/** Why `p` cannot be read into or written from; `null`: it can. JavaScript programs like to write strings. */
export function checkBytes(op: "read" | "write", p: Uint8Array): TypeError | null {
  if (ArrayBuffer.isView(p) && p.BYTES_PER_ELEMENT === 1) return null;
  const preposition = op === "read" ? "into" : "from";
  return new TypeError(`Cannot ${op} ${preposition} a ${typeof p}: it must be a Uint8Array`);
}

/** The calls of one kind: `op`. `R` is what they resolve to. */
export class Side<R> {
  readonly waiting: WaitingCalls<R>;
  readonly deadline: Deadline;
  readonly #op: CallOp;
  readonly #life: Life;
  readonly #onLeft: () => void;

  /** `onLeft`: calls have left unserved, by their signal or by the deadline. */
  constructor(op: CallOp, life: Life, onLeft: () => void = nothing) {
    this.#op = op;
    this.#life = life;
    this.#onLeft = onLeft;
    this.waiting = new WaitingCalls((waiting, reason) => {
      this.#fail(waiting, "aborted", reason);
      onLeft();
    });
    this.deadline = new Deadline(life.clock, {
      isWaiting: () => this.waiting.first !== null,
      onPast: () => this.#onPast(),
    });
  }

  /** Why a call may not begin; `null`: it may. Always in this order, on every backend. */
  refusal(signal: AbortSignal | undefined): NetError | null {
    if (this.#life.isClosed) return this.error("closed");
    if (signal?.aborted === true) return this.error("aborted", signal.reason);
    return this.deadline.isPast() ? this.error("timeout") : null;
  }

  /** The promise of a call that failed at once. */
  refuse(call: Call | null, error: NetError): Promise<never> {
    this.#life.calls.fail(call, error);
    return Promise.reject(error);
  }

  /** The promise of a call that waits. */
  wait(entry: Entry): Promise<R> {
    const promise = this.waiting.enter(entry);
    this.deadline.arm();
    return promise;
  }

  /** All that waits fails; no timer is left. */
  failAll(code: NetErrorCode, cause?: unknown): void {
    this.deadline.stop();
    for (const waiting of this.waiting.leaveAll()) this.#fail(waiting, code, cause);
  }

  error(code: NetErrorCode, cause?: unknown, bytes: number = 0): NetError {
    const { local, remote } = this.#life.caller;
    return new NetError({ op: this.#op, code, local, remote, cause, bytes });
  }

  #onPast(): void {
    this.failAll("timeout");
    this.#onLeft();
  }

  #fail(waiting: Waiting<R>, code: NetErrorCode, cause: unknown): void {
    const error = this.error(code, cause, waiting.before + waiting.at);
    this.#life.calls.fail(waiting.call, error);
    waiting.reject(error);
  }
}

function nothing(): void {
  // Those that wait behind them are in no hurry.
}
