/**
 * The text of a script -> how it ends against our own stack.
 *
 * ```ts ignore
 * runText(readFileSync(path, "utf8"), path); // { kind: "pass" }
 * ```
 *
 * @module
 */
import { definesOf, environmentOf, type Choice } from "./environment.ts";
import { parseScript } from "./language/parse-script.ts";
import { runScript, type Outcome } from "./runner/run-script.ts";
import { SocketStack } from "./sockets/socket-stack.ts";

/** @throws {SyntaxError} when `text` is no script. */
export function runText(text: string, path: string, choice: Choice = {}): Outcome {
  const script = parseScript(text, { path, defines: definesOf(text, choice) });
  const { settings, run } = environmentOf(script, { text, path }, choice);
  return runScript(script, new SocketStack(settings), run);
}

/** `PASS path`, or `FAIL path: line N, expected …, got …`. */
export function describeOutcome(path: string, outcome: Outcome): string {
  if (outcome.kind === "pass") return `PASS ${path}`;
  return `FAIL ${path}: line ${outcome.line}, expected ${outcome.expected}, got ${outcome.got}`;
}
