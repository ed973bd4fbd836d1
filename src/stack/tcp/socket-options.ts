/**
 * The options that a connection has from the start.
 *
 * @module
 */
import type { SocketOptions } from "../types.ts";
import type { Profile } from "./profile.ts";

/** The options in `given`, and the profile's for the rest. When nothing is missing it is `given` itself, which many may share. */
export function wholeOptions(
  profile: Profile,
  given: Partial<SocketOptions> = {},
): Readonly<SocketOptions> {
  if (isWhole(given)) return given;
  return {
    noDelay: false,
    cork: false,
    quickAck: false,
    keepAlive: null,
    linger: null,
    userTimeoutNs: null,
    receiveBuffer: profile.receiveBuffer,
    sendBuffer: profile.sendBuffer,
    maxSegment: null,
    finWait2Ns: null,
    ...given,
  };
}

function isWhole(given: Partial<SocketOptions>): given is SocketOptions {
  return (
    given.noDelay !== undefined &&
    given.cork !== undefined &&
    given.quickAck !== undefined &&
    given.keepAlive !== undefined &&
    given.linger !== undefined &&
    given.userTimeoutNs !== undefined &&
    given.receiveBuffer !== undefined &&
    given.sendBuffer !== undefined &&
    given.maxSegment !== undefined &&
    given.finWait2Ns !== undefined
  );
}
