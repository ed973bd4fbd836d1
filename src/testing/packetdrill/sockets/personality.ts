/**
 * What kernels do with sockets above TCP, as data: their scripts see it.
 *
 * @module
 */
import { FREEBSD_STATES, LINUX_STATES, type StateNumbers } from "../runner/tcp-info.ts";

/** The kernels that scripts are written for, and none of them. */
export type KernelName = "linux" | "freebsd" | "generic";

/** Of one kernel. */
export interface Personality {
  /** SO_RCVBUF and SO_SNDBUF count what the kernel keeps beside the data: times so much. */
  readonly bufferFactor: number;
  /** The receive buffer becomes a multiple of the MSS as soon as that is known. */
  readonly roundsReceiveBuffer: boolean;
  /** A SYN-ACK tells no larger MSS than the SYN did. */
  readonly answersWithPeerMss: boolean;
  /** After SHUT_RD data is acknowledged and thrown away. */
  readonly discardsAfterShutdown: boolean;
  /** TCP_MAXSEG without a peer gives what was set. */
  readonly tellsOwnMss: boolean;
  /** Errors of ICMP have Linux's names. */
  readonly namesIcmp: boolean;
  /** TCP_NODELAY lets out what TCP_CORK holds back. */
  readonly noDelayFlushes: boolean;
  /** Values of options that the kernel refuses are refused. */
  readonly boundsOptions: boolean;
  /** O_NONBLOCK, as F_GETFL gives it. */
  readonly nonblockBit: number;
  /** What tcpi_state gives. */
  readonly states: StateNumbers;
  /** tcpi_snd_cwnd counts segments, not bytes. */
  readonly windowInSegments: boolean;
}

const GENERIC: Personality = {
  bufferFactor: 1,
  roundsReceiveBuffer: false,
  answersWithPeerMss: false,
  discardsAfterShutdown: true,
  tellsOwnMss: true,
  namesIcmp: false,
  boundsOptions: false,
  noDelayFlushes: false,
  nonblockBit: 0x800,
  states: LINUX_STATES,
  windowInSegments: true,
};

const LINUX: Personality = {
  ...GENERIC,
  bufferFactor: 2,
  discardsAfterShutdown: false,
  namesIcmp: true,
  boundsOptions: true,
  noDelayFlushes: true,
};

/** Linux until 2016. */
export const OLD_LINUX: Personality = { ...LINUX, tellsOwnMss: false };

const FREEBSD: Personality = {
  ...GENERIC,
  roundsReceiveBuffer: true,
  answersWithPeerMss: true,
  tellsOwnMss: false,
  nonblockBit: 4,
  states: FREEBSD_STATES,
  windowInSegments: false,
};

/** By kernel. */
export const PERSONALITIES: Readonly<Record<KernelName, Personality>> = {
  linux: LINUX,
  freebsd: FREEBSD,
  generic: GENERIC,
};
