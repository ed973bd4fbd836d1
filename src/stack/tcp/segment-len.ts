/**
 * SEG.LEN.
 *
 * @module
 */
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";

/** Numbers that `segment` takes: its bytes, its SYN and its FIN (RFC 9293 §3.4). */
export function segmentLen(segment: TcpSegment): number {
  const { flags } = segment;
  return (
    segment.payload.length + ((flags & Flag.SYN) === 0 ? 0 : 1) + ((flags & Flag.FIN) === 0 ? 0 : 1)
  );
}
