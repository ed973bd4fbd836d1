/**
 * Congestion controls by name.
 *
 * @module
 */
import type { Profile } from "../profile.ts";
import type { CongestionControl } from "./congestion-control.ts";
import { Cubic } from "./cubic.ts";
import { Reno } from "./reno.ts";

/** The one that `profile` names. */
export function makeCongestion(mss: number, profile: Profile): CongestionControl {
  switch (profile.congestion) {
    case "reno":
      return new Reno(mss, profile);
    case "cubic":
      return new Cubic(mss, profile);
  }
}
