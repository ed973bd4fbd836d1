/**
 * Why packets cannot be captured.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";

/** What stands in the way. */
export type CaptureErrorCode =
  /** No koffi, no packet sockets, no tcpdump on a system that needs it. */
  "unsupported" | "not-permitted" | "no-interface" | "interface-down" | "bad-filter" | "failed";

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
