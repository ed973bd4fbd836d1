/**
 * A {@link Conn} over anything that moves bytes: what its calls mean, written once.
 *
 * ```
 *   read ──▶ reads that wait  ◀─take─┐           ┌─ onReadable  onWritable
 *  write ──▶ writes that wait ──put─▶│ Transport │─ onFinished  onError
 *  close ───────────────────close───▶└───────────┘─ onClosed
 * ```
 *
 * Reading pulls: bytes go from where they lie below straight into the reader's
 * buffer, and nothing moves while nobody reads. A call that can be served at
 * once makes its promise and nothing else: no timer, no listener, no closure.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { formatAddress } from "./address.ts";
import type { Caller, Calls } from "./calls.ts";
import type { NetErrorCode } from "./errors.ts";
import { ReadSide } from "./read-side.ts";
import type { Life } from "./side.ts";
import { readableOf, writableOf } from "./streams.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions, Conn, KeepAlive, TcpAddr } from "./types.ts";
import { WriteSide } from "./write-side.ts";

/** What a {@link StreamConn} is made of. */
export interface StreamConnInit {
  readonly transport: Transport;
  readonly role: "client" | "server";
  readonly localAddr: TcpAddr;
  readonly remoteAddr: TcpAddr;
  readonly calls: Calls;
  readonly clock: Clock;
}

/** {@link Conn} over a {@link Transport}. Its `on…` methods are for the transport alone. */
export class StreamConn implements Conn, Caller {
  readonly id: number;
  readonly role: "client" | "server";
  readonly localAddr: TcpAddr;
  readonly remoteAddr: TcpAddr;
  /** {@link localAddr} as text. */
  readonly local: string;
  readonly remote: string;
  readonly closed: Promise<void>;

  readonly #life: Life;
  readonly #transport: Transport;
  readonly #reads: ReadSide;
  readonly #writes: WriteSide;
  /** The transport was told to close, or told us that it failed. */
  #isReleased = false;
  #resetOnClose = false;
  #resolveClosed: () => void = () => {};
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array> | null = null;

  constructor({ transport, role, localAddr, remoteAddr, calls, clock }: StreamConnInit) {
    this.id = calls.nextConn();
    this.role = role;
    this.localAddr = localAddr;
    this.remoteAddr = remoteAddr;
    this.local = formatAddress(localAddr);
    this.remote = formatAddress(remoteAddr);
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    this.#life = { caller: this, calls, clock, isClosed: false, failure: null };
    this.#transport = transport;
    const onEnded = (): void => this.#onEnded();
    this.#reads = new ReadSide(this.#life, transport, onEnded);
    this.#writes = new WriteSide(this.#life, transport, onEnded);
  }

  read(p: Uint8Array, options?: CallOptions): Promise<number | null> {
    return this.#reads.read(p, options);
  }

  write(p: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#writes.write(p, options);
  }

  closeWrite(): Promise<void> {
    return this.#writes.closeWrite();
  }

  close(): void {
    if (this.#life.isClosed) return;
    this.#life.isClosed = true;
    const call = this.#life.calls.begin("close", this);
    this.#reads.failAll("closed");
    this.#writes.failAll("closed");
    this.#release(this.#resetOnClose);
    this.#life.calls.done(call, null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  setDeadline(ms: number | null): void {
    this.setReadDeadline(ms);
    this.setWriteDeadline(ms);
  }

  setReadDeadline(ms: number | null): void {
    if (!this.#life.isClosed) this.#reads.deadline.set(ms);
  }

  setWriteDeadline(ms: number | null): void {
    if (!this.#life.isClosed) this.#writes.deadline.set(ms);
  }

  setNoDelay(on: boolean): void {
    if (!this.#isReleased) this.#transport.setNoDelay?.(on);
  }

  setKeepAlive(keepAlive: KeepAlive): void {
    if (!this.#isReleased) this.#transport.setKeepAlive?.(keepAlive);
  }

  setLinger(seconds: 0 | null): void {
    this.#resetOnClose = seconds === 0;
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return (this.#readable ??= readableOf(this));
  }

  get writable(): WritableStream<Uint8Array> {
    return (this.#writable ??= writableOf(this));
  }

  /** {@link Transport.take} has something to say. */
  onReadable(): void {
    this.#reads.serve();
  }

  /** {@link Transport.put} takes bytes again, and what it took has gone down. */
  onWritable(): void {
    this.#writes.serve();
  }

  /** The FIN that {@link Transport.finish} asked for is out. */
  onFinished(): void {
    this.#writes.onFinished();
  }

  /** The way of bytes is broken; what came before it broke can still be taken. */
  onError(code: NetErrorCode, cause?: unknown): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#life.failure = { code, cause };
    this.#reads.serve();
    this.#reads.failAll(code, cause);
    this.#writes.failAll(code, cause);
  }

  /** Nothing is left below. */
  onClosed(): void {
    this.#resolveClosed();
  }

  /** One direction ended; with both, nobody can want anything of the transport any more. */
  #onEnded(): void {
    if (this.#reads.isEnded && this.#writes.isEnded) this.#release(false);
  }

  #release(reset: boolean): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#reads.deadline.stop();
    this.#writes.deadline.stop();
    this.#transport.close(reset);
  }
}
