/**
 * One end of a stream: an address and a port, as numbers and as Go writes them.
 *
 * @module
 */

import { viewOf } from "../base/bytes.ts";
import { formatIpv4, formatIpv6, parseIpv4Address, parseIpv6Address } from "../wire/address.ts";

/** An IP address and a TCP port. */
export interface Endpoint {
  readonly version: 4 | 6;
  /** One 32-bit word of IPv4, four of IPv6; network order. */
  readonly words: readonly number[];
  readonly port: number;
}

/** The address alone: `"127.0.0.1"`, `"2001:db8::1"` (RFC 5952). */
export function formatHost(e: Endpoint): string {
  const v = new DataView(new ArrayBuffer(16));
  for (const [i, word] of e.words.entries()) v.setUint32(i * 4, word);
  return e.version === 4 ? formatIpv4(v) : formatIpv6(v);
}

/** As Go writes it: `"127.0.0.1:8080"`, `"[::1]:8080"`. */
export function formatEndpoint(e: Endpoint): string {
  return e.version === 4 ? `${formatHost(e)}:${e.port}` : `[${formatHost(e)}]:${e.port}`;
}

/** A text that is the same exactly for {@link sameEndpoint | the same} endpoints. */
export function endpointKey(e: Endpoint): string {
  return `${plainWords(e).join(".")}:${e.port}`;
}

/** Whether two endpoints are the same; IPv4 written into IPv6 (`::ffff:1.2.3.4`) counts as IPv4. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && sameHost(a, b);
}

/** Whether the addresses are the same, whatever the ports. */
export function sameHost(a: Endpoint, b: Endpoint): boolean {
  const x = plainWords(a);
  const y = plainWords(b);
  return x.length === y.length && x.every((w, i) => w === y[i]);
}

/**
 * Reads `"1.2.3.4:80"` or `"[fe80::1%eth0]:80"`; the zone is dropped. `null` when it
 * is no address with a port: a name, an empty host.
 */
export function parseEndpoint(text: string): Endpoint | null {
  const m = /^(?:\[([^\]%]+)(?:%[^\]]*)?\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const port = Number(m?.[3]);
  if (m === null || port > 65_535) return null;
  try {
    const bytes = m[2] === undefined ? parseIpv6Address(m[1]!) : parseIpv4Address(m[2]);
    const v = viewOf(bytes);
    const words = Array.from({ length: bytes.length / 4 }, (_, i) => v.getUint32(i * 4));
    return { version: words.length === 1 ? 4 : 6, words, port };
  } catch {
    // A name, or nothing that is an address.
    return null;
  }
}

function plainWords(e: Endpoint): readonly number[] {
  const [a, b, c, d] = e.words;
  return e.version === 6 && a === 0 && b === 0 && c === 0xffff ? [d!] : e.words;
}
