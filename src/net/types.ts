/**
 * Connections and listeners: the shape that every backend has.
 *
 * @module
 */
import type { NetError } from "./errors.ts";

/** The local or remote end of a TCP connection; an {@link Address} itself, so `dial(listener.addr)` works. */
export interface TcpAddr {
  /** A literal IPv4 or IPv6 address (with `%zone` where it has one), never a name. */
  readonly hostname: string;
  readonly port: number;
}

/** Options of a call that may wait. */
export interface CallOptions {
  /** Ends the wait: the call rejects with code `aborted`, and the connection stays usable. */
  readonly signal?: AbortSignal | undefined;
}

/** What `SO_KEEPALIVE` and its companions take. */
export interface KeepAlive {
  readonly enable: boolean;
  /** Idle time before the first probe. */
  readonly idleMs?: number;
}

/** A TCP connection. Methods may be called while others are pending. */
export interface Conn extends AsyncDisposable {
  /** Unique in its network, of which a process has one over kernel sockets; the `conn` of its events. */
  readonly id: number;
  readonly localAddr: TcpAddr;
  readonly remoteAddr: TcpAddr;

  /**
   * Reads up to `p.length` bytes into `p`, which is the connection's until the
   * call settles. Concurrent reads are served in the order of their calls. Nothing is taken from the layer below while nobody
   * reads (beyond one buffer), so the peer's window closes.
   *
   * @returns The number of bytes read, at least 1; `null` once the peer has
   *   closed its side and all it sent has been read. An empty `p` reads 0.
   * @throws {@link NetError} `closed` after {@link close}; `reset` after a RST;
   *   `timeout` past the deadline; `aborted` by the signal. No byte is lost by the
   *   last two, and bytes that came before a RST are read first.
   */
  read(p: Uint8Array, options?: CallOptions): Promise<number | null>;

  /**
   * Writes all of `p`, which is copied at the call; resolves when the layer
   * below has taken every byte. Concurrent writes do not interleave.
   *
   * @throws {@link NetError} as {@link read}, and `closed` after {@link closeWrite}. Its `bytes` says how
   *   much of `p` goes out all the same; what is written next follows that.
   */
  write(p: Uint8Array, options?: CallOptions): Promise<void>;

  /**
   * Sends a FIN after what was written; reading goes on (`shutdown(2)`).
   * Resolves when the layer below has taken it. Idempotent; knows no deadline.
   */
  closeWrite(): Promise<void>;

  /** Closes both sides; what was written is still delivered. Pending calls reject with `closed`. Idempotent. */
  close(): void;

  /**
   * Resolves, never rejects, once nothing of the connection is left in this
   * process: after {@link close}, after a failure that {@link read} or
   * {@link write} reported, or after both directions ended.
   */
  readonly closed: Promise<void>;

  /**
   * For reads and writes both, pending ones too: `ms` from now; past when <= 0; `null`: none.
   * It stays in force, for every call from then on, until it is set anew.
   */
  setDeadline(ms: number | null): void;
  setReadDeadline(ms: number | null): void;
  setWriteDeadline(ms: number | null): void;

  setNoDelay(on: boolean): void;
  setKeepAlive(keepAlive: KeepAlive): void;
  /** `0`: {@link close} discards unsent data and sends RST; `null`: the default, deliver in the background. */
  setLinger(seconds: 0 | null): void;

  /** What the peer sends, until its FIN. Byte stream, BYOB welcome; its end and its cancelling leave the write side open. */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Closing it is {@link closeWrite}; aborting it sends RST, so that the peer does not take a part for the whole. */
  readonly writable: WritableStream<Uint8Array>;

  /** {@link close}; does not wait for the peer to take what is under way ({@link closed} does). */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Accepts connections. `for await` accepts until {@link close}; leaving the loop closes the listener. */
export interface Listener extends AsyncDisposable, AsyncIterable<Conn> {
  readonly addr: TcpAddr;
  /** @throws {@link NetError} `closed` once closed. */
  accept(options?: CallOptions): Promise<Conn>;
  /** Stops listening; accepted connections live on. Pending accepts reject with `closed`. Idempotent. */
  close(): void;
}

/** How to listen. */
export interface ListenOptions extends CallOptions {
  /** Connections that may wait for {@link Listener.accept}; 511 unless told. */
  readonly backlog?: number | undefined;
}

/** How to dial. */
export interface DialOptions extends CallOptions {
  /** The whole of it, name look-up included. */
  readonly timeoutMs?: number | undefined;
}

/** Where to listen: Go's syntax (`":8080"`, `"[::1]:80"`, `"localhost:http"`) or its parts. */
export type Address = string | { readonly hostname?: string | undefined; readonly port: number };

/** Something that connections can be made on: the kernel's sockets, our own stack, or memory. */
export interface Network {
  /** @throws {@link NetError} `in-use`, `bad-address`, `not-permitted`, `unknown-host`, `aborted`. */
  listen(address: Address, options?: ListenOptions): Promise<Listener>;
  /** @throws {@link NetError} `refused`, `timeout`, `aborted`, `unreachable`, `unknown-host`, `bad-address`. */
  dial(address: Address, options?: DialOptions): Promise<Conn>;
}

export type { NetError };
