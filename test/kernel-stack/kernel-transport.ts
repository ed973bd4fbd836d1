/** The bytes of one of the kernel's connections, by non-blocking calls. */
import type { StreamConn } from "../../src/net/stream-conn.ts";
import { END, type Transport } from "../../src/net/transport.ts";
import type { KeepAlive } from "../../src/net/types.ts";
import { libc } from "../kernel/libc.ts";
import { lastCode } from "./error-codes.ts";
import { setInt, SOL_SOCKET, SOL_TCP } from "./socket-options.ts";

const SHUT_WR = 1;
const SO_LINGER = 13;
const SO_KEEPALIVE = 9;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;

/** A socket as a {@link Transport}. */
export class KernelTransport implements Transport {
  readonly isBusy = false;
  readonly fd: number;
  readonly #onClose: () => void;
  conn: StreamConn | null = null;

  constructor(fd: number, onClose: () => void) {
    this.fd = fd;
    this.#onClose = onClose;
  }

  /** The error was told: what the kernel says afterwards is the end of the bytes, which it is not. */
  isBroken = false;

  take(p: Uint8Array): number {
    if (this.isBroken) return 0;
    const n = libc.read(this.fd, p, p.length);
    if (n > 0) return n;
    if (n === 0) return END;
    this.#fail();
    return 0;
  }

  put(p: Uint8Array, at: number): number {
    const n = libc.write(this.fd, p.subarray(at), p.length - at);
    if (n >= 0) return n;
    this.#fail();
    return 0;
  }

  finish(): void {
    libc.shutdown(this.fd, SHUT_WR);
    queueMicrotask(() => this.conn?.onFinished());
  }

  close(reset: boolean): void {
    // onoff 1, linger 0: RST.
    if (reset)
      libc.setsockopt(this.fd, SOL_SOCKET, SO_LINGER, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), 8);
    this.#onClose();
    queueMicrotask(() => this.conn?.onClosed());
  }

  setKeepAlive({ enable, idleMs }: KeepAlive): void {
    setInt(this.fd, SOL_SOCKET, SO_KEEPALIVE, enable ? 1 : 0);
    if (idleMs === undefined) return;
    setInt(this.fd, SOL_TCP, TCP_KEEPIDLE, idleMs / 1000);
    setInt(this.fd, SOL_TCP, TCP_KEEPINTVL, 1);
    setInt(this.fd, SOL_TCP, TCP_KEEPCNT, 2);
  }

  /** Nothing here calls the connection back before it has returned. */
  #fail(): void {
    const code = lastCode();
    if (code === null) return;
    this.isBroken = true;
    queueMicrotask(() => this.conn?.onError(code));
  }
}
