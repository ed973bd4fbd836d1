/**
 * What a host does with packets: events for a probe, and counters.
 *
 * @module
 */
import type { IpDrop } from "../ip/read-ip.ts";

/** Why a host takes nothing of a packet that came. */
export type HostDrop =
  | IpDrop
  /** For another host. */
  | "not-ours"
  /** From an address that no single host can have (RFC 9293 §3.9.2.3), or from outside and one of this host's own. */
  | "bad-source"
  /** The TCP header does not fit, or its checksum does not. */
  | "bad-segment"
  /** ICMP that is damaged or says nothing for TCP. */
  | "unread-icmp"
  /** Carries something else than TCP and ICMP. */
  | "no-protocol"
  /** Nobody has this port: answered by RST (RFC 9293 §3.10.7.1). */
  | "no-connection"
  /** A listener took nothing of it: no SYN, or as many wait to be accepted as may. */
  | "not-accepted";

/** Hears of packets that end at a host; what its connections do is their own probe's. */
export type HostProbe = (drop: {
  readonly why: HostDrop;
  readonly packet: Uint8Array;
  readonly atNs: number;
}) => void;

/** How many packets a host had, and what became of them. */
export interface HostCounters {
  /** Packets that came, whatever they were. */
  received: number;
  sent: number;
  /** RSTs for no connection. */
  resets: number;
  /** Half-open connections that were dropped, the oldest first, because a listener had too many (RFC 4987 §3.4). */
  gaveWay: number;
  /** Errors and replies. */
  icmpSent: number;
  /** Errors given to connections. */
  icmpErrors: number;
  readonly drops: Record<HostDrop, number>;
}

/** Counters at zero. */
export function newHostCounters(): HostCounters {
  const drops: Record<HostDrop, number> = {
    truncated: 0,
    "bad-version": 0,
    "bad-length": 0,
    "bad-checksum": 0,
    fragment: 0,
    "source-route": 0,
    "not-ours": 0,
    "bad-source": 0,
    "bad-segment": 0,
    "unread-icmp": 0,
    "no-protocol": 0,
    "no-connection": 0,
    "not-accepted": 0,
  };
  return { received: 0, sent: 0, resets: 0, gaveWay: 0, icmpSent: 0, icmpErrors: 0, drops };
}
