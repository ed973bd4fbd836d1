/**
 * Where a packet with a source route goes in the end: TCP counts with that
 * address, not with the one in the header (RFC 791 §3.1, RFC 8200 §4.4).
 *
 * @module
 */

/** Loose and strict source routes (RFC 791 §3.1). */
const LOOSE = 131;
const STRICT = 137;

/** Where the last address of a source route in the options of IPv4 is, else the header's destination. */
export function ipv4RouteEnd(v: DataView, ipAt: number, headerEnd: number): number {
  for (let at = ipAt + 20; at + 1 < headerEnd;) {
    const kind = v.getUint8(at);
    // End of options; no operation, which has no length.
    if (kind === 0) break;
    const len = kind === 1 ? 1 : v.getUint8(at + 1);
    if (len < 1 || (kind !== 1 && len < 2) || at + len > headerEnd) break;
    const isRoute = kind === LOOSE || kind === STRICT;
    // A pointer beyond the route: the end of it was reached.
    if (isRoute && len >= 7 && v.getUint8(at + 2) <= len) return at + len - 4;
    at += len;
  }
  return ipAt + 16;
}

/**
 * The same of an IPv6 routing header of `len` bytes at `at`, of which type 0 ends with the destination
 * and a segment list (4, RFC 8754) begins with it; `dstAt` where it has nothing to say.
 */
export function ipv6RouteEnd(v: DataView, at: number, len: number, dstAt: number): number {
  const type = v.getUint8(at + 2);
  const isPending = v.getUint8(at + 3) > 0 && len >= 24;
  if (isPending && (type === 0 || type === 2)) return at + len - 16;
  return isPending && type === 4 ? at + 8 : dstAt;
}
