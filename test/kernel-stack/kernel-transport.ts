/** The bytes of one of the kernel's connections, by non-blocking calls. */
import type { StreamConn } from "../../src/net/stream-conn.ts";
import { END, type Transport } from "../../src/net/transport.ts";
import type { KeepAlive } from "../../src/net/types.ts";
import { libc } from "../kernel/libc.ts";
import { lastCode } from "./error-codes.ts";
import { type KernelInfo, setInt, SOL_SOCKET, SOL_TCP, tcpInfo } from "./socket-options.ts";

const SHUT_WR = 1;
const SO_LINGER = 13;
const SO_KEEPALIVE = 9;
const TCP_KEEPIDLE = 4;

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

  /** What the kernel says of the connection. */
  info(): KernelInfo {
    return tcpInfo(this.fd);
  }

  take(p: Uint8Array): number {
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
    if (idleMs !== undefined) setInt(this.fd, SOL_TCP, TCP_KEEPIDLE, idleMs / 1000);
  }

  /** Nothing here calls the connection back before it has returned. */
  #fail(): void {
    const code = lastCode();
    if (code !== null) queueMicrotask(() => this.conn?.onError(code));
  }
}
