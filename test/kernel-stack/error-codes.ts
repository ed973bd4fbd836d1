/** The errors of system calls, in the words of the net API. */
import type { NetErrorCode } from "../../src/net/errors.ts";
import { lastErrno } from "../../src/node/ffi.ts";

const CODES: Readonly<Record<string, NetErrorCode>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
};

/** Of the call that failed last; `null`: it would have to wait. */
export function lastCode(): NetErrorCode | null {
  const name = lastErrno();
  return name === "EAGAIN" ? null : codeOf(name);
}

/** `name`: `ECONNRESET`, … */
export function codeOf(name: string): NetErrorCode {
  return CODES[name] ?? "closed";
}
