/**
 * What of a profile is the setting of a host, not the policy of its TCP: a script is written for a
 * host with these, whichever profile answers on it.
 *
 * @module
 */
import type { Profile } from "../../stack/tcp/profile.ts";

/** Each is a switch or a size that an administrator sets, or the layout that a script spells out. */
const HOST_SETTINGS = [
  "timestamps",
  "sack",
  "windowScaling",
  "ecn",
  "synOptions",
  "synPadding",
  "receiveBuffer",
  "receiveBufferMax",
  "roundsReceiveBuffer",
  "takesWholeBuffer",
  "sendBuffer",
  // RFC 9293 §3.8.6.3 leaves an ACK any moment under 500 ms: a script writes one of them down.
  "delayedAckNs",
  "quickAcks",
  "delaysFinAck",
  "ackSecond",
  "idleRestart",
  "rtoInitialNs",
  "keepAlive",
  "mslNs",
  "finWait2Ns",
] as const satisfies readonly (keyof Profile)[];

/** The settings alone. */
export function hostSettings(profile: Profile): Partial<Profile> {
  return Object.fromEntries(HOST_SETTINGS.map((name) => [name, profile[name]]));
}
