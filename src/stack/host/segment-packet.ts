/**
 * Segments in packets, both ways.
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import { setTcpChecksum, sum16, tcpPseudoSum } from "../../wire/checksum.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { checkTcp, emitTcp, parseTcp, tcpLen } from "../../wire/tcp.ts";
import type { IpPacket } from "../ip/read-ip.ts";
import { ipHeaderLen, writeIpHeader } from "../ip/write-ip.ts";
import type { TcpSegment } from "../types.ts";

/** Hop limit of what a host sends (RFC 1700). */
const HOP_LIMIT = 64;

/** Where a segment goes. */
export interface SegmentRoute {
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  /** Of the IPv4 header. */
  readonly id: number;
  readonly checksums: boolean;
}

/** The packet with `segment` in it. */
export function packSegment(segment: TcpSegment, route: SegmentRoute): Uint8Array {
  const { local: src, remote: dst, id } = route;
  const at = ipHeaderLen(dst);
  const length = tcpLen(segment);
  const packet = new Uint8Array(at + length);
  const v = viewOf(packet);
  const protocol = IpProtocol.TCP;
  writeIpHeader({ src, dst, protocol, hopLimit: HOP_LIMIT, ecn: segment.ecn, id }, v);
  emitTcp(segment, v, at);
  if (route.checksums) setTcpChecksum(v, 0, at, length);
  return packet;
}

/** The segment in a packet; `null` when its header does not fit, or its checksum does not. */
export function unpackSegment(ip: IpPacket, checksums: boolean): TcpSegment | null {
  const { view, at, end } = ip;
  if (checkTcp(view, at, end) !== null) return null;
  if (checksums && sum16(view, at, end, tcpPseudoSum(view, 0, end - at)) !== 0xffff) return null;
  return Object.assign(parseTcp(view, at, end), { ecn: ip.ecn });
}
