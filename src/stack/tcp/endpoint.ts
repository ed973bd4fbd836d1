/**
 * A TCP endpoint without input or output: RFC 9293 from OPEN to CLOSED.
 *
 * ```ts ignore
 * const endpoint = makeEndpoint({ localPort: 40_000, remotePort: 80, mtu: 1500, ipHeaderLen: 20, iss, profile: linux });
 * endpoint.connect(nowNs);
 * endpoint.poll(nowNs); // the SYN
 * ```
 *
 * `types.ts` says how to drive it.
 *
 * @module
 */
import type {
  EndpointInit,
  IcmpError,
  SocketOptions,
  TcpEndpoint,
  TcpEvent,
  TcpSegment,
  TcpState,
  TcpStatus,
} from "../types.ts";
import { arrive } from "./arrive.ts";
import {
  abort,
  canSend,
  close,
  closeWrite,
  open,
  receive,
  send,
  setOptions,
  status,
} from "./calls.ts";
import { keepTimer, nextSegment } from "./output.ts";
import { onIcmp } from "./path-mtu.ts";
import { follow, mayFollow } from "./train.ts";
import { Tcb, type OnSettled } from "./tcb.ts";
import { isNewerSyn } from "./time-wait.ts";

/** An endpoint in CLOSED; `connect` or `listen` opens it, once. `onSettled`: it has left SYN-RECEIVED, one way or the other. */
export function makeEndpoint(init: EndpointInit, onSettled?: OnSettled): TcpEndpoint {
  return new Endpoint(init, onSettled ?? null);
}

class Endpoint implements TcpEndpoint {
  readonly #t: Tcb;
  /** Something may be sent at once: `poll` is not done. */
  #isDirty = false;
  /** What `poll` gave last, as long as nothing but `poll` was called, and data may simply follow it. */
  #last: TcpSegment | null = null;

  constructor(init: EndpointInit, onSettled: OnSettled | null) {
    this.#t = new Tcb(init, this, onSettled);
  }

  get state(): TcpState {
    return this.#t.state;
  }

  get localPort(): number {
    return this.#t.localPort;
  }

  get remotePort(): number {
    return this.#t.remotePort;
  }

  get options(): Readonly<SocketOptions> {
    return this.#t.options;
  }

  get wasConnected(): boolean {
    return this.#t.wasConnected;
  }

  get owesDuplicate(): boolean {
    return this.#t.ackOwed === "duplicate-ack";
  }

  get canSend(): boolean {
    return canSend(this.#t);
  }

  get readable(): number {
    return this.#t.rcv.buffer.length;
  }

  #touch(): void {
    this.#isDirty = true;
    this.#last = null;
  }

  connect(nowNs: number): void {
    open(this.#t, false, nowNs);
    this.#touch();
  }

  listen(): void {
    open(this.#t, true, 0);
  }

  onSegment(segment: TcpSegment, nowNs: number, isLent: boolean = false): void {
    arrive(this.#t, segment, nowNs, isLent);
    this.#touch();
  }

  settle(): void {
    this.#t.rcv.buffer.settle();
  }

  onIcmp(error: IcmpError, nowNs: number): void {
    onIcmp(this.#t, error, nowNs);
    this.#touch();
  }

  yieldsTo(segment: TcpSegment): boolean {
    return this.#t.state === "TIME-WAIT" && isNewerSyn(this.#t, segment);
  }

  poll(nowNs: number, isDone: boolean = false): TcpSegment | null {
    const next = this.#follow(nowNs, isDone);
    if (next !== null) return next;
    const segment = nextSegment(this.#t, nowNs);
    this.#last = segment !== null && mayFollow(this.#t, segment) ? segment : null;
    if (segment !== null) return segment;
    keepTimer(this.#t, nowNs);
    this.#t.forgetOptions();
    this.#isDirty = false;
    return null;
  }

  #follow(nowNs: number, isDone: boolean): TcpSegment | null {
    if (this.#last === null || nowNs !== this.#t.snd.lastNs) return null;
    this.#last = follow(this.#t, this.#last, nowNs, isDone);
    return this.#last;
  }

  pollAt(): number {
    return this.#isDirty ? -Infinity : this.#t.timers.next;
  }

  pollEvent(): TcpEvent | null {
    return this.#t.takeEvent();
  }

  send(p: Uint8Array, _nowNs: number, urgent: boolean = false): number {
    const n = send(this.#t, p, urgent);
    this.#last = null;
    // A full buffer changes nothing: who tries again at every step would never see it done.
    if (n > 0) this.#isDirty = true;
    return n;
  }

  receive(into: Uint8Array, _nowNs: number): number | null {
    const n = receive(this.#t, into);
    this.#last = null;
    if (this.#t.ackOwed !== null) this.#isDirty = true;
    return n;
  }

  closeWrite(nowNs: number): void {
    closeWrite(this.#t, nowNs);
    this.#touch();
  }

  close(nowNs: number): void {
    close(this.#t, nowNs);
    this.#touch();
  }

  abort(nowNs: number): void {
    abort(this.#t, nowNs);
    this.#touch();
  }

  setOptions(options: Partial<SocketOptions>, nowNs: number): void {
    setOptions(this.#t, options, nowNs);
    this.#touch();
  }

  status(): TcpStatus {
    return status(this.#t);
  }
}
