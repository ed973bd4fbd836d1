/**
 * What a host and its connections may be told.
 *
 * @module
 */
import type { Device } from "../device/device.ts";
import type { EndpointInit, SocketOptions } from "../types.ts";
import type { Profile } from "../tcp/profile.ts";
import type { HostProbe } from "./host-probe.ts";

/** What connections are made with. */
export interface ConnectionOptions {
  readonly options?: Partial<SocketOptions> | undefined;
  readonly congestion?: EndpointInit["congestion"] | undefined;
  readonly probe?: EndpointInit["probe"] | undefined;
}

/** What a host is made of. */
export interface HostInit extends ConnectionOptions {
  /** Literals; at least one. */
  readonly addresses: readonly string[];
  readonly device: Device;
  readonly profile: Profile;
  /**
   * Key of sequence numbers, ports and timestamps (RFC 6528 §3): 16 bytes that nobody guesses
   * for a host that others can reach. Unless told, made from the first address: the same in
   * every run.
   */
  readonly secret?: Uint8Array | undefined;
  /**
   * Whether TCP checksums are written and verified; true unless told. A virtual link that
   * corrupts nothing does without.
   */
  readonly checksums?: boolean | undefined;
  /** Hears of packets that end here. */
  readonly hostProbe?: HostProbe | undefined;
}

/** How to connect. */
export interface ConnectOptions extends ConnectionOptions {
  /** One of the host's; the first of the right version unless told. */
  readonly localAddress?: string | undefined;
  /** A free one unless told. */
  readonly localPort?: number | undefined;
}

/** How to listen. */
export interface HostListenOptions extends ConnectionOptions {
  /** Connections that may wait to be accepted; 511 unless told. */
  readonly backlog?: number | undefined;
  /** Connections that may be half open (RFC 4987 §3.2); of more the oldest gives way. 1024 unless told. */
  readonly halfOpen?: number | undefined;
}
