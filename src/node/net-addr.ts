/**
 * The addresses of sockets as the net API has them.
 *
 * @module
 */
import type { TcpAddr } from "../net/types.ts";

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** The kernel knows no peer any more when it reset before it was accepted. */
const UNKNOWN: TcpAddr = { hostname: "0.0.0.0", port: 0 };

/** IPv4 that came through an IPv6 socket is IPv4 (RFC 4291 §2.5.5.2); `0.0.0.0:0` when unknown. */
export function tcpAddrOf(hostname: string | undefined, port: number | undefined): TcpAddr {
  if (hostname === undefined || port === undefined) return UNKNOWN;
  return { hostname: hostname.replace(MAPPED, ""), port };
}
