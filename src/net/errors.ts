/**
 * Why an operation on a connection or listener failed.
 *
 * @module
 */
import { visible } from "../base/visible.ts";
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

/** What a {@link NetError} is made of. */
export interface NetErrorInit {
  op: CallOp;
  code: NetErrorCode;
  /** `host:port`. */
  local?: string | null | undefined;
  remote?: string | null | undefined;
  /** Bytes of a write that go out although it failed. */
  bytes?: number | undefined;
  /** Instead of the code's own sentence, for `other` and `bad-address`. */
  detail?: string | undefined;
  cause?: unknown;
}

/** An operation on a connection or listener failed. */
export class NetError extends Error {
  override readonly name = "NetError";
  readonly op: CallOp;
  readonly code: NetErrorCode;
  /** `host:port`, `null` while unknown. */
  readonly local: string | null;
  readonly remote: string | null;
  /** Bytes of a write that go out although it failed; 0 in other calls. */
  readonly bytes: number;

  constructor(init: NetErrorInit) {
    const local = init.local ?? null;
    const remote = init.remote ?? null;
    const path = [local, remote].filter((a) => a !== null).join("->");
    const why = init.detail ?? MESSAGES[init.code];
    // An address may have come from a file or from the network.
    super(visible(`Cannot ${VERBS[init.op]}${path === "" ? "" : ` ${path}`}: ${why}`), {
      cause: init.cause,
    });
    this.op = init.op;
    this.code = init.code;
    this.local = local;
    this.remote = remote;
    this.bytes = init.bytes ?? 0;
  }
}

const VERBS: Readonly<Record<CallOp, string>> = {
  listen: "listen tcp",
  accept: "accept tcp",
  dial: "dial tcp",
  read: "read tcp",
  write: "write tcp",
  closeWrite: "close the write side of tcp",
  close: "close tcp",
};

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
