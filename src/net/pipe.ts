/**
 * Two connections, joined in memory.
 *
 * A pipe behaves as TCP on one machine does: what is written lies in the
 * peer's buffer until it is read, a full buffer makes writes wait as a closed
 * window does, closing with unread bytes resets (RFC 9293 §3.6.1), and writing
 * to an end that is gone resets too.
 *
 * ```ts
 * const [client, server] = pipe();
 * await client.write(new TextEncoder().encode("hello"));
 * ```
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { ByteRing } from "./byte-ring.ts";
import { Calls } from "./calls.ts";
import { StreamConn } from "./stream-conn.ts";
import { END, type Transport } from "./transport.ts";
import type { Conn, TcpAddr } from "./types.ts";

/** What connections in memory may be told. */
export interface MemoryOptions {
  /** For deadlines. Without one time stands still: only deadlines in the past pass. */
  readonly clock?: Clock | undefined;
  /** Who hears of calls. */
  readonly calls?: Calls | undefined;
  /** Bytes that may lie unread at each end; 64 KiB unless told. */
  readonly capacity?: number | undefined;
}

/** How to make a {@link pipe}. */
export interface PipeOptions extends MemoryOptions {
  readonly clientAddr?: TcpAddr | undefined;
  readonly serverAddr?: TcpAddr | undefined;
}

const CAPACITY = 64 * 1024;
const CLIENT_ADDR: TcpAddr = { hostname: "127.0.0.1", port: 49_152 };
const SERVER_ADDR: TcpAddr = { hostname: "127.0.0.1", port: 8080 };

/** A clock that stands still. */
export const STOPPED_CLOCK: Clock = { now: () => 0, after: () => () => {} };

/** A connected pair: the end that dialed, and the end that accepted. */
export function pipe(options: PipeOptions = {}): [client: Conn, server: Conn] {
  const { clientAddr = CLIENT_ADDR, serverAddr = SERVER_ADDR, calls = new Calls() } = options;
  const ends = pipeEnds({ ...options, calls }, clientAddr, serverAddr);
  return [ends.client.open(), ends.server.open()];
}

/** An end that may be opened, once, or reset unseen. */
export interface UnopenedEnd {
  open(): Conn;
  discard(): void;
}

/** A {@link pipe} whose ends have not been accepted yet. */
export function pipeEnds(
  { clock = STOPPED_CLOCK, calls = new Calls(), capacity = CAPACITY }: MemoryOptions,
  clientAddr: TcpAddr,
  serverAddr: TcpAddr,
): { client: UnopenedEnd; server: UnopenedEnd } {
  const a = new PipeEnd(capacity);
  const b = new PipeEnd(capacity);
  a.join(b);
  b.join(a);
  const unopened = (end: PipeEnd, role: "client" | "server"): UnopenedEnd => ({
    open() {
      const [localAddr, remoteAddr] =
        role === "client" ? [clientAddr, serverAddr] : [serverAddr, clientAddr];
      return end.open(
        new StreamConn({ transport: end, role, localAddr, remoteAddr, calls, clock }),
      );
    },
    discard: () => end.close(true),
  });
  return { client: unopened(a, "client"), server: unopened(b, "server") };
}

/** One end of a pipe, below its connection. */
class PipeEnd implements Transport {
  readonly isBusy = false;
  /** What the peer wrote and nobody has read yet. */
  readonly #inbox: ByteRing;
  #peer: PipeEnd = this;
  #conn: StreamConn | null = null;
  /** The peer's FIN has come. */
  #hasFin = false;
  /** Nothing moves here any more: closed, or reset by the peer. */
  #isGone = false;
  /** A reader was told that nothing is here; a writer that there is no room at the peer. */
  #wantsBytes = false;
  #wantsRoom = false;
  /** What the connection hears of when the microtasks come. */
  #news = { finished: false, reset: false, closed: false };
  #isDue = false;

  constructor(capacity: number) {
    this.#inbox = new ByteRing(capacity);
  }

  join(peer: PipeEnd): void {
    this.#peer = peer;
  }

  open(conn: StreamConn): StreamConn {
    this.#conn = conn;
    this.#tell();
    return conn;
  }

  take(p: Uint8Array): number {
    const n = this.#inbox.take(p);
    if (n > 0) this.#peer.#onRoom();
    if (n > 0) return n;
    if (this.#hasFin) return END;
    this.#wantsBytes = true;
    return 0;
  }

  put(p: Uint8Array, at: number): number {
    const peer = this.#peer;
    if (peer.#isGone) {
      // As with a kernel, the write goes well and the answer to its segment is a RST.
      if (p.length > at) this.#onReset();
      return p.length - at;
    }
    const n = peer.#inbox.put(p, at);
    if (n > 0) peer.#onBytes();
    this.#wantsRoom = n < p.length - at;
    return n;
  }

  finish(): void {
    this.#peer.#onFin();
    this.#news.finished = true;
    this.#tell();
  }

  close(reset: boolean): void {
    if (this.#isGone) return;
    this.#isGone = true;
    if (reset || this.#inbox.length > 0) this.#peer.#onReset();
    else this.#peer.#onFin();
    this.#inbox.clear();
    this.#news.closed = true;
    this.#tell();
  }

  #onBytes(): void {
    if (this.#wantsBytes) this.#tell();
  }

  #onRoom(): void {
    if (this.#wantsRoom) this.#tell();
  }

  #onFin(): void {
    this.#hasFin = true;
    if (this.#wantsBytes) this.#tell();
  }

  #onReset(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#news.reset = true;
    this.#news.closed = true;
    this.#tell();
  }

  /** Not at once: the connection may be in the middle of a call of its own. */
  #tell(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.#conn !== null) this.#tellNow(this.#conn);
    });
  }

  #tellNow(conn: StreamConn): void {
    const news = this.#news;
    this.#news = { finished: false, reset: false, closed: false };
    if (this.#wantsBytes && (this.#inbox.length > 0 || this.#hasFin)) {
      this.#wantsBytes = false;
      conn.onReadable();
    }
    if (this.#wantsRoom && !this.#isGone) {
      this.#wantsRoom = false;
      conn.onWritable();
    }
    if (news.finished) conn.onFinished();
    if (news.reset) conn.onError("reset");
    if (news.closed) conn.onClosed();
  }
}
