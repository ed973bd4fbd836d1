/**
 * The kernel's and the resolver's error codes in the vocabulary of {@link NetError}.
 *
 * @module
 */
import { NetError, type NetErrorCode, type NetErrorInit } from "../net/errors.ts";

const CODES: Readonly<Record<string, NetErrorCode>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  ENOTCONN: "reset",
  ETIMEDOUT: "timeout",
  ERR_SOCKET_CONNECTION_TIMEOUT: "timeout",
  EADDRINUSE: "in-use",
  EADDRNOTAVAIL: "bad-address",
  EINVAL: "bad-address",
  EAFNOSUPPORT: "bad-address",
  ERR_SOCKET_BAD_PORT: "bad-address",
  EACCES: "not-permitted",
  EPERM: "not-permitted",
  ENOTFOUND: "unknown-host",
  EAI_AGAIN: "unknown-host",
  EAI_FAIL: "unknown-host",
  EAI_NODATA: "unknown-host",
  EAI_NONAME: "unknown-host",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EHOSTDOWN: "unreachable",
  EMFILE: "too-many-files",
  ENFILE: "too-many-files",
  ERR_SOCKET_CLOSED: "closed",
  ERR_STREAM_DESTROYED: "closed",
  ERR_SERVER_NOT_RUNNING: "closed",
  ECANCELED: "closed",
};

/** Sentences for what a code alone does not say. */
const DETAILS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "no interface of this machine has the address",
  EHOSTUNREACH: "no route to host",
  EAI_AGAIN: "the name server does not answer",
};

/** The code of what the kernel said. */
export function netCodeOf(cause: unknown): NetErrorCode {
  return CODES[errnoOf(cause)] ?? "other";
}

/** A {@link NetError} for what the kernel said; one that already is passes through. */
export function netErrorOf(cause: unknown, about: Omit<NetErrorInit, "code" | "cause">): NetError {
  if (cause instanceof NetError) return cause;
  const errno = errnoOf(cause);
  const code = netCodeOf(cause);
  const detail = DETAILS[errno] ?? (code === "other" ? otherDetail(cause, errno) : undefined);
  return new NetError({ ...about, code, detail, cause });
}

/** `ECONNREFUSED`, or `""`; of several addresses tried, the first one's. */
function errnoOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return "";
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof AggregateError ? errnoOf(cause.errors[0]) : "";
}

function otherDetail(cause: unknown, errno: string): string {
  if (errno !== "") return errno;
  return cause instanceof Error ? cause.message : String(cause);
}
