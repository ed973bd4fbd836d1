/**
 * Addresses as people write them: IPv4 in dotted decimal, IPv6 as RFC 5952
 * wants it, MAC addresses with colons. What is parsed gives the bytes back.
 *
 * @module
 */

/** Bytes of an IPv4 address. */
export const IPV4_ADDRESS_LEN = 4;
/** Bytes of an IPv6 address. */
export const IPV6_ADDRESS_LEN = 16;

/** The IPv4 address at `v[at, at+4)`: `"127.0.0.1"`. */
export function formatIpv4(v: DataView, at: number = 0): string {
  return `${v.getUint8(at)}.${v.getUint8(at + 1)}.${v.getUint8(at + 2)}.${v.getUint8(at + 3)}`;
}

/** The IPv6 address at `v[at, at+16)`, shortest form in lower case: `"2001:db8::1"` (RFC 5952 §4). */
export function formatIpv6(v: DataView, at: number = 0): string {
  const words = Array.from({ length: 8 }, (_, i) => v.getUint16(at + 2 * i));
  // IPv4-mapped addresses keep their dots (RFC 5952 §5).
  if (words.slice(0, 5).every((w) => w === 0) && words[5] === 0xffff)
    return `::ffff:${formatIpv4(v, at + 12)}`;
  const [start, length] = longestZeros(words);
  const hex = words.map((w) => w.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** Start and length of the first longest run of zero words (RFC 5952 §4.2.3). */
function longestZeros(words: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  for (let i = 0; i < words.length; i++) {
    let end = i;
    while (words[end] === 0) end++;
    if (end - i > best[1]) best = [i, end - i];
    i = Math.max(i, end - 1);
  }
  return best;
}

/** The MAC address at `v[at, at+6)`: `"02:00:5e:10:00:01"`. */
export function formatMac(v: DataView, at: number = 0, length: number = 6): string {
  return Array.from({ length }, (_, i) =>
    v
      .getUint8(at + i)
      .toString(16)
      .padStart(2, "0"),
  ).join(":");
}

const DECIMAL_BYTE = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;

/**
 * The four bytes of `"192.0.2.1"`. Exactly four decimal numbers without
 * leading zeros: what `inet_aton` makes of `"010.1"` surprises people.
 *
 * @throws {SyntaxError} when it is something else.
 */
export function parseIpv4Address(text: string): Uint8Array<ArrayBuffer> {
  const bytes = ipv4Bytes(text);
  if (bytes !== null) return Uint8Array.from(bytes);
  throw new SyntaxError(`Cannot read IPv4 address "${text}": it must be four numbers 0 to 255`);
}

function ipv4Bytes(text: string): readonly number[] | null {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((p) => DECIMAL_BYTE.test(p)) ? parts.map(Number) : null;
}

/**
 * The sixteen bytes of `"2001:db8::1"`, in any form of RFC 4291 §2.2. A zone
 * (`%eth0`) is no part of the address.
 *
 * @throws {SyntaxError} when it is something else.
 */
export function parseIpv6Address(text: string): Uint8Array<ArrayBuffer> {
  const [head, tail, ...more] = text.split("::");
  const front = wordsOf(head!, tail === undefined);
  const back = tail === undefined ? [] : wordsOf(tail, true);
  if (front !== null && back !== null && more.length === 0) {
    const gap = 8 - front.length - back.length;
    if (tail === undefined ? gap === 0 : gap >= 1)
      return bytesOf([...front, ...Array<number>(gap).fill(0), ...back]);
  }
  throw new SyntaxError(`Cannot read IPv6 address "${text}": it is not in a form of RFC 4291`);
}

/** The 16-bit words of `"db8:1"`; `last` allows a dotted IPv4 address at the end. */
function wordsOf(text: string, last: boolean): number[] | null {
  if (text === "") return [];
  const words: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    const dotted = last && i === parts.length - 1 ? ipv4Bytes(part) : null;
    if (dotted !== null) {
      words.push((dotted[0]! << 8) | dotted[1]!, (dotted[2]! << 8) | dotted[3]!);
      continue;
    }
    if (!/^[0-9a-f]{1,4}$/i.test(part)) return null;
    words.push(Number.parseInt(part, 16));
  }
  return words;
}

function bytesOf(words: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(words.flatMap((w) => [w >>> 8, w & 0xff]));
}
