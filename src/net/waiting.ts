/**
 * Calls that wait, first come, first served.
 *
 * Each leaves the queue once: served, failed, or aborted by its signal. It
 * has left before anybody hears of it, so whoever hears of it may call again.
 *
 * @module
 */
import type { Call } from "./calls.ts";
import type { NetError } from "./errors.ts";

/** How a call comes to wait. */
export interface Entry {
  /** What is read into, or what is left to be written. */
  readonly bytes: Uint8Array;
  /** Bytes of a write that were taken before it had to wait. */
  readonly before: number;
  readonly call: Call | null;
  readonly signal: AbortSignal | undefined;
}

/** A call that waits. `R` is what its promise resolves to. */
export interface Waiting<R> {
  readonly bytes: Uint8Array;
  readonly before: number;
  readonly call: Call | null;
  /** Bytes of {@link Waiting.bytes} that have been taken by now. */
  at: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: NetError) => void;
  /** Takes the listener off the signal. */
  unwatch: () => void;
  previous: Waiting<R> | null;
  next: Waiting<R> | null;
}

/** A queue of calls; leaving takes the same time anywhere in it. */
export class WaitingCalls<R> {
  readonly #onAbort: (waiting: Waiting<R>, reason: unknown) => void;
  #first: Waiting<R> | null = null;
  #last: Waiting<R> | null = null;

  /** `onAbort` gets a call that its signal aborted and that has left. */
  constructor(onAbort: (waiting: Waiting<R>, reason: unknown) => void) {
    this.#onAbort = onAbort;
  }

  /** The one to be served next. */
  get first(): Waiting<R> | null {
    return this.#first;
  }

  /** The promise of a call that waits from now on. */
  enter({ bytes, before, call, signal }: Entry): Promise<R> {
    return new Promise((resolve, reject) => {
      const previous = this.#last;
      const waiting: Waiting<R> = {
        bytes,
        before,
        call,
        at: 0,
        resolve,
        reject,
        unwatch: nothing,
        previous,
        next: null,
      };
      if (previous === null) this.#first = waiting;
      else previous.next = waiting;
      this.#last = waiting;
      if (signal !== undefined) this.#watch(waiting, signal);
    });
  }

  /** Takes out a call that is here. */
  leave(waiting: Waiting<R>): void {
    const { previous, next } = waiting;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    waiting.unwatch();
  }

  /** Takes out all calls, in order. */
  leaveAll(): Waiting<R>[] {
    const all: Waiting<R>[] = [];
    for (let w = this.#first; w !== null; w = w.next) {
      w.unwatch();
      all.push(w);
    }
    this.#first = null;
    this.#last = null;
    return all;
  }

  #watch(waiting: Waiting<R>, signal: AbortSignal): void {
    const onAbort = (): void => {
      this.leave(waiting);
      this.#onAbort(waiting, signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    waiting.unwatch = () => signal.removeEventListener("abort", onAbort);
  }
}

function nothing(): void {
  // There is no signal.
}
