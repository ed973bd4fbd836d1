/**
 * The flags of a segment as the ladder writes them.
 *
 * @module
 */
import { Flag } from "../wire/tcp.ts";

const NAMES = [
  ["SYN", Flag.SYN],
  ["FIN", Flag.FIN],
  ["RST", Flag.RST],
  ["PSH", Flag.PSH],
  ["URG", Flag.URG],
  ["ACK", Flag.ACK],
] as const;

/** The names of the flags that are set, in the order of their weight: `["SYN", "ACK"]`. */
export function ladderFlagNames(flags: number): string[] {
  return NAMES.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
}
