/**
 * Literals of filters: addresses of every kind, as numbers.
 *
 * @module
 */

/** An IPv4 address or the beginning of one (`10.1`), or `null`. `bits` tells how much was written. */
export function parseIpv4Part(text: string): { address: number; bits: number } | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  let address = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    address = address * 256 + Number(part);
  }
  return { address, bits: parts.length * 8 };
}

/** An IPv6 address (RFC 4291 §2.2) as four 32-bit words, or `null`. */
export function parseIpv6Words(text: string): readonly number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = groupsOf(halves[1] ?? "", true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return [0, 2, 4, 6].map((i) => groups[i]! * 0x10000 + groups[i + 1]!);
}

/** Groups of 16 bits; an IPv4 address may be the last of them (`mayEndInIpv4`). */
function groupsOf(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const ipv4 = parseIpv4Part(part);
    if (!mayEndInIpv4 || i !== parts.length - 1 || ipv4?.bits !== 32) return null;
    groups.push(ipv4.address >>> 16, ipv4.address & 0xffff);
  }
  return groups;
}

/** An Ethernet address in any of its spellings: the first two bytes, and the last four. */
export function parseMac(text: string): { high: number; low: number } {
  const parts = text.split(/[:-]|\.(?=[0-9a-f]{1,2}(?:\.|$))/i);
  const hex =
    parts.length === 6
      ? parts.map((p) => p.padStart(2, "0")).join("")
      : text.replaceAll(/[^0-9a-f]/gi, "");
  return { high: Number.parseInt(hex.slice(0, 4), 16), low: Number.parseInt(hex.slice(4), 16) };
}

/** A number as C writes it (`80`, `0x50`, `0120`), or `null` beyond 32 bits or with a wrong digit. */
export function parseCNumber(text: string): number | null {
  const octal = /^0[0-9]/.test(text);
  if (octal && !/^[0-7]+$/.test(text)) return null;
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  return value <= 0xffffffff ? value : null;
}

/** The mask of `prefix` leading one bits, 0 to 32. */
export function prefixMask(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}
