/**
 * Segments in packets, both ways.
 *
 * @module
 */
import { setTcpChecksum, sum16, tcpPseudoSum } from "../../wire/checksum.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { checkTcp, emitTcpHeader, parseTcp, tcpLen } from "../../wire/tcp.ts";
import type { IpPacket } from "../ip/read-ip.ts";
import { ipHeaderLen, writeIpHeader } from "../ip/write-ip.ts";
import type { TcpSegment } from "../types.ts";
import type { PacketSlab } from "./packet-slab.ts";

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

/** The packet with `segment` in it, in memory of `slab`. */
export function packSegment(
  segment: TcpSegment,
  route: SegmentRoute,
  slab: PacketSlab,
): Uint8Array {
  const { local: src, remote: dst, id } = route;
  const headerLen = ipHeaderLen(dst);
  const length = tcpLen(segment);
  const packet = slab.take(headerLen + length);
  const { view, at } = slab;
  const protocol = IpProtocol.TCP;
  const header = { src, dst, protocol, hopLimit: HOP_LIMIT, ecn: segment.ecn, id };
  writeIpHeader(header, view, at, packet.length);
  slab.put(segment.payload, emitTcpHeader(segment, view, at + headerLen));
  if (route.checksums) setTcpChecksum(view, at, at + headerLen, length);
  return packet;
}

/** The segment in a packet; `null` when its header does not fit, or its checksum does not. */
export function unpackSegment(ip: IpPacket, checksums: boolean): TcpSegment | null {
  const { view, base, at, end } = ip;
  if (checkTcp(view, at, end) !== null) return null;
  if (checksums && sum16(view, at, end, tcpPseudoSum(view, base, end - at)) !== 0xffff) return null;
  const repr = parseTcp(view, at, end);
  // In the order of the segments that endpoints make: to them all segments are to have one shape.
  return {
    srcPort: repr.srcPort,
    dstPort: repr.dstPort,
    seq: repr.seq,
    ack: repr.ack,
    flags: repr.flags,
    reserved: repr.reserved,
    window: repr.window,
    checksum: repr.checksum,
    urgent: repr.urgent,
    options: repr.options,
    payload: repr.payload,
    ecn: ip.ecn,
  };
}
