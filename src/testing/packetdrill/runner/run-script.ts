/**
 * Runs a script against a stack, on a clock that stands still until an event is due.
 *
 * ```ts ignore
 * const outcome = runScript(parseScript(text), stack, { tolerance: { ns: 4e6, ratio: 0.125 } });
 * ```
 *
 * @module
 */
import { runCode, type PyValue } from "../python/evaluate.ts";
import type { EventTime, Script, ScriptEvent } from "../language/script.ts";
import { ArgumentError } from "./arguments.ts";
import { CallRunner } from "./call-runner.ts";
import { ScriptFailure } from "./failure.ts";
import type { MatchOptions } from "./match.ts";
import { PacketRunner } from "./packet-runner.ts";
import type { StackUnderTest } from "./stack-under-test.ts";
import { constantsOf } from "./tcp-info.ts";
import type { Tolerance } from "./tolerance.ts";

/** How a script is run. */
export interface RunOptions {
  readonly tolerance: Tolerance;
  readonly match: MatchOptions;
  /** A line with so many bytes or fewer is one segment; several may make a longer one. */
  readonly oneSegmentUpTo: number;
}

/** How it ended. */
export type Outcome =
  | { readonly kind: "pass" }
  | {
      readonly kind: "fail";
      readonly line: number;
      readonly expected: string;
      readonly got: string;
    };

/** Runs every event in its turn, up to the first that fails. */
export function runScript(script: Script, stack: StackUnderTest, options: RunOptions): Outcome {
  return new ScriptRun(stack, options).run(script);
}

class ScriptRun {
  readonly #stack: StackUnderTest;
  readonly #calls: CallRunner;
  readonly #packets: PacketRunner;
  readonly #variables = new Map<string, PyValue>();
  /** When the last event was done. */
  #doneNs = 0;

  constructor(stack: StackUnderTest, options: RunOptions) {
    this.#stack = stack;
    this.#calls = new CallRunner(stack, options);
    this.#packets = new PacketRunner(stack, this.#calls, options);
  }

  run(script: Script): Outcome {
    let line = script.init?.line ?? 1;
    try {
      if (script.init !== null) this.#command(script.init.text);
      for (const event of script.events) {
        ({ line } = event);
        this.#run(event);
      }
      this.#calls.settle();
    } catch (error) {
      if (error instanceof ScriptFailure)
        return { kind: "fail", line: error.line ?? line, expected: error.expected, got: error.got };
      if (!(error instanceof ArgumentError)) throw error;
      return { kind: "fail", line, expected: error.message, got: error.got };
    } finally {
      if (script.cleanup !== null) this.#stack.command(script.cleanup.text, this.#doneNs);
    }
    return { kind: "pass" };
  }

  #run(event: ScriptEvent): void {
    const { action } = event;
    if (action.kind === "outbound") {
      const window = windowOf(event.time, this.#doneNs);
      this.#doneNs = this.#packets.expect(action.packet, window, this.#doneNs);
      return;
    }
    // A system call waits for the one that blocks, and so does a check.
    if (action.kind === "call" || action.kind === "code") this.#advance(this.#calls.settle());
    // An event whose time has passed, because a packet came late within its tolerance, is due now.
    const at = Math.max(this.#doneNs, windowOf(event.time, this.#doneNs).fromNs);
    const anchorNs = this.#doneNs;
    this.#advance(at);
    switch (action.kind) {
      case "inbound":
        return this.#packets.inject(action.packet, at);
      case "call":
        return this.#calls.begin(action.call, event, anchorNs, at, this.#packets);
      case "shell":
        return this.#command(action.text);
      case "code": {
        const names = new Map([...constantsOf(), ...this.#calls.info()]);
        const failure = runCode(action.code, this.#variables, names);
        if (failure === null) return;
        throw new ScriptFailure(failure.expected, failure.got, event.line + failure.line);
      }
    }
  }

  #advance(toNs: number): void {
    this.#calls.advance(toNs);
    this.#doneNs = Math.max(this.#doneNs, toNs);
  }

  #command(text: string): void {
    const why = this.#stack.command(text, this.#doneNs);
    if (why !== null) throw new ScriptFailure(`\`${text}\` to succeed`, why);
  }
}

/** When an event may happen, in time since the script began. */
function windowOf(time: EventTime, doneNs: number): { fromNs: number; toNs: number } {
  if (time.kind === "any") return { fromNs: doneNs, toNs: Infinity };
  const anchor = time.isRelative ? doneNs : 0;
  if (time.kind === "at") return { fromNs: anchor + time.ns, toNs: anchor + time.ns };
  return { fromNs: anchor + time.fromNs, toNs: anchor + time.toNs };
}
