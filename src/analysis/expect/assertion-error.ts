/**
 * What an assertion throws: test runners know it by its name and its code, and
 * show `actual` beside `expected`.
 *
 * @module
 */

/** See the module. */
export class TcpAssertionError extends Error {
  override readonly name = "AssertionError";
  readonly code = "ERR_ASSERTION";
  readonly generatedMessage = false;
  /** The assertion: `"noRetransmissions"`. */
  readonly operator: string;
  readonly actual: unknown;
  readonly expected: unknown;
  /** Frame numbers as Wireshark counts. */
  readonly frames: readonly number[];

  constructor(
    message: string,
    what: {
      readonly operator: string;
      readonly actual: unknown;
      readonly expected: unknown;
      readonly frames?: readonly number[];
    },
  ) {
    super(message);
    this.operator = what.operator;
    this.actual = what.actual;
    this.expected = what.expected;
    this.frames = what.frames ?? [];
  }
}
