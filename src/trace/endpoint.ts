/**
 * One end of a stream: an address and a port, as numbers and as Go writes them.
 *
 * @module
 */

/** An IP address and a TCP port. */
export interface Endpoint {
  readonly version: 4 | 6;
  /** One 32-bit word of IPv4, four of IPv6; network order. */
  readonly words: readonly number[];
  readonly port: number;
}

/** The address alone: `"127.0.0.1"`, `"2001:db8::1"` (RFC 5952). */
export function formatHost(e: Endpoint): string {
  if (e.version === 4) return formatIpv4(e.words[0]!);
  const [a, b, c, d] = e.words;
  if (a === 0 && b === 0 && c === 0xffff) return `::ffff:${formatIpv4(d!)}`;
  const groups = e.words.flatMap((w) => [w >>> 16, w & 0xffff]);
  const { at, length } = longestZeros(groups);
  const hex = groups.map((g) => g.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, at).join(":")}::${hex.slice(at + length).join(":")}`;
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
  const m = /^(?:\[([0-9a-f:.]+)(?:%[^\]]*)?\]|([0-9.]+)):(\d{1,5})$/i.exec(text);
  if (m === null) return null;
  const port = Number(m[3]);
  if (port > 65_535) return null;
  if (m[2] !== undefined) {
    const word = parseIpv4(m[2]);
    return word === null ? null : { version: 4, words: [word], port };
  }
  const words = parseIpv6(m[1]!);
  return words === null ? null : { version: 6, words, port };
}

function plainWords(e: Endpoint): readonly number[] {
  const [a, b, c, d] = e.words;
  return e.version === 6 && a === 0 && b === 0 && c === 0xffff ? [d!] : e.words;
}

function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function longestZeros(groups: readonly number[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0, length = 0; at + length < groups.length;) {
    if (groups[at + length] === 0) {
      length++;
      if (length > best.length) best = { at, length };
    } else {
      at += length + 1;
      length = 0;
    }
  }
  return best;
}

function parseIpv4(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256))
    return null;
  return parts.reduce((word, p) => ((word << 8) | Number(p)) >>> 0, 0);
}

function parseIpv6(text: string): readonly number[] | null {
  let plain = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const word = parseIpv4(dotted[2]!);
    if (word === null) return null;
    plain = `${dotted[1]}${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
  }
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((h) => (h === "" ? [] : h.split(":")));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head!, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  if (!groups.every((g) => /^[0-9a-f]{1,4}$/i.test(g))) return null;
  const n = groups.map((g) => Number.parseInt(g, 16));
  return [0, 2, 4, 6].map((i) => ((n[i]! << 16) | n[i + 1]!) >>> 0);
}
