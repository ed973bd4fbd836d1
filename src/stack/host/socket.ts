/**
 * A connection of a host: a TCP endpoint with its addresses, and the calls of
 * its user, after each of which the host is to be polled.
 *
 * @module
 */
import { formatIpAddress } from "../ip/ip-address.ts";
import type { SocketOptions, TcpEndpoint, TcpEvent } from "../types.ts";
import type { Due } from "./due-heap.ts";
import type { HostListener } from "./host-listener.ts";
import type { Flow } from "./flow-table.ts";

/** Hears of what happens to a connection, while its host is polled. It may call anything but `poll`. */
export interface SocketUser {
  onEvent(event: TcpEvent, socket: Socket, nowNs: number): void;
}

/** A connection. Its `due…` belong to its host. */
export class Socket implements Flow, Due {
  readonly endpoint: TcpEndpoint;
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  readonly localPort: number;
  readonly remotePort: number;
  dueNs: number = Infinity;
  dueSerial: number = 0;
  dueIndex: number = -1;
  /** Where it waits to be accepted. */
  listener: HostListener | null = null;
  /** It leads to the same host. */
  readonly isLocal: boolean;
  /** The other end on the same host, once found. */
  peer: Socket | null = null;
  /** Its user has heard that it is connected. */
  isSettled = false;
  readonly #touch: (socket: Socket) => void;
  #user: SocketUser | null = null;

  /** Made by a host alone; `touch` tells it that there is something to do. */
  constructor(
    flow: Flow,
    endpoint: TcpEndpoint,
    isLocal: boolean,
    touch: (socket: Socket) => void,
  ) {
    this.isLocal = isLocal;
    this.local = flow.local;
    this.remote = flow.remote;
    this.localPort = flow.localPort;
    this.remotePort = flow.remotePort;
    this.endpoint = endpoint;
    this.#touch = touch;
  }

  /** `"10.0.0.1"`. */
  get localAddress(): string {
    return formatIpAddress(this.local);
  }

  /** `"10.0.0.2"`. */
  get remoteAddress(): string {
    return formatIpAddress(this.remote);
  }

  /** Who hears of events; until there is somebody they wait. */
  get user(): SocketUser | null {
    return this.#user;
  }

  set user(user: SocketUser | null) {
    this.#user = user;
    this.#touch(this);
  }

  /** As `TcpEndpoint.send`. */
  send(p: Uint8Array, nowNs: number, urgent: boolean = false): number {
    const n = this.endpoint.send(p, nowNs, urgent);
    this.#touch(this);
    return n;
  }

  /** As `TcpEndpoint.receive`. */
  receive(into: Uint8Array, nowNs: number): number | null {
    const n = this.endpoint.receive(into, nowNs);
    this.#touch(this);
    return n;
  }

  /** As `TcpEndpoint.closeWrite`. */
  closeWrite(nowNs: number): void {
    this.endpoint.closeWrite(nowNs);
    this.#touch(this);
  }

  /** As `TcpEndpoint.close`. */
  close(nowNs: number): void {
    this.endpoint.close(nowNs);
    this.#touch(this);
  }

  /** As `TcpEndpoint.abort`. */
  abort(nowNs: number): void {
    this.endpoint.abort(nowNs);
    this.#touch(this);
  }

  /** As `TcpEndpoint.setOptions`. */
  setOptions(options: Partial<SocketOptions>, nowNs: number): void {
    this.endpoint.setOptions(options, nowNs);
    this.#touch(this);
  }
}
