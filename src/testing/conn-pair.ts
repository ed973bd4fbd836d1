/**
 * What the suites of connections share: a pair per test, and how calls end.
 *
 * @module
 */
import { test } from "vitest";
import type { Call, CallSink } from "../net/calls.ts";
import { NetError } from "../net/errors.ts";
import type { Conn } from "../net/types.ts";

/** Two ends of one connection. `a` dialed, `b` accepted. */
export interface ConnPair {
  readonly a: Conn;
  readonly b: Conn;
  /** Frees all that the pair needed, whatever state its ends are in. */
  stop(): Promise<void>;
}

/** Makes a pair of a backend; each test asks for its own. */
export type MakePair = () => Promise<ConnPair>;

/** One test on a pair of its own. */
export type PairTest = (title: string, body: (pair: ConnPair) => Promise<void>) => void;

/** `test` with a pair of connections that is stopped afterwards. */
export function pairTests(makePair: MakePair): PairTest {
  return (title, body) =>
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- both come from the caller
    test(title, async () => {
      const pair = await makePair();
      try {
        await body(pair);
      } finally {
        await pair.stop();
      }
    });
}

/** How a call ended: the code of its {@link NetError}, or `"ok"`. Other errors pass. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await errorOf(call);
  return error === null ? "ok" : error.code;
}

/** What a call failed with; `null` when it did not. */
export async function errorOf(call: Promise<unknown>): Promise<NetError | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof NetError) return error;
    throw error;
  }
}

/** Whether `call` still waits after the event loop went round some times. */
export async function isPending(call: Promise<unknown>): Promise<boolean> {
  let state = "waits";
  const settle = (): void => void (state = "settled");
  call.then(settle, settle);
  for (let turn = 0; turn < 3; turn++) await nextTurn();
  return state === "waits";
}

/** Lets the event loop go round once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** Passes calls on to whoever a test puts there. */
export class RelaySink implements CallSink {
  readonly #sinks = new Set<CallSink>();

  /** Passes calls on to `sink` until the returned function is called. */
  add(sink: CallSink): () => void {
    this.#sinks.add(sink);
    return () => void this.#sinks.delete(sink);
  }

  isActive(op: Call["op"]): boolean {
    return [...this.#sinks].some((sink) => sink.isActive(op));
  }

  onBegin(call: Call): void {
    for (const sink of this.#sinks) sink.onBegin(call);
  }

  onEnd(call: Call): void {
    for (const sink of this.#sinks) sink.onEnd(call);
  }
}
