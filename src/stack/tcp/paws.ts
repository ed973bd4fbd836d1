/**
 * Protection against wrapped sequence numbers (RFC 7323 §5).
 *
 * @module
 */
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import type { Timestamps } from "./options.ts";
import type { Profile } from "./profile.ts";
import type { Receiver } from "./receiver.ts";

/** TS.Recent of a connection that was silent for longer proves nothing (RFC 7323 §5.5). */
const OUTDATED_NS = 24 * 86_400 * 1e9;

/** RFC 7323 §5.3 R1, on a connection with timestamps: why `segment` is dropped, or `null`. */
export function checkPaws(
  rcv: Receiver,
  segment: TcpSegment,
  timestamps: Timestamps | null,
  profile: Profile,
  nowNs: number,
): "no timestamps" | "old timestamp" | null {
  if ((segment.flags & Flag.RST) !== 0) return null;
  if (timestamps === null) return profile.missingTimestamps === "drop" ? "no timestamps" : null;
  if (nowNs - rcv.tsRecentNs > OUTDATED_NS) return null;
  return ((timestamps.value - rcv.tsRecent) | 0) < 0 ? "old timestamp" : null;
}
