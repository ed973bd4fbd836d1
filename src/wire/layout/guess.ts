/**
 * Bytes that somebody pasted, without a word about what they are: does a
 * frame begin there, an IP packet or a TCP segment?
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import { text, type Text } from "../../base/lang.ts";
import { checkIpv4, ipv4TotalLen, isIpv4ChecksumGood } from "../ipv4.ts";
import { checkIpv6, ipv6NextHeader, ipv6PayloadLen } from "../ipv6.ts";
import { isIpv6Extension } from "../ipv6-extension.ts";
import { LinkType } from "../linktype.ts";
import { hasSnap } from "../llc.ts";
import { EtherType, IpProtocol, isVlanType } from "../protocol.ts";
import { checkTcp, tcpReserved } from "../tcp.ts";
import type { HeaderLayout } from "./field.ts";
import { layoutPacket, layoutTcp } from "./packet.ts";

/** What bytes were taken for. */
export interface Guess {
  readonly start: "tcp" | "ipv4" | "ipv6" | "ethernet";
  /** For `layoutPacket`; null for TCP alone. */
  readonly linkType: number | null;
  /** Said to the person who gave the bytes. */
  readonly assumed: Text;
}

/** Tells TCP alone, IPv4, IPv6 and Ethernet apart; never fails. */
export function guessStart(bytes: Uint8Array): Guess {
  const v = viewOf(bytes);
  if (isEthernet(v))
    return {
      start: "ethernet",
      linkType: LinkType.ETHERNET,
      assumed: text("taken as an Ethernet frame", "当作以太网帧解读"),
    };
  if (isIpv4(v))
    return {
      start: "ipv4",
      linkType: LinkType.IPV4,
      assumed: text("taken as an IPv4 packet", "当作 IPv4 包解读"),
    };
  if (isIpv6(v))
    return {
      start: "ipv6",
      linkType: LinkType.IPV6,
      assumed: text("taken as an IPv6 packet", "当作 IPv6 包解读"),
    };
  const fits = checkTcp(v, 0, v.byteLength) === null && tcpReserved(v, 0) <= 1;
  return {
    start: "tcp",
    linkType: null,
    assumed: fits
      ? text("taken as a TCP segment without IP", "当作不带 IP 首部的 TCP 报文段解读")
      : text(
          "taken as a TCP segment, though it does not look like one",
          "当作 TCP 报文段解读，虽然看起来不像",
        ),
  };
}

/** Lays out pasted bytes as {@link guessStart} takes them. */
export function layoutGuess(bytes: Uint8Array, guess: Guess): HeaderLayout[] {
  const v = viewOf(bytes);
  const { length } = bytes;
  if (guess.linkType === null) return layoutTcp(v, 0, length, length);
  return layoutPacket(v, 0, length, length, guess.linkType);
}

/** A type field that fits what stands behind it. */
function isEthernet(v: DataView): boolean {
  let at = 12;
  while (at + 2 <= v.byteLength && isVlanType(v.getUint16(at)) && at < 24) at += 4;
  if (at + 3 > v.byteLength) return false;
  const type = v.getUint16(at);
  const version = v.getUint8(at + 2) >>> 4;
  if (type === EtherType.IPV4) return version === 4;
  if (type === EtherType.IPV6) return version === 6;
  return type <= v.byteLength && hasSnap(v, at + 2, v.byteLength);
}

/** Right by its checksum, or by its length. */
function isIpv4(v: DataView): boolean {
  if (checkIpv4(v, 0, v.byteLength) !== null) return false;
  const totalLen = ipv4TotalLen(v, 0);
  return isIpv4ChecksumGood(v, 0) || totalLen === v.byteLength || totalLen === 0;
}

function isIpv6(v: DataView): boolean {
  if (checkIpv6(v, 0, v.byteLength) !== null) return false;
  const next = ipv6NextHeader(v, 0);
  const known = next === IpProtocol.TCP || next === IpProtocol.UDP || next === IpProtocol.ICMPV6;
  const payloadLen = ipv6PayloadLen(v, 0);
  return (
    (known || isIpv6Extension(next)) && (payloadLen === 0 || payloadLen + 40 <= v.byteLength + 9000)
  );
}
