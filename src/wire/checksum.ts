/**
 * The Internet checksum: the ones' complement of the ones' complement sum of
 * all 16-bit words (RFC 1071), over TCP with a pseudo-header of the IP
 * addresses in front (RFC 9293 §3.1, RFC 8200 §8.1).
 *
 * @module
 */
import { folded } from "./folded.ts";
import { ipv6ExtensionHeaderLen } from "./ipv6-extension.ts";
import { IpProtocol } from "./protocol.ts";

/** Bytes summed in one go: below 2^16 words, so that their low halves cannot pass 2^32. */
const BLOCK = 0x2_0000;

/**
 * The ones' complement sum of `v[at, end)`, added to `sum`, folded to 16 bits;
 * a last odd byte counts as if a zero followed. Not yet complemented.
 */
export function sum16(v: DataView, at: number, end: number, sum: number = 0): number {
  let total = sum;
  let from = at;
  while (end - from > BLOCK) {
    total = folded(total + sumBlock(v, from, from + BLOCK));
    from += BLOCK;
  }
  return folded(total + sumBlock(v, from, end));
}

/**
 * 32-bit words are summed whole and their high halves apart; the low halves
 * follow by subtraction. Measured on 1440 bytes: 133 ns, against 295 ns for
 * 16-bit words and 547 ns for bytes.
 */
function sumBlock(v: DataView, at: number, end: number): number {
  let all = 0;
  let high = 0;
  let i = at;
  for (const last = end - 16; i <= last; i += 16) {
    const a = v.getInt32(i);
    const b = v.getInt32(i + 4);
    const c = v.getInt32(i + 8);
    const d = v.getInt32(i + 12);
    all = (((((((all + a) | 0) + b) | 0) + c) | 0) + d) | 0;
    high = (high + (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)) | 0;
  }
  const low = (all - (high << 16)) >>> 0;
  return folded(low) + folded(high >>> 0) + sumTail(v, i, end);
}

/** The last bytes, fewer than 16. */
function sumTail(v: DataView, at: number, end: number): number {
  let sum = 0;
  let i = at;
  for (; i + 1 < end; i += 2) sum += v.getUint16(i);
  return i < end ? sum + (v.getUint8(i) << 8) : sum;
}

/** The checksum that makes `v[at, end)` right, with the field itself counted as it stands. */
export function checksum16(v: DataView, at: number, end: number, sum: number = 0): number {
  return ~sum16(v, at, end, sum) & 0xffff;
}

/** Sum of TCP's pseudo-header: addresses, protocol, length. `ipAt` is the IP header's offset. */
export function tcpPseudoSum(v: DataView, ipAt: number, tcpLen: number): number {
  const addresses =
    v.getUint8(ipAt) >>> 4 === 4 ? sum16(v, ipAt + 12, ipAt + 20) : sum16(v, ipAt + 8, ipAt + 40);
  return folded(addresses + IpProtocol.TCP + (tcpLen >>> 16) + (tcpLen & 0xffff));
}

/** The checksum that the segment at `tcpAt` should carry, whatever it carries now. */
export function tcpChecksum(v: DataView, ipAt: number, tcpAt: number, tcpLen: number): number {
  const pseudo = tcpPseudoSum(v, ipAt, tcpLen);
  const sum = sum16(v, tcpAt, tcpAt + 16, pseudo);
  return checksum16(v, tcpAt + 18, tcpAt + tcpLen, sum);
}

/** Writes the right checksum into the segment at `tcpAt`, all of whose bytes are there. */
export function setTcpChecksum(v: DataView, ipAt: number, tcpAt: number, tcpLen: number): void {
  v.setUint16(tcpAt + 16, tcpChecksum(v, ipAt, tcpAt, tcpLen));
}

/**
 * What the checksum says:
 *
 *  - `"good"`, `"bad"`: all bytes are there and it fits, or not;
 *  - `"offloaded"`: it holds what a kernel leaves for the network card to
 *    finish, the bare pseudo-header sum, or 0: the packet was captured on the
 *    machine that sent it, before the card;
 *  - `"unverified"`: bytes are missing, or the addresses of the pseudo-header
 *    stand elsewhere (source routing).
 */
export type ChecksumVerdict = "good" | "bad" | "offloaded" | "unverified";

/** Judges the segment at `tcpAt`, with `tcpLen` bytes on the wire, captured up to `tcpEnd`. */
export function verifyTcpChecksum(
  v: DataView,
  ipAt: number,
  tcpAt: number,
  tcpLen: number,
  tcpEnd: number,
): ChecksumVerdict {
  if (tcpLen < 20 || tcpEnd - tcpAt < tcpLen || isSourceRouted(v, ipAt, tcpAt)) return "unverified";
  const field = v.getUint16(tcpAt + 16);
  const expected = tcpChecksum(v, ipAt, tcpAt, tcpLen);
  // 0x0000 and 0xffff are the same number in ones' complement.
  if (field === expected || (field === 0xffff && expected === 0)) return "good";
  return field === 0 || field === tcpPseudoSum(v, ipAt, tcpLen) ? "offloaded" : "bad";
}

/** Whether the final destination is not the one in the IP header (RFC 791 §3.1, RFC 8200 §8.1). */
function isSourceRouted(v: DataView, ipAt: number, tcpAt: number): boolean {
  if (v.getUint8(ipAt) >>> 4 === 4) return hasSourceRoute(v, ipAt + 20, tcpAt);
  let next = v.getUint8(ipAt + 6);
  for (let at = ipAt + 40; at + 8 <= tcpAt;) {
    if (next === IpProtocol.ROUTING && v.getUint8(at + 3) !== 0) return true;
    const length = ipv6ExtensionHeaderLen(v, at, next);
    next = v.getUint8(at);
    at += length;
  }
  return false;
}

/** Loose (131) and strict (137) source routes that are not used up. */
function hasSourceRoute(v: DataView, optionsAt: number, end: number): boolean {
  for (let at = optionsAt; at + 2 < end;) {
    const kind = v.getUint8(at);
    if (kind === 0) return false;
    const length = kind === 1 ? 1 : v.getUint8(at + 1);
    if (kind === 131 || kind === 137) return v.getUint8(at + 2) <= length;
    if (length < 1 || (kind !== 1 && length < 2)) return false;
    at += length;
  }
  return false;
}
