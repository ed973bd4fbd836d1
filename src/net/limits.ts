/**
 * A call that may take long, within what its caller allows.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { TIMER_MAX_MS } from "./deadline.ts";
import type { NetError, NetErrorCode } from "./errors.ts";
import type { DialOptions } from "./types.ts";

/** What a {@link limited} call is made of. */
export interface LimitedCall<T> {
  readonly options: DialOptions;
  readonly clock: Clock;
  /** Makes the error that the call fails with. */
  error(code: NetErrorCode, cause?: unknown): NetError;
  /**
   * Begins. It settles the call once, at any time; the returned function gives
   * up and is called when a limit came first.
   */
  start(resolve: (result: T) => void, reject: (error: Error) => void): () => void;
}

/** Runs `call` until it settles, its signal aborts it, or its time is over. */
export function limited<T>(call: LimitedCall<T>): Promise<T> {
  const { signal, timeoutMs } = call.options;
  if (signal?.aborted === true) return Promise.reject(call.error("aborted", signal.reason));
  if (timeoutMs !== undefined && !(timeoutMs > 0)) return Promise.reject(call.error("timeout"));
  return new Promise((resolve, reject) => {
    const lifts: (() => void)[] = [];
    let isOver = false;
    const settle = (): boolean => {
      if (isOver) return false;
      isOver = true;
      for (const lift of lifts) lift();
      return true;
    };
    const giveUp = call.start(
      (result) => settle() && resolve(result),
      (error) => settle() && reject(error),
    );
    const fail = (code: NetErrorCode, cause?: unknown): void => {
      if (!settle()) return;
      giveUp();
      reject(call.error(code, cause));
    };
    if (!isOver) lifts.push(...watch(call, fail));
  });
}

/** Starts what the limits need; each returned function stops one. */
function watch<T>(
  { options: { signal, timeoutMs }, clock }: LimitedCall<T>,
  fail: (code: NetErrorCode, cause?: unknown) => void,
): (() => void)[] {
  const lifts: (() => void)[] = [];
  if (timeoutMs !== undefined) {
    lifts.push(clock.after(Math.min(timeoutMs, TIMER_MAX_MS), () => fail("timeout")));
  }
  if (signal !== undefined) {
    const onAbort = (): void => fail("aborted", signal.reason);
    signal.addEventListener("abort", onAbort);
    lifts.push(() => signal.removeEventListener("abort", onAbort));
  }
  return lifts;
}
