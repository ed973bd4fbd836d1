/**
 * Why a script failed.
 *
 * @module
 */

/** Thrown where an event is not as expected; caught where the script is run. */
export class ScriptFailure extends Error {
  override readonly name = "ScriptFailure";
  readonly expected: string;
  readonly got: string;
  /** `null`: the line of the event. */
  readonly line: number | null;

  constructor(expected: string, got: string, line: number | null = null) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
    this.line = line;
  }
}
