/**
 * The bytes of one connection of our own stack.
 *
 * @module
 */
import type { Socket, SocketUser } from "../stack/host/socket.ts";
import type { KeepAliveOptions, TcpErrorCode, TcpEvent } from "../stack/types.ts";
import type { StreamConn } from "./stream-conn.ts";
import { END, type Transport } from "./transport.ts";
import type { KeepAlive } from "./types.ts";

/** What drives the host of a connection. */
export interface StackDriver {
  /** The host's time, in nanoseconds. */
  nowNs(): number;
  /** The host has something to do: it is to be polled soon, but not within this call. */
  wake(): void;
}

const MS = 1e6;

/** A socket as a {@link Transport}. */
export class StackTransport implements Transport, SocketUser {
  readonly isBusy = false;
  readonly #socket: Socket;
  readonly #driver: StackDriver;
  readonly #keepAlive: KeepAliveOptions;
  #conn: StreamConn | null = null;
  /** Why it broke: then the end of the bytes is no FIN. */
  #error: TcpErrorCode | null = null;

  /** `keepAlive`: the times that a program does not tell. */
  constructor(socket: Socket, driver: StackDriver, keepAlive: KeepAliveOptions) {
    this.#socket = socket;
    this.#driver = driver;
    this.#keepAlive = keepAlive;
  }

  /** Gives the transport the connection that is to hear of it; events that waited follow. */
  open(conn: StreamConn): StreamConn {
    this.#conn = conn;
    this.#socket.user = this;
    this.#driver.wake();
    return conn;
  }

  take(p: Uint8Array): number {
    const n = this.#socket.receive(p, this.#driver.nowNs());
    this.#driver.wake();
    if (n === null) return this.#error === null ? END : 0;
    return n;
  }

  put(p: Uint8Array, at: number): number {
    const n = this.#socket.send(p.subarray(at), this.#driver.nowNs());
    this.#driver.wake();
    return n;
  }

  finish(): void {
    this.#socket.closeWrite(this.#driver.nowNs());
    this.#driver.wake();
    queueMicrotask(() => this.#conn?.onFinished());
  }

  close(reset: boolean): void {
    const nowNs = this.#driver.nowNs();
    if (reset) this.#socket.abort(nowNs);
    else this.#socket.close(nowNs);
    this.#driver.wake();
  }

  setNoDelay(on: boolean): void {
    this.#socket.setOptions({ noDelay: on }, this.#driver.nowNs());
    this.#driver.wake();
  }

  setKeepAlive({ enable, idleMs }: KeepAlive): void {
    const idleNs = idleMs === undefined ? this.#keepAlive.idleNs : idleMs * MS;
    const keepAlive = enable ? { ...this.#keepAlive, idleNs } : null;
    this.#socket.setOptions({ keepAlive }, this.#driver.nowNs());
    this.#driver.wake();
  }

  /** See {@link SocketUser}. */
  onEvent(event: TcpEvent): void {
    switch (event.type) {
      case "readable":
        this.#conn?.onReadable();
        return;
      case "writable":
        this.#conn?.onWritable();
        return;
      case "closed":
        this.#onClosed(event.error);
        return;
      case "connected":
      case "urgent":
      case "soft-error":
        return;
    }
  }

  #onClosed(error: TcpErrorCode | null): void {
    this.#error = error;
    if (error !== null) this.#conn?.onError(error);
    this.#conn?.onClosed();
  }
}
