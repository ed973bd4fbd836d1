/**
 * IPv6 extension headers that may stand in front of TCP: hop-by-hop options,
 * routing, fragment, destination options (RFC 8200 §4), authentication
 * (RFC 4302). Which one stands at an offset is said by the header before it.
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { formatIpv6 } from "./address.ts";
import { IpProtocol } from "./protocol.ts";

/** Bytes of the shortest extension header. */
export const IPV6_MIN_EXTENSION_LEN = 8;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |  Next Header  |    Length     |                               |   0
//  |                  options, addresses, ...                      |   4
//
//  Fragment:
//  |  Next Header  |   Reserved    |     Fragment Offset     |Res|M|   0
//  |                         Identification                        |   4

/** Whether `next` names an extension header that is followed on the way to TCP. */
export function isIpv6Extension(next: number): boolean {
  return (
    next === IpProtocol.HOP_BY_HOP ||
    next === IpProtocol.ROUTING ||
    next === IpProtocol.FRAGMENT ||
    next === IpProtocol.DST_OPTIONS ||
    next === IpProtocol.AH
  );
}

/** What follows this extension header. */
export const ipv6ExtensionNext = (v: DataView, at: number): number => v.getUint8(at);

/** Bytes of the extension header of kind `kind`; never less than 8 (RFC 8200 §4.2, RFC 4302 §2.2). */
export function ipv6ExtensionHeaderLen(v: DataView, at: number, kind: number): number {
  if (kind === IpProtocol.FRAGMENT) return 8;
  const units = v.getUint8(at + 1);
  return kind === IpProtocol.AH ? (units + 2) << 2 : (units + 1) << 3;
}

/** Fragment header: bytes of the original packet's data in front of this fragment's. */
export const ipv6FragmentOffset = (v: DataView, at: number): number => v.getUint16(at + 2) & 0xfff8;

/** Fragment header: whether more fragments follow. */
export const ipv6MoreFragments = (v: DataView, at: number): boolean =>
  (v.getUint8(at + 3) & 1) !== 0;

/** Fragment header: the same in all fragments of a packet. */
export const ipv6FragmentId = (v: DataView, at: number): number => v.getUint32(at + 4);

/** Whether this fragment header marks a part; one with all of the packet is atomic (RFC 6946). */
export const isIpv6Fragment = (v: DataView, at: number): boolean =>
  (v.getUint16(at + 2) & 0xfff9) !== 0;

/** Whether the extension header fits in `v[at, end)`: `null`, or why it does not. */
export function checkIpv6Extension(
  v: DataView,
  at: number,
  end: number,
  kind: number,
): DecodeReason | null {
  if (end - at < IPV6_MIN_EXTENSION_LEN) return "truncated";
  return at + ipv6ExtensionHeaderLen(v, at, kind) > end ? "truncated" : null;
}

/** An extension header with what follows it. */
export interface Ipv6ExtensionRepr {
  /** Which one this is: a value of `IpProtocol`. */
  kind: number;
  next: number;
  /** The header behind its Next Header byte and, but for a fragment header, its length byte. */
  body: Uint8Array;
  payload: Uint8Array;
}

/**
 * Decodes the extension header of kind `kind` in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkIpv6Extension} says why.
 */
export function parseIpv6Extension(
  v: DataView,
  kind: number,
  at: number = 0,
  end: number = v.byteLength,
): Ipv6ExtensionRepr {
  const reason = checkIpv6Extension(v, at, end, kind);
  if (reason !== null)
    throw new DecodeError("IPv6 extension", reason, 0, `it does not fit in ${end - at} bytes`);
  const headerLen = ipv6ExtensionHeaderLen(v, at, kind);
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, end - at);
  return {
    kind,
    next: ipv6ExtensionNext(v, at),
    body: bytes.subarray(kind === IpProtocol.FRAGMENT ? 1 : 2, headerLen),
    payload: bytes.subarray(headerLen),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitIpv6Extension(repr: Ipv6ExtensionRepr, v: DataView, at: number = 0): number {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, ipv6ExtensionLen(repr));
  const headerLen = bytes.length - repr.payload.length;
  bytes[0] = repr.next;
  if (repr.kind !== IpProtocol.FRAGMENT)
    bytes[1] = repr.kind === IpProtocol.AH ? (headerLen >>> 2) - 2 : (headerLen >>> 3) - 1;
  bytes.set(repr.body, repr.kind === IpProtocol.FRAGMENT ? 1 : 2);
  bytes.set(repr.payload, headerLen);
  return at + bytes.length;
}

/** Bytes that {@link emitIpv6Extension} writes for `repr`. */
export function ipv6ExtensionLen(repr: Ipv6ExtensionRepr): number {
  return (repr.kind === IpProtocol.FRAGMENT ? 1 : 2) + repr.body.length + repr.payload.length;
}

/** The header as tcpdump prints it between the addresses and what follows. */
export function describeIpv6Extension(
  v: DataView,
  at: number,
  end: number,
  kind: number,
  payloadEnd: number,
): string {
  const name = NAMES.get(kind) ?? "ext";
  if (checkIpv6Extension(v, at, end, kind) !== null) return ` [|${CUT_NAMES.get(kind) ?? "ip6"}]`;
  const body = at + ipv6ExtensionHeaderLen(v, at, kind);
  if (kind === IpProtocol.FRAGMENT)
    return `frag (${ipv6FragmentOffset(v, at)}|${payloadEnd - body}) `;
  if (kind === IpProtocol.ROUTING) return `${describeRouting(v, at, body)} `;
  if (kind === IpProtocol.AH) return describeAh(v, at, body);
  return `${name} `;
}

/** Type 0 lists the addresses to come by, and is not to be used any more (RFC 5095). */
function describeRouting(v: DataView, at: number, body: number): string {
  const type = v.getUint8(at + 2);
  const name = type === 0 ? "0 [Deprecated]" : `${type}`;
  let text = `RT6 (len=${v.getUint8(at + 1)}, type=${name}, segleft=${v.getUint8(at + 3)}`;
  const listEnd = type === 0 ? body : at;
  for (let a = at + 8, i = 0; a + 16 <= listEnd; a += 16, i++)
    text += `, [${i}]${formatIpv6(v, a)}`;
  return `${text})`;
}

function describeAh(v: DataView, at: number, body: number): string {
  if (body - at < 12) return "AH(?): ";
  let icv = "0x";
  for (let i = at + 12; i < body; i++) icv += v.getUint8(i).toString(16).padStart(2, "0");
  const spi = v
    .getUint32(at + 4)
    .toString(16)
    .padStart(8, "0");
  const seq = v.getUint32(at + 8).toString(16);
  return `AH(spi=0x${spi},seq=0x${seq},icv=${icv}): `;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [IpProtocol.HOP_BY_HOP, "HBH"],
  [IpProtocol.DST_OPTIONS, "DSTOPT"],
]);

const CUT_NAMES: ReadonlyMap<number, string> = new Map([
  [IpProtocol.HOP_BY_HOP, "hbhopt"],
  [IpProtocol.ROUTING, "rt6"],
  [IpProtocol.DST_OPTIONS, "dstopt"],
  [IpProtocol.FRAGMENT, "frag"],
  [IpProtocol.AH, "ah"],
]);
