/**
 * The window that a connection begins with (RFC 6928 §2).
 *
 * @module
 */
import type { Profile } from "../profile.ts";

/** Bytes: so many segments, but no more than the bound unless two segments are more. */
export function initialWindow(mss: number, profile: Profile): number {
  return Math.min(profile.initialWindow * mss, Math.max(2 * mss, profile.initialWindowBytes));
}
