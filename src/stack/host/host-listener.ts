/**
 * A port of a host on which connections are accepted.
 *
 * @module
 */
import { isAnyAddress, isSameAddress } from "../ip/ip-address.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpEndpoint, TcpListener, TcpSegment } from "../types.ts";
import type { ConnectionOptions } from "./host-options.ts";
import type { Socket } from "./socket.ts";

/** Hears that {@link HostListener.accept} has a connection, while the host is polled. It may call anything but `poll`. */
export interface ListenerUser {
  onReady(listener: HostListener, nowNs: number): void;
}

/** What a {@link HostListener} is made of. */
export interface HostListenerInit {
  /** `0.0.0.0`: all of IPv4, `::`: all there are. */
  readonly address: Uint8Array;
  readonly tcp: TcpListener;
  readonly options: ConnectionOptions;
  /** The listener closed: nothing may come any more, and `sockets` are to be polled. */
  readonly onClose: (listener: HostListener, sockets: readonly Socket[]) => void;
}

/** Accepts connections. */
export class HostListener {
  readonly address: Uint8Array;
  readonly port: number;
  readonly tcp: TcpListener;
  readonly options: ConnectionOptions;
  user: ListenerUser | null = null;
  readonly #onClose: HostListenerInit["onClose"];
  /** Connections that nobody accepted yet, most of them in SYN-RECEIVED: bounded by `tcp`. */
  readonly #pending = new Map<TcpEndpoint, Socket>();
  #isClosed = false;

  constructor({ address, tcp, options, onClose }: HostListenerInit) {
    this.address = address;
    this.port = tcp.localPort;
    this.tcp = tcp;
    this.options = options;
    this.#onClose = onClose;
  }

  /** Whether segments to `address` and `port` come here. */
  hears(address: Uint8Array, port: number): boolean {
    if (port !== this.port) return false;
    if (!isAnyAddress(this.address)) return isSameAddress(this.address, address);
    return this.address.length === 16 || address.length === 4;
  }

  /** The host made a connection for a SYN. */
  add(socket: Socket): void {
    this.#pending.set(socket.endpoint, socket);
    socket.listener = this;
  }

  /** The connection of an endpoint that nobody accepted yet, or `null`. */
  find(endpoint: TcpEndpoint): Socket | null {
    return this.#pending.get(endpoint) ?? null;
  }

  /** The host has lost a connection that nobody accepted. */
  remove(socket: Socket): void {
    this.#pending.delete(socket.endpoint);
    socket.listener = null;
  }

  /** The oldest connection whose handshake is done, or `null`. */
  accept(): Socket | null {
    const endpoint = this.tcp.accept();
    if (endpoint === null) return null;
    const socket = this.find(endpoint);
    if (socket !== null) this.remove(socket);
    return socket;
  }

  /** No more of them; those that nobody accepted are reset. Idempotent. */
  close(nowNs: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.tcp.close(nowNs);
    const sockets = [...this.#pending.values()];
    for (const socket of sockets) this.remove(socket);
    this.#onClose(this, sockets);
  }
}

/** The ACK that would end a handshake although nobody accepts: the SYN-ACK is sent again later, and asks for it once more. */
export function mustWait({ listener, endpoint }: Socket, { flags }: TcpSegment): boolean {
  if (listener === null || endpoint.state !== "SYN-RECEIVED" || !listener.tcp.isFull) return false;
  return (flags & (Flag.ACK | Flag.RST)) === Flag.ACK;
}
