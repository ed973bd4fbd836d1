/**
 * The text of a script -> how it ends against our own stack.
 *
 * ```ts ignore
 * runText(readFileSync(path, "utf8"), path); // { kind: "pass" }
 * ```
 *
 * @module
 */
import { definesOf, environmentOf, hostsOf, type Choice } from "./environment.ts";
import { parseScript } from "./language/parse-script.ts";
import type { Script } from "./language/script.ts";
import type { Source } from "./kernel-of.ts";
import { runScript, type Outcome } from "./runner/run-script.ts";
import { SocketStack } from "./sockets/socket-stack.ts";

/**
 * How `text` ends; on a host that it does not tell of, how it ends on the first where it passes.
 *
 * @throws {SyntaxError} when `text` is no script.
 */
export function runText(text: string, path: string, choice: Choice = {}): Outcome {
  return runParsed(parseText(text, path, choice), { text, path }, choice);
}

/** `text` as a tree, with the words defined that its suite expects. @throws {SyntaxError} when it is none. */
export function parseText(text: string, path: string, choice: Choice = {}): Script {
  return parseScript(text, { path, defines: definesOf(text, choice) });
}

/** As {@link runText}, of a script that was read from `source`, or made of one that was. */
export function runParsed(script: Script, source: Source, choice: Choice = {}): Outcome {
  let outcome: Outcome | null = null;
  for (const host of hostsOf(source, choice)) {
    const { settings, run } = environmentOf(script, source.text, host, choice);
    const ended = runScript(script, new SocketStack(settings), run);
    if (ended.kind === "pass") return ended;
    outcome ??= ended;
  }
  return outcome ?? { kind: "pass" };
}

/** The line of {@link describeOutcome} for `text`, which may be no script. */
export function runLine(text: string, path: string, choice: Choice = {}): string {
  try {
    return describeOutcome(path, runText(text, path, choice));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, line, why] = /:(\d+):\d+: Cannot read script: (.*)/.exec(error.message) ?? [];
    return `FAIL ${path}: line ${line ?? 1}, expected a script, got one with ${why ?? error.message}`;
  }
}

/** `PASS path`, or `FAIL path: line N, expected …, got …`. */
export function describeOutcome(path: string, outcome: Outcome): string {
  if (outcome.kind === "pass") return `PASS ${path}`;
  return `FAIL ${path}: line ${outcome.line}, expected ${outcome.expected}, got ${outcome.got}`;
}
