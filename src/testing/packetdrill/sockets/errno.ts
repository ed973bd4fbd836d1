/**
 * Errors of connections as the numbers' names that system calls give.
 *
 * @module
 */
import type { TcpErrorCode } from "../../../stack/types.ts";
import type { CallResult } from "../runner/stack-under-test.ts";

const ERRNO: Readonly<Record<TcpErrorCode, string>> = {
  refused: "ECONNREFUSED",
  reset: "ECONNRESET",
  timeout: "ETIMEDOUT",
  unreachable: "EHOSTUNREACH",
  aborted: "ECONNABORTED",
};

/** `ECONNRESET` of `"reset"`. */
export function errnoOf(code: TcpErrorCode): string {
  return ERRNO[code];
}

/** A call that failed. */
export function failed(errno: string): CallResult {
  return { value: -1, errno };
}

/** A call that went well. */
export function succeeded(value: number = 0, out?: CallResult["out"]): CallResult {
  return out === undefined ? { value, errno: null } : { value, errno: null, out };
}
