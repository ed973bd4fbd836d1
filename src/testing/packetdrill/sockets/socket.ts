/**
 * One socket: what it is, and what was set on it.
 *
 * @module
 */
import type { SocketOptions, TcpEndpoint, TcpListener } from "../../../stack/types.ts";

import type { FlowWatch } from "./flow-watch.ts";

/** What a socket is, which calls change. */
export type Role =
  | { readonly kind: "idle" }
  | { readonly kind: "listener"; readonly listener: TcpListener }
  | { readonly kind: "stream"; readonly endpoint: TcpEndpoint };

/** Bytes of the IP header that a socket chooses. */
export interface IpChoice {
  readonly tos: number;
  readonly ttl: number;
}

/** What a stack puts in unless told. */
export const ANY_IP: IpChoice = { tos: 0, ttl: 64 };

/** SO_LINGER unless it is set. */
export const NO_LINGER: ReadonlyMap<string, number> = new Map([
  ["onoff", 0],
  ["linger", 0],
]);

/** A socket of the script. */
export class Socket {
  readonly handle: number;
  role: Role = { kind: "idle" };
  /** 0: not bound. */
  localPort = 0;
  isNonblocking: boolean;
  isConnected = false;
  /** SHUT_RD. */
  isReadShut = false;
  /** SO_ERROR; `null`: none. */
  error: string | null = null;
  /** Why nothing has come back, as ICMP told it: what a timeout is called then (RFC 1122 §4.2.4.1). */
  softError: string | null = null;
  /** The error was told; from now on the connection is just over. */
  isOver = false;
  ip: IpChoice = ANY_IP;
  /** SO_LINGER. */
  linger: ReadonlyMap<string, number> = NO_LINGER;
  /** SO_RCVTIMEO and SO_SNDTIMEO: how long a call waits at most. */
  waitNs: { readonly read: number; readonly write: number } = { read: Infinity, write: Infinity };
  /** What was seen of its connection; `null`: it has none. */
  watch: FlowWatch | null = null;
  /** For an endpoint that is made later. */
  options: Partial<SocketOptions> = {};
  #isMoreComing = false;
  /** Options as they were set, by name. */
  readonly values = new Map<string, number | string>();

  constructor(handle: number, isNonblocking: boolean) {
    this.handle = handle;
    this.isNonblocking = isNonblocking;
  }

  /** MSG_MORE: what is small waits for the next call, unless an ACK comes first. */
  announceMore(isMore: boolean, nowNs: number): void {
    if (this.role.kind !== "stream" || (!isMore && !this.#isMoreComing)) return;
    this.#isMoreComing = isMore;
    const isCorked = [this.values.get("TCP_CORK"), this.values.get("TCP_NOPUSH")].some(Boolean);
    this.role.endpoint.setOptions({ cork: isMore || isCorked }, nowNs);
  }

  /** What is small and was held back goes, once: the next call is held back again. */
  flush(nowNs: number): void {
    if (this.role.kind !== "stream") return;
    this.#isMoreComing = true;
    this.role.endpoint.setOptions({ cork: false }, nowNs);
  }

  /** The peer was heard: nothing stands in the way any more, and what is small may go. */
  onAck(nowNs: number): void {
    this.softError = null;
    this.announceMore(false, nowNs);
  }

  /** It was to be connected, and was not. */
  get hasFailed(): boolean {
    return (
      this.role.kind === "stream" && !this.isConnected && this.role.endpoint.state === "CLOSED"
    );
  }

  /** The error, once. */
  takeError(): string | null {
    const { error } = this;
    if (error !== null) this.isOver = true;
    this.error = null;
    return error;
  }
}
