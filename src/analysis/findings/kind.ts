/**
 * What a segment is, for the finder to ask only the detectors that have
 * something to say of it: most segments are the next data or a plain
 * acknowledgement, and most detectors look for what is rare.
 *
 * @module
 */
import { hasOnlyTimestamps } from "../../wire/tcp-plain-options.ts";
import { Flag } from "../../wire/tcp.ts";
import type { Moment } from "./moment.ts";

/** Bits of what a segment is; a detector `wants` some of them, and sees segments that are any of these. */
export const Kind = {
  /** Flags other than ACK, with or without a push. */
  FLAGS: 1,
  /** A verdict was given. */
  VERDICT: 2,
  DATA: 4,
  /** A pure acknowledgement. */
  ACK: 8,
  /** Options other than time stamps, or none at all. */
  OPTIONS: 16,
  /** It acknowledges something whose time is known. */
  RTT: 32,
  /** The first of its connection. */
  FIRST: 64,
  /** Its connection has been marked as one to watch (`ConnectionFacts.watched`). */
  WATCHED: 128,
  /** A router has marked it (RFC 3168 §5), or it came in fragments. */
  HANDLED: 256,
} as const;

/** Every segment is one of these. */
export const ANY_KIND = 512;

/** Combinations of kinds. */
export const KINDS = 1024;

/** RFC 3168 §5: congestion was experienced. */
const CE = 3;

/** The kinds of the segment in `m`. */
export function kindOf(m: Moment, isFirst: boolean, isWatched: boolean): number {
  const { s } = m;
  const { view, path, packet } = s;
  let kind = ANY_KIND;
  if ((m.flags & ~Flag.PSH) !== Flag.ACK) kind |= Kind.FLAGS;
  if (m.bits !== 0) kind |= Kind.VERDICT;
  if (s.payloadLen > 0) kind |= Kind.DATA;
  if (m.isPureAck) kind |= Kind.ACK;
  if (!hasOnlyTimestamps(view, path.tcpAt, s.headerLen, path.tcpEnd)) kind |= Kind.OPTIONS;
  if (m.v.ackRttNs > 0) kind |= Kind.RTT;
  if (isFirst) kind |= Kind.FIRST;
  if (isWatched) kind |= Kind.WATCHED;
  const traffic = view.getUint8(path.ipAt + 1);
  const isMarked = ((path.ipVersion === 4 ? traffic : traffic >>> 4) & CE) === CE;
  if (isMarked || view !== packet.view) kind |= Kind.HANDLED;
  return kind;
}
