/**
 * What becomes of packets on a link: events for a probe, and counters.
 *
 * @module
 */

/** Why a link dropped a packet. */
export type LinkDrop =
  /** Longer than the link's MTU. */
  | "too-big"
  /** No room in the queue. */
  | "queue-full"
  /** CoDel found that the queue stands (RFC 8289). */
  | "codel"
  /** Lost on the wire, as the loss model wanted. */
  | "loss";

/** What happened to packet `id`, counted from 0 as they are offered. Times in nanoseconds. */
export type LinkEvent = {
  readonly id: number;
  readonly atNs: number;
  readonly packet: Uint8Array;
} & (
  | {
      readonly name: "queued";
      /** What waits now, this one included. */
      readonly packets: number;
      readonly bytes: number;
    }
  | { readonly name: "sending"; readonly waitedNs: number }
  | { readonly name: "dropped"; readonly why: LinkDrop }
  /** CE was set instead of a drop (RFC 3168 §5). */
  | { readonly name: "marked" }
  | { readonly name: "corrupted"; readonly bit: number }
  | { readonly name: "duplicated" }
  /** It was held up, so that others may overtake it. */
  | { readonly name: "held" }
  | { readonly name: "arrived" }
);

/** Hears of every event of one direction of a link. */
export type LinkProbe = (event: LinkEvent) => void;

/** How many packets met which fate. `offered + duplicated` is all others and what is under way. */
export interface LinkCounters {
  offered: number;
  arrived: number;
  tooBig: number;
  queueFull: number;
  codel: number;
  lost: number;
  marked: number;
  corrupted: number;
  duplicated: number;
  held: number;
  /** Bytes of the packets that arrived. */
  bytes: number;
}

/** Counters at zero. */
export function newLinkCounters(): LinkCounters {
  return {
    offered: 0,
    arrived: 0,
    tooBig: 0,
    queueFull: 0,
    codel: 0,
    lost: 0,
    marked: 0,
    corrupted: 0,
    duplicated: 0,
    held: 0,
    bytes: 0,
  };
}
