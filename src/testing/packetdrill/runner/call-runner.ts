/**
 * System calls of a script: descriptors, results, and the one call that may block.
 *
 * @module
 */
import type { PyValue } from "../python/evaluate.ts";
import type { CallSpec, ScriptEvent } from "../language/script.ts";
import { ArgumentError, numberOf } from "./arguments.ts";
import { compareResult } from "./call-result.ts";
import { ScriptFailure } from "./failure.ts";
import type { CallResult, StackUnderTest } from "./stack-under-test.ts";
import { isOnTime, showSeconds, type Tolerance } from "./tolerance.ts";
import { understandCall } from "./understand-call.ts";

/** How long a call that blocks is waited for beyond its time. */
const PATIENCE_NS = 2e9;

interface Pending {
  readonly call: CallSpec;
  readonly line: number;
  readonly beganNs: number;
  readonly returnsNs: number;
}

/** Hears of calls that begin a connection anew. */
export interface ConnectionWatcher {
  onSocket(): void;
  /** `handle`: the socket that listens, or is bound. */
  onBound(handle: number): void;
}

/** Runs calls one after the other. */
export class CallRunner {
  readonly #stack: StackUnderTest;
  readonly #tolerance: Tolerance;
  readonly #handles = new Map<number, number>();
  #pending: Pending | null = null;
  #underTest: number | null = null;
  #nowNs = 0;

  constructor(stack: StackUnderTest, options: { readonly tolerance: Tolerance }) {
    this.#stack = stack;
    this.#tolerance = options.tolerance;
  }

  /** Lets time pass up to `toNs`, looking after each timer whether the blocked call returned. */
  advance(toNs: number): void {
    if (toNs > this.#nowNs) this.#nowNs = toNs;
    this.#stack.advance(this.#nowNs);
    this.#lookAtPending();
  }

  /** Variables of the socket under test. */
  info(): ReadonlyMap<string, PyValue> {
    return this.#underTest === null ? new Map() : this.#stack.info(this.#underTest);
  }

  /** Begins `event`'s call at `nowNs`; times of the script count from `anchorNs`. */
  begin(
    call: CallSpec,
    event: ScriptEvent,
    anchorNs: number,
    nowNs: number,
    watcher: ConnectionWatcher,
  ): void {
    const systemCall = understandCall(call, (fd) => this.#handleOf(fd));
    if (systemCall.name === "socket") watcher.onSocket();
    if (systemCall.name === "bind" || systemCall.name === "listen")
      watcher.onBound(systemCall.handle);
    const result = this.#stack.call(systemCall, nowNs);
    const isRelative = event.time.kind === "at" && event.time.isRelative;
    const returnsNs =
      call.returnsNs === null ? nowNs : (isRelative ? anchorNs : 0) + call.returnsNs;
    const pending: Pending = { call, line: event.line, beganNs: nowNs, returnsNs };
    if (result !== null) {
      this.#end(pending, result, nowNs);
    } else if (call.returnsNs === null) {
      throw new ScriptFailure(`${call.name} to return at once`, "a call that blocks");
    } else {
      this.#pending = pending;
    }
  }

  /** Waits for the call that blocks, if one does; gives the time then. */
  settle(): number {
    const pending = this.#pending;
    if (pending === null) return this.#nowNs;
    const limit = Math.max(pending.returnsNs, this.#nowNs) + PATIENCE_NS;
    this.#lookAtPending();
    while (this.#pending !== null) {
      const next = this.#stack.nextTimerNs();
      if (next > limit)
        throw new ScriptFailure(
          `${pending.call.name} to return at ${showSeconds(pending.returnsNs)}`,
          "a call that blocks",
          pending.line,
        );
      this.advance(Math.max(next, this.#nowNs));
    }
    return this.#nowNs;
  }

  #lookAtPending(): void {
    if (this.#pending === null) return;
    const finished = this.#stack.finished();
    if (finished === null) return;
    const pending = this.#pending;
    this.#pending = null;
    this.#end(pending, finished.result, finished.atNs);
  }

  #end(pending: Pending, result: CallResult, atNs: number): void {
    const { call, line, returnsNs, beganNs } = pending;
    const mismatch = compareResult(call, result);
    if (mismatch !== null) throw new ScriptFailure(mismatch.expected, mismatch.got, line);
    if (!isOnTime(atNs, returnsNs, returnsNs, beganNs, this.#tolerance))
      throw new ScriptFailure(
        `${call.name} to return at ${showSeconds(returnsNs)}`,
        `its return at ${showSeconds(atNs)}`,
        line,
      );
    this.#keepDescriptor(call, result.value);
  }

  #keepDescriptor(call: CallSpec, handle: number): void {
    if (["socket", "accept", "accept4"].includes(call.name) && handle >= 0) {
      const descriptor = call.result === "any" ? handle : call.result;
      this.#handles.set(descriptor, handle);
      this.#underTest = handle;
    }
    if (call.name === "close") this.#handles.delete(numberOf(call.args[0]));
  }

  #handleOf(descriptor: number): number {
    const handle = this.#handles.get(descriptor);
    if (handle === undefined)
      throw new ArgumentError(`a descriptor that is open, not ${descriptor}`);
    return handle;
  }
}
