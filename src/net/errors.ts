/**
 * Why an operation on a connection or listener failed.
 *
 * @module
 */
import type { CallOp } from "../pcap/event.ts";

/** One vocabulary on every backend. */
export type NetErrorCode =
  | "closed"
  | "refused"
  | "reset"
  | "timeout"
  | "aborted"
  | "in-use"
  | "unreachable"
  | "unknown-host"
  | "bad-address"
  | "not-permitted"
  | "too-many-files"
  | "other";

export interface NetErrorInit {
  op: CallOp;
  code: NetErrorCode;
  /** `host:port`. */
  local?: string | undefined;
  remote?: string | undefined;
  /** Instead of the code's own sentence, for `other` and `bad-address`. */
  detail?: string | undefined;
  cause?: unknown;
}

/** An operation on a connection or listener failed. */
export class NetError extends Error {
  override readonly name = "NetError";
  readonly op: CallOp;
  readonly code: NetErrorCode;
  readonly local: string | undefined;
  readonly remote: string | undefined;

  constructor(init: NetErrorInit) {
    const path = [init.local, init.remote].filter((a) => a !== undefined).join("->");
    const why = init.detail ?? MESSAGES[init.code];
    super(`Cannot ${init.op} tcp${path === "" ? "" : ` ${path}`}: ${why}`, { cause: init.cause });
    this.op = init.op;
    this.code = init.code;
    this.local = init.local;
    this.remote = init.remote;
  }
}

const MESSAGES: Readonly<Record<NetErrorCode, string>> = {
  closed: "use of closed connection",
  refused: "connection refused",
  reset: "connection reset by peer",
  timeout: "deadline exceeded",
  aborted: "operation was aborted",
  "in-use": "address already in use",
  unreachable: "network is unreachable",
  "unknown-host": "no such host",
  "bad-address": "not an address",
  "not-permitted": "permission denied",
  "too-many-files": "too many open files",
  other: "failed",
};
