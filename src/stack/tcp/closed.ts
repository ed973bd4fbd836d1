/**
 * A segment for a connection that does not exist (RFC 9293 §3.10.7.1).
 *
 * @module
 */
import { seqAdd } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import type { Drop, SendReset } from "./disposition.ts";
import { segmentLen } from "./segment-len.ts";

/** RFC 9293 §3.10.7.1: a RST that the sender of `segment` will believe, unless it is one itself. */
export function arrivesInClosed(segment: TcpSegment): Drop | SendReset {
  if ((segment.flags & Flag.RST) !== 0) return { do: "drop", why: "RST for no connection" };
  return { do: "reply", segment: resetFor(segment), why: "no connection" };
}

/** The RST that `segment` will be convinced by (RFC 9293 §3.5.2, group 1). */
export function resetFor(segment: TcpSegment): SendReset["segment"] {
  if (segment.ack !== null) return { seq: segment.ack, ack: null, flags: Flag.RST };
  const ack = seqAdd(segment.seq, segmentLen(segment));
  return { seq: 0, ack, flags: Flag.RST | Flag.ACK };
}

/** The segment that a host sends when nobody is there for `segment`; `null`: silence. */
export function replyToClosed(segment: TcpSegment): TcpSegment | null {
  const disposition = arrivesInClosed(segment);
  return disposition.do === "drop" ? null : replyTo(segment, disposition.segment);
}

/** `reply` as a whole segment, back to where `segment` came from. */
export function replyTo(segment: TcpSegment, reply: SendReset["segment"]): TcpSegment {
  return {
    ...reply,
    srcPort: segment.dstPort,
    dstPort: segment.srcPort,
    reserved: 0,
    window: 0,
    checksum: 0,
    urgent: 0,
    options: [],
    payload: new Uint8Array(0),
    ecn: "not-ECT",
  };
}
