/**
 * What the connections of a host are made of, and share.
 *
 * @module
 */
import { ipHeaderLen } from "../ip/write-ip.ts";
import { initialSequence } from "../tcp/isn.ts";
import { RingPool } from "../tcp/ring-pool.ts";
import { wholeOptions } from "../tcp/socket-options.ts";
import type { EndpointInit, SocketOptions } from "../types.ts";
import { flowHash } from "./flow-hash.ts";
import type { Flow } from "./flow-table.ts";
import type { ConnectionOptions, HostInit } from "./host-options.ts";

/** Makes one {@link EndpointInit} after the other. */
export class EndpointInits {
  readonly #host: HostInit;
  readonly #secret: Uint8Array;
  readonly #mtuTo: (remote: Uint8Array) => number;
  /** Of connections that have none of their own. */
  readonly #options: Readonly<SocketOptions>;
  readonly #buffers = new RingPool();

  /** `mtuTo`: bytes of the longest packet that may leave for an address. */
  constructor(host: HostInit, secret: Uint8Array, mtuTo: (remote: Uint8Array) => number) {
    this.#host = host;
    this.#secret = secret;
    this.#mtuTo = mtuTo;
    this.#options = wholeOptions(host.profile, host.options);
  }

  /** For a connection of `flow`; what `own` tells goes before what the host was told. */
  of(flow: Flow, own: ConnectionOptions, nowNs: number): EndpointInit {
    const { profile } = this.#host;
    const makeCongestion = own.congestion ?? this.#host.congestion;
    const probe = own.probe ?? this.#host.probe;
    const near = { address: flow.local, port: flow.localPort };
    const far = { address: flow.remote, port: flow.remotePort };
    return {
      localPort: flow.localPort,
      remotePort: flow.remotePort,
      mtu: this.#mtuTo(flow.remote),
      ipHeaderLen: ipHeaderLen(flow.remote),
      iss: initialSequence(this.#secret, near, far, nowNs),
      tsOffset: flowHash(this.#secret, "timestamp", flow),
      profile,
      buffers: this.#buffers,
      options: own.options === undefined ? this.#options : { ...this.#options, ...own.options },
      ...(makeCongestion !== undefined && { congestion: makeCongestion }),
      ...(probe !== undefined && { probe }),
    };
  }
}
