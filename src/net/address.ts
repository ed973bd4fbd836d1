/**
 * Addresses as Go's `net` reads and prints them: `host:port`.
 *
 * ```ts
 * parseAddress(":8080"); // { hostname: "", port: 8080 }
 * parseAddress("[fe80::1%eth0]:http"); // { hostname: "fe80::1%eth0", port: 80 }
 * formatAddress({ hostname: "::1", port: 80 }); // "[::1]:80"
 * ```
 *
 * @module
 */
import { NetError } from "./errors.ts";
import type { Address } from "./types.ts";

/** An address taken apart: a name may still have to be looked up. */
export interface HostPort {
  /** A name or a literal without brackets; `""`: any address to listen on, this machine to dial. */
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
}

/**
 * Takes an address apart. An empty port is 0, as in Go; names of services are
 * the {@link SERVICES}.
 *
 * @throws {@link NetError} `bad-address`, with what is wrong.
 */
export function parseAddress(address: Address, op: "listen" | "dial" = "dial"): HostPort {
  const parts = typeof address === "string" ? splitHostPort(address) : objectParts(address);
  const wrong = typeof parts === "string" ? parts : (checkHost(parts[0]) ?? checkPort(parts[1]));
  if (typeof parts === "string" || wrong !== null) {
    throw new NetError({
      op,
      code: "bad-address",
      [op === "listen" ? "local" : "remote"]: addressText(address),
      detail: wrong ?? "not an address",
    });
  }
  return { hostname: parts[0], port: portNumber(parts[1]) };
}

/** Puts an address together: `127.0.0.1:80`, `[::1]:80`, `:80`. */
export function formatAddress({ hostname, port }: HostPort): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** An address as it was given, right or wrong: what errors and events show before it is known. */
export function addressText(address: Address): string {
  if (typeof address === "string") return address.slice(0, SHOWN_MAX);
  const [hostname, port] = objectParts(address);
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`.slice(0, SHOWN_MAX);
}

/** Services that {@link parseAddress} knows by name (IANA's registry). */
export const SERVICES: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  gopher: 70,
  finger: 79,
  http: 80,
  kerberos: 88,
  pop3: 110,
  ntp: 123,
  imap: 143,
  imap2: 143,
  bgp: 179,
  ldap: 389,
  https: 443,
  submissions: 465,
  submission: 587,
  ldaps: 636,
  "domain-s": 853,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  postgresql: 5432,
  "http-alt": 8080,
};

/** Characters of a wrong address that an error shows. */
const SHOWN_MAX = 200;

/** Host and port of `text`, or what is wrong with it. */
function splitHostPort(text: string): readonly [host: string, port: string] | string {
  if (text === "") return "the address is empty; write host:port";
  if (text.startsWith("[")) {
    const bracket = text.indexOf("]");
    if (bracket < 0) return "missing ']'";
    if (bracket === text.length - 1) return "missing port";
    if (text[bracket + 1] !== ":") return "only a port may follow ']'";
    const host = text.slice(1, bracket);
    if (!isIpv6(host)) return `"${host}" in brackets is not an IPv6 address`;
    return [host, text.slice(bracket + 2)];
  }
  const colon = text.indexOf(":");
  if (colon < 0) return "missing port";
  if (text.includes(":", colon + 1)) {
    const isBare = isIpv6(text) || isIpv6(text.slice(0, text.lastIndexOf(":")));
    return `too many colons${isBare ? "; write IPv6 addresses in brackets, as in [::1]:80" : ""}`;
  }
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function objectParts(address: Exclude<Address, string>): readonly [host: string, port: string] {
  // A URL's hostname has brackets.
  const host = (address.hostname ?? "").replace(/^\[(.*)\]$/, "$1");
  return [host, String(address.port)];
}

function checkHost(host: string): string | null {
  if (host.length > 255) return "the host is longer than 255 characters";
  if (host.includes(":")) return isIpv6(host) ? null : `"${host}" is not an IPv6 address`;
  const odd = /[^\p{L}\p{M}\p{N}._%-]/u.exec(host);
  return odd === null ? null : `"${odd[0]}" cannot be in a host`;
}

function checkPort(port: string): string | null {
  const n = portNumber(port);
  if (Number.isNaN(n)) return `unknown port "${port}"`;
  return n <= 65_535 ? null : `port ${port} is not from 0 to 65535`;
}

/** NaN when it is neither a number nor a service. */
function portNumber(port: string): number {
  if (/^\d*$/.test(port)) return Number(port);
  const name = port.toLowerCase();
  return Object.hasOwn(SERVICES, name) ? SERVICES[name]! : Number.NaN;
}

/** Whether `text` is an IPv6 address (RFC 4291 §2.2), with `%zone` (RFC 4007 §11) or without. */
export function isIpv6(text: string): boolean {
  const [address = "", ...zone] = text.split("%");
  if (zone.length > 1 || zone[0] === "" || /[\s[\]/:]/.test(zone[0] ?? "")) return false;
  const halves = address.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const hasIpv4 = last.includes(".");
  if (hasIpv4 && (!isIpv4(last) || address.endsWith("::"))) return false;
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = hex.length + (hasIpv4 ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

/** Whether `text` is an IPv4 address, four decimal numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((p) => /^(?:0|[1-9]\d{0,2})$/.test(p) && +p <= 255);
}
