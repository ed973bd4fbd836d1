/**
 * A port that accepts connections: a bounded number of them half open, and a
 * bounded number that wait to be accepted (RFC 4987 §3).
 *
 * @module
 */
import type { EndpointInit, TcpEndpoint, TcpListener, TcpSegment } from "../types.ts";
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
  /** Connections in SYN-RECEIVED at most; 1024 unless told. */
  readonly halfOpen?: number;
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

  constructor(init: ListenerInit) {
    this.localPort = init.localPort;
    this.#backlog = init.backlog;
    this.#halfOpen = init.halfOpen ?? HALF_OPEN;
  }

  onSegment(
    segment: TcpSegment,
    init: EndpointInit,
    nowNs: number,
  ): { readonly endpoint: TcpEndpoint } | { readonly reply: TcpSegment } | null {
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

  #begin(
    segment: TcpSegment,
    init: EndpointInit,
    nowNs: number,
  ): { readonly endpoint: TcpEndpoint } | null {
    // A full queue is looked through once, so that a flood costs no more than its segments.
    if (this.#begun.size >= this.#halfOpen) this.#sort();
    if (this.#begun.size >= this.#halfOpen || this.#done.size >= this.#backlog) return null;
    const endpoint = makeEndpoint(init);
    endpoint.listen();
    endpoint.onSegment(segment, nowNs);
    this.#begun.add(endpoint);
    return { endpoint };
  }

  accept(): TcpEndpoint | null {
    this.#sort();
    for (const endpoint of this.#done) {
      this.#done.delete(endpoint);
      return endpoint;
    }
    return null;
  }

  get ready(): number {
    this.#sort();
    return this.#done.size;
  }

  get halfOpen(): number {
    this.#sort();
    return this.#begun.size;
  }

  /** Moves those whose handshake is done, and forgets those that failed. */
  #sort(): void {
    for (const endpoint of this.#begun) {
      if (endpoint.state === "SYN-RECEIVED") continue;
      this.#begun.delete(endpoint);
      // One that was reset after the handshake is accepted all the same, and says so when it is read.
      if (endpoint.wasConnected) this.#done.add(endpoint);
    }
  }

  close(nowNs: number): void {
    for (const endpoint of [...this.#begun, ...this.#done]) endpoint.abort(nowNs);
    this.#begun.clear();
    this.#done.clear();
  }
}
