/**
 * The kernel's TCP below a {@link StreamConn}: one connected `net.Socket`.
 *
 * Receiving: bytes lie in the one receive buffer of the process while the
 * reads that wait take them from it; what is left goes to the {@link Inbox}.
 * When nobody reads, receiving stops after one buffer, and the peer sees the
 * window close.
 *
 * Sending: a write goes to the kernel at once. While unread input remains (the
 * caller answers a batch of requests) small writes join in a buffer that
 * leaves after the microtasks: one system call for the batch. Go's net does not.
 *
 * @module
 */
import type { Socket } from "node:net";
import type { StreamConn } from "../net/stream-conn.ts";
import { END, type Transport } from "../net/transport.ts";
import type { KeepAlive } from "../net/types.ts";
import { netCodeOf } from "./net-codes.ts";
import { copyBytes, Inbox } from "./net-inbox.ts";
import { send, type Receiver } from "./net-socket.ts";

/** Unread bytes at which receiving stops; one more receive buffer may come on top. */
const ENOUGH_UNREAD = 16 * 1024;

/** Bytes that may join before they are sent. */
const JOIN_LEN = 16 * 1024;

/** Bytes handed to the kernel at once. */
const PIECE_LEN = 64 * 1024;

/** How long {@link KernelTransport.close} waits for a full send buffer; then the peer is let go of. */
const LINGER_MS = 60_000;

/** The copy that the kernel takes from; replaced when it keeps it for later. */
const SCRATCH: { bytes: Buffer } = { bytes: Buffer.allocUnsafeSlow(PIECE_LEN) };

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** {@link Transport} over a socket that has `allowHalfOpen` and was not read from. */
export class KernelTransport implements Transport {
  readonly #socket: Socket;
  #conn: StreamConn | null = null;
  #receiver: Receiver | null = null;
  #receiving = false;
  #ended = false;
  /** What came just now, while its reads take it: `fresh[at, end)`. */
  #fresh: Uint8Array = NO_BYTES;
  #freshAt = 0;
  #freshEnd = 0;
  readonly #inbox = new Inbox();

  /** Written, not handed over yet. */
  #joined: Buffer | null = null;
  #joinedLen = 0;
  #flushDue = false;
  /** The kernel keeps a piece that its buffer has no room for. */
  #inFlight = false;
  /** The piece in flight joined writes that have resolved: it must be delivered. */
  #owed = false;
  #handing = false;
  #broken: Error | null = null;
  /** After {@link close}: does what is left to do once nothing is in flight. */
  #whenSent: (() => void) | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Must be called before anything else: who hears of it, and where bytes come from. */
  start(conn: StreamConn, receiver: Receiver): void {
    this.#conn = conn;
    this.#receiver = receiver;
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.once("end", () => this.#onEnd());
    this.#socket.once("close", () => conn.onClosed());
  }

  take(p: Uint8Array): number {
    const fresh = this.#freshEnd - this.#freshAt;
    if (fresh > 0) {
      const n = Math.min(fresh, p.length);
      copyBytes(this.#fresh, this.#freshAt, p, 0, n);
      this.#freshAt += n;
      return n;
    }
    if (this.#inbox.length > 0) return this.#inbox.take(p);
    if (this.#ended) return END;
    if (!this.#receiving) this.#receive();
    return 0;
  }

  put(p: Uint8Array, at: number): number {
    if (this.#inFlight || this.#broken !== null) return 0;
    const len = p.length - at;
    if (len <= JOIN_LEN && (this.#joinedLen > 0 || this.#inbox.length > 0)) {
      return this.#join(p, at, len);
    }
    this.#flush();
    let end = at;
    while (end < p.length && !this.#inFlight && this.#broken === null) {
      const piece = Math.min(PIECE_LEN, p.length - end);
      copyBytes(p, end, SCRATCH.bytes, 0, piece);
      this.#hand(SCRATCH.bytes.subarray(0, piece));
      end += piece;
      if (this.#inFlight) SCRATCH.bytes = Buffer.allocUnsafeSlow(PIECE_LEN);
    }
    return end - at;
  }

  get isBusy(): boolean {
    return this.#inFlight || this.#broken !== null;
  }

  finish(): void {
    this.#flush();
    this.#socket.end(() => this.#conn?.onFinished());
  }

  close(reset: boolean): void {
    this.#inbox.clear();
    if (reset) {
      this.#socket.resetAndDestroy();
      return;
    }
    this.#flush();
    if (!this.#inFlight || !this.#owed) {
      this.#socket.destroy();
      return;
    }
    const giveUp = setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
    this.#whenSent = () => {
      clearTimeout(giveUp);
      this.#socket.destroy();
    };
  }

  setNoDelay(on: boolean): void {
    this.#socket.setNoDelay(on);
  }

  setKeepAlive({ enable, idleMs }: KeepAlive): void {
    this.#socket.setKeepAlive(enable, idleMs);
  }

  /** Bytes came. Returns whether more may come before anybody reads. */
  onBytes(bytes: Uint8Array, length: number): boolean {
    if (this.#inbox.length === 0) {
      this.#fresh = bytes;
      this.#freshAt = 0;
      this.#freshEnd = length;
      this.#conn?.onReadable();
    } else {
      this.#freshAt = 0;
      this.#freshEnd = length;
    }
    if (this.#freshAt < this.#freshEnd) this.#inbox.push(bytes, this.#freshAt, this.#freshEnd);
    this.#freshEnd = this.#freshAt;
    this.#receiving = this.#inbox.length < ENOUGH_UNREAD;
    return this.#receiving;
  }

  #receive(): void {
    this.#receiving = true;
    this.#receiver?.start();
  }

  #onEnd(): void {
    this.#ended = true;
    this.#conn?.onReadable();
  }

  #fail(error: Error): void {
    this.#broken ??= error;
    // Not by itself after a failed write.
    this.#socket.destroy();
    this.#conn?.onError(netCodeOf(error), error);
  }

  #join(p: Uint8Array, at: number, len: number): number {
    if (this.#joinedLen + len > JOIN_LEN) {
      this.#flush();
      if (this.isBusy) return 0;
    }
    this.#joined ??= Buffer.allocUnsafeSlow(JOIN_LEN);
    copyBytes(p, at, this.#joined, this.#joinedLen, len);
    this.#joinedLen += len;
    if (this.#inbox.length === 0) {
      this.#flush();
    } else if (!this.#flushDue) {
      this.#flushDue = true;
      process.nextTick(this.#onTick);
    }
    return len;
  }

  readonly #onTick = (): void => {
    this.#flushDue = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#joinedLen === 0 || this.#joined === null || this.isBusy) return;
    const bytes = this.#joined.subarray(0, this.#joinedLen);
    this.#joinedLen = 0;
    this.#hand(bytes);
    this.#owed = this.#inFlight;
    // The kernel reads from it until it has room: the next batch joins elsewhere.
    if (this.#inFlight) this.#joined = null;
  }

  #hand(bytes: Buffer): void {
    this.#inFlight = true;
    this.#handing = true;
    send(this.#socket, bytes, this.#onSent);
    this.#handing = false;
  }

  readonly #onSent = (error?: Error | null): void => {
    this.#inFlight = false;
    this.#owed = false;
    const isNow = this.#handing;
    if (error !== undefined && error !== null) {
      this.#broken ??= error;
      // Whoever wrote just now is still inside its call.
      process.nextTick(() => this.#fail(error));
    } else if (!isNow && this.#whenSent === null) {
      this.#conn?.onWritable();
    }
    if (!isNow) this.#whenSent?.();
  };
}
