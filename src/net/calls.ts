/**
 * Calls of a program become events: who made them, and where they go.
 *
 * A backend has one {@link Calls}. It asks {@link Calls.begin} for a
 * {@link Call} before it does anything and hands it back to
 * {@link Calls.done} or {@link Calls.fail} when the result is there. While
 * nobody listens `begin` returns `null`: one test, no object, no clock read.
 *
 * A {@link CallSink} gets every call twice, at its begin and at its end, and
 * takes the time itself. {@link CallLog} is one; on Node another one publishes
 * on `diagnostics_channel`.
 *
 * @module
 */
import type { CallEvent, CallOp } from "../pcap/event.ts";
import { formatAddress } from "./address.ts";
import { NetError } from "./errors.ts";
import type { Conn, TcpAddr } from "./types.ts";

/** A call under way: a message for a {@link CallSink}, the same object at its begin and at its end. */
export interface Call {
  /** Unique in its {@link Calls}; in the order of begins. */
  readonly id: number;
  readonly op: CallOp;
  readonly role: "client" | "server";
  /** `null` while unknown: in a listen, and in an accept or dial that has not succeeded. */
  conn: number | null;
  /** `host:port`, `null` while unknown. */
  local: string | null;
  remote: string | null;
  /** Bytes read or written, known at the end; `null` in other calls, and in a read that met EOF. */
  bytes: number | null;
  eof: boolean;
  /** `null` unless it failed, known at the end. */
  error: NetError | null;
}

/** Who made a call: a connection, or a listener or dialer that has none yet. */
export interface Caller {
  readonly role: "client" | "server";
  readonly id: number | null;
  readonly local: string | null;
  readonly remote: string | null;
}

/** Hears of calls. Its methods must not throw. */
export interface CallSink {
  /** Whether it wants to hear of calls of this kind now. */
  isActive(op: CallOp): boolean;
  /** Before the call does anything. */
  onBegin(call: Call): void;
  /** When the call has its result, before its promise settles. */
  onEnd(call: Call): void;
}

const NOBODY: CallSink = { isActive: () => false, onBegin: () => {}, onEnd: () => {} };

/** The calls of one network: their ids, and the ids of its connections. */
export class Calls {
  readonly #sink: CallSink;
  #lastCall = 0;
  #lastConn = 0;

  constructor(sink: CallSink = NOBODY) {
    this.#sink = sink;
  }

  /** An id for a new connection. */
  nextConn(): number {
    return ++this.#lastConn;
  }

  /** A call begins; `null` when nobody wants to hear of it. */
  begin(op: CallOp, caller: Caller): Call | null {
    return this.#sink.isActive(op) ? this.#begin(op, caller) : null;
  }

  // Apart, so that the test above is small enough to be inlined into every read.
  #begin(op: CallOp, { role, id, local, remote }: Caller): Call {
    const result = { bytes: null, eof: false, error: null };
    const call: Call = { id: ++this.#lastCall, op, role, conn: id, local, remote, ...result };
    this.#sink.onBegin(call);
    return call;
  }

  /** A read or write went well: `bytes` of it, `null` at EOF. */
  done(call: Call | null, bytes: number | null): void {
    if (call === null) return;
    call.bytes = bytes;
    call.eof = call.op === "read" && bytes === null;
    this.#sink.onEnd(call);
  }

  /** A dial, accept or listen went well: now it is known what it made. */
  made(call: Call | null, made: Conn | { readonly localAddr: TcpAddr }): void {
    if (call === null) return;
    call.local = formatAddress(made.localAddr);
    if ("remoteAddr" in made) {
      call.conn = made.id;
      call.remote = formatAddress(made.remoteAddr);
    }
    this.#sink.onEnd(call);
  }

  /** A call failed. */
  fail(call: Call | null, error: NetError): void {
    if (call === null) return;
    call.error = error;
    if (call.op === "write") call.bytes = error.bytes;
    this.#sink.onEnd(call);
  }

  /** Does what `call` asks for; a failure of it is told, and thrown as a {@link NetError}. */
  async attempt<T>(
    call: Call | null,
    op: "listen" | "dial",
    body: () => T | Promise<T>,
  ): Promise<T> {
    try {
      return await body();
    } catch (cause) {
      const error = cause instanceof NetError ? cause : new NetError({ op, code: "other", cause });
      this.fail(call, error);
      throw error;
    }
  }
}

/** Turns calls into events of a recording. */
export class CallLog implements CallSink {
  readonly #now: () => bigint;
  #ended: CallEvent[] = [];
  readonly #pending = new Map<Call, bigint>();
  #closed = false;

  /** `now` reads the packets' clock: nanoseconds since 1970. */
  constructor(now: () => bigint) {
    this.#now = now;
  }

  isActive(): boolean {
    return !this.#closed;
  }

  onBegin(call: Call): void {
    if (!this.#closed) this.#pending.set(call, this.#now());
  }

  /** A call whose begin was not seen is left out. */
  onEnd(call: Call): void {
    const begin = this.#pending.get(call);
    if (begin === undefined || !this.#pending.delete(call)) return;
    this.#ended.push(eventOf(call, begin, this.#now()));
  }

  /** Calls that ended since the last time, in the order of their ends. */
  take(): CallEvent[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** No more calls: those not yet taken, in the order of their begins; `end` is `null` in those still waiting. */
  close(): CallEvent[] {
    this.#closed = true;
    const waiting = Array.from(this.#pending, ([call, begin]) => eventOf(call, begin, null));
    this.#pending.clear();
    return [...this.take(), ...waiting].toSorted((a, b) => a.id - b.id);
  }
}

function eventOf(call: Call, begin: bigint, end: bigint | null): CallEvent {
  const { id, op, role, conn, local, remote, bytes, eof } = call;
  const error = call.error?.code ?? null;
  return { kind: "call", id, op, role, conn, begin, end, local, remote, bytes, eof, error };
}
