/**
 * Why packets cannot be captured.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";

/**
 * What stands in the way. `unsupported`: no koffi, no packet sockets, a link
 * layer that seqack does not read; `closed-pipe`: whoever read the file has gone.
 */
export type CaptureErrorCode =
  | "unsupported"
  | "not-permitted"
  | "no-interface"
  | "interface-down"
  | "bad-filter"
  | "closed-pipe"
  | "failed";

/** Packets cannot be captured; {@link text} says why, and what can be done. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
  readonly code: CaptureErrorCode;
  readonly text: Text;

  constructor(code: CaptureErrorCode, text: Text, cause?: unknown) {
    super(`Cannot capture: ${text.en}`, { cause });
    this.code = code;
    this.text = text;
  }
}
