/**
 * Addresses where there is nobody to ask for names: literals and `localhost`.
 *
 * @module
 */
import { addressText, formatAddress, isIpv4, isIpv6, type HostPort } from "./address.ts";
import type { Caller } from "./calls.ts";
import { NetError, type NetErrorCode } from "./errors.ts";
import type { Address, TcpAddr } from "./types.ts";

/** The literal that is meant. @throws {@link NetError} `unknown-host` for other names. */
export function resolve({ hostname, port }: HostPort, op: "listen" | "dial"): TcpAddr {
  if (hostname === "") return { hostname: "::", port };
  if (hostname.toLowerCase() === "localhost") return { hostname: "127.0.0.1", port };
  if (isIpv4(hostname) || isIpv6(hostname)) return { hostname, port };
  throw errorAt(op, { hostname, port }, "unknown-host");
}

/** Who dials any address means this machine. */
export function here({ hostname, port }: TcpAddr): TcpAddr {
  const isAny = hostname === "::" || hostname === "0.0.0.0";
  return { hostname: isAny ? "127.0.0.1" : hostname, port };
}

/** Who listens on `address` or dials it, before anything is known. */
export function callerOf(role: "client" | "server", address: Address): Caller {
  const text = addressText(address);
  const [local, remote] = role === "server" ? [text, null] : [null, text];
  return { role, id: null, local, remote };
}

/** The error of a listen or dial at `addr`. */
export function errorAt(
  op: "listen" | "dial",
  addr: TcpAddr,
  code: NetErrorCode,
  cause?: unknown,
): NetError {
  const at = formatAddress(addr);
  return new NetError({ op, code, [op === "listen" ? "local" : "remote"]: at, cause });
}
