/**
 * The answer to a ping, which every host gives (RFC 1122 §3.2.2.6, RFC 4443 §4.2).
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import {
  checkIcmp,
  IcmpType,
  icmpType,
  Icmpv6Type,
  isIcmpChecksumGood,
  setIcmpChecksum,
} from "../../wire/icmp.ts";
import type { IpPacket } from "./read-ip.ts";
import { ipHeaderLen, writeIpHeader } from "./write-ip.ts";

const HOP_LIMIT = 64;

/** The reply to an echo request; `null` when the packet is none, or is damaged. */
export function makeEchoReply({ packet, view, version, ...ip }: IpPacket): Uint8Array | null {
  const { at, end, srcAt, dstAt, addressLen, protocol } = ip;
  const [request, reply] =
    version === 4
      ? [IcmpType.ECHO_REQUEST, IcmpType.ECHO_REPLY]
      : [Icmpv6Type.ECHO_REQUEST, Icmpv6Type.ECHO_REPLY];
  if (checkIcmp(view, at, end) !== null || icmpType(view, at) !== request) return null;
  if (!isIcmpChecksumGood(view, 0, at, end)) return null;
  const src = packet.subarray(dstAt, dstAt + addressLen);
  const dst = packet.subarray(srcAt, srcAt + addressLen);
  const headerLen = ipHeaderLen(dst);
  const answer = new Uint8Array(headerLen + end - at);
  const out = viewOf(answer);
  answer.set(packet.subarray(at, end), headerLen);
  answer[headerLen] = reply;
  writeIpHeader({ src, dst, protocol, hopLimit: HOP_LIMIT, ecn: "not-ECT", id: 0 }, out);
  setIcmpChecksum(out, 0, headerLen, answer.length);
  return answer;
}
