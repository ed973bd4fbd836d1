/**
 * The options that a connection has from the start.
 *
 * @module
 */
import type { SocketOptions } from "../types.ts";
import type { Profile } from "./profile.ts";

/** Unless told (RFC 1700). */
const HOP_LIMIT = 64;

/** @throws {RangeError} when a field of the IP header could not hold what is asked for. */
export function checkOptions({ dscp, hopLimit }: Partial<SocketOptions>): void {
  check("DSCP", dscp, 0, 63);
  check("hop limit", hopLimit, 1, 255);
}

function check(what: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new RangeError(
    `Cannot send with a ${what} of ${value}: it must be an integer from ${least} to ${most}`,
  );
}

/** The options in `given`, and the profile's for the rest. When nothing is missing it is `given` itself, which many may share. */
export function wholeOptions(
  profile: Profile,
  given: Partial<SocketOptions> = {},
): Readonly<SocketOptions> {
  checkOptions(given);
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
    dscp: 0,
    hopLimit: HOP_LIMIT,
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
    given.finWait2Ns !== undefined &&
    given.dscp !== undefined &&
    given.hopLimit !== undefined
  );
}
