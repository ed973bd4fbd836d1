/**
 * A port that accepts connections: a bounded number of them half open, and a
 * bounded number that wait to be accepted (RFC 4987 §3).
 *
 * @module
 */
import type { Begun, EndpointInit, TcpEndpoint, TcpListener, TcpSegment } from "../types.ts";
import { replyTo } from "./closed.ts";
import { makeEndpoint } from "./endpoint.ts";
import { arrivesInListen } from "./listen.ts";

/** Connections in SYN-RECEIVED at most, unless told. */
const HALF_OPEN = 1024;

/** How much a listener holds. */
export interface ListenerInit {
  readonly localPort: number;
  /** Connections that may wait for `accept`. */
  readonly backlog: number;
  /** Connections in SYN-RECEIVED at most, of more the oldest gives way; 1024 unless told. */
  readonly halfOpen?: number | undefined;
}

/** A listener; see {@link TcpListener}. */
export function makeListener(init: ListenerInit): TcpListener {
  return new Listener(init);
}

class Listener implements TcpListener {
  readonly localPort: number;
  readonly #backlog: number;
  readonly #halfOpen: number;
  /** In SYN-RECEIVED, oldest first. */
  readonly #begun = new Set<TcpEndpoint>();
  /** The handshake is done, oldest first. */
  readonly #done = new Set<TcpEndpoint>();
  /** The handshake of one is done, or failed. One that is reset later is accepted all the same, and says so when it is read. */
  readonly #onSettled = (endpoint: TcpEndpoint): void => {
    this.#begun.delete(endpoint);
    if (endpoint.wasConnected) this.#done.add(endpoint);
  };

  constructor(init: ListenerInit) {
    this.localPort = init.localPort;
    this.#backlog = init.backlog;
    this.#halfOpen = init.halfOpen ?? HALF_OPEN;
  }

  onSegment(
    segment: TcpSegment,
    init: EndpointInit,
    nowNs: number,
  ): Begun | { readonly reply: TcpSegment } | null {
    const d = arrivesInListen(segment, init.profile.dropSynFin);
    switch (d.do) {
      case "drop":
        return null;
      case "reply":
        return { reply: replyTo(segment, d.segment) };
      case "accept":
        return this.#begin(segment, init, nowNs);
    }
  }

  #begin(segment: TcpSegment, init: EndpointInit, nowNs: number): Begun | null {
    if (this.isFull || this.#halfOpen < 1) return null;
    const gaveWay = this.#begun.size < this.#halfOpen ? null : this.#dropOldest(nowNs);
    const endpoint = makeEndpoint(init, this.#onSettled);
    endpoint.listen();
    endpoint.onSegment(segment, nowNs);
    this.#begun.add(endpoint);
    return { endpoint, gaveWay };
  }

  /** One who is there answers within a round trip; the oldest of a full queue is the likeliest to be nobody (RFC 4987 §3.4). */
  #dropOldest(nowNs: number): TcpEndpoint | null {
    for (const endpoint of this.#begun) {
      endpoint.abort(nowNs);
      return endpoint;
    }
    return null;
  }

  accept(): TcpEndpoint | null {
    for (const endpoint of this.#done) {
      this.#done.delete(endpoint);
      return endpoint;
    }
    return null;
  }

  get isFull(): boolean {
    return this.#done.size >= this.#backlog;
  }

  get ready(): number {
    return this.#done.size;
  }

  get halfOpen(): number {
    return this.#begun.size;
  }

  close(nowNs: number): void {
    for (const endpoint of [...this.#begun, ...this.#done]) endpoint.abort(nowNs);
    this.#begun.clear();
    this.#done.clear();
  }
}
