/**
 * Words that scripts of the public suites expect the runner to define.
 *
 * @module
 */

/** What a script runs over; `"mapped"`: an IPv6 socket with addresses of IPv4. */
export type IpVersion = "ipv4" | "ipv6" | "mapped";

/** Fast-open cookies are those of the key that the suites set. */
const IPV4: ReadonlyMap<string, string> = new Map([
  ["TFO_COOKIE", "3021b9d889017eeb"],
  ["TFO_COOKIE_ZERO", "b7c12350a90dc8f5"],
  ["CODE", "host_unreachable"],
  ["CMSG_LEVEL_IP", "IPPROTO_IP"],
  ["CMSG_TYPE_RECVERR", "IP_RECVERR"],
]);

const IPV6: ReadonlyMap<string, string> = new Map([
  ["TFO_COOKIE", "c1d1e9742a47a9bc"],
  ["TFO_COOKIE_ZERO", "82af1a8f9a205c34"],
  ["CODE", "address_unreachable"],
  ["CMSG_LEVEL_IP", "IPPROTO_IPV6"],
  ["CMSG_TYPE_RECVERR", "IPV6_RECVERR"],
]);

/** Word -> text, by what the script runs over. */
export const DEFINES: Readonly<Record<IpVersion, ReadonlyMap<string, string>>> = {
  ipv4: IPV4,
  ipv6: IPV6,
  mapped: IPV4,
};
