/**
 * Segments in packets, both ways.
 *
 * @module
 */
import { tcpPseudoSum } from "../../wire/checksum.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { parseTcpOptions, type TcpOption } from "../../wire/tcp-option.ts";
import {
  checkTcp,
  emitTcpHeader,
  Flag,
  TCP_MIN_HEADER_LEN,
  tcpAck,
  tcpChecksumField,
  tcpDstPort,
  tcpFlags,
  tcpHeaderLen,
  tcpLen,
  tcpReserved,
  tcpSeq,
  tcpSrcPort,
  tcpUrgent,
  tcpWindow,
} from "../../wire/tcp.ts";
import type { IpPacket } from "../ip/read-ip.ts";
import type { PacketPool } from "../device/packet-pool.ts";
import type { PacketSlab } from "../device/packet-slab.ts";
import { ipHeaderLen, writeIpHeader } from "../ip/write-ip.ts";
import type { TcpSegment } from "../types.ts";

const NO_PAYLOAD = new Uint8Array(0);
const NO_OPTIONS: readonly TcpOption[] = [];

/** Memory for packets, and the sums of their bytes. */
export type PacketRoom = PacketPool | PacketSlab;

/** Where a segment goes. */
export interface SegmentRoute {
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  /** Of the IPv4 header. */
  readonly id: number;
  readonly dscp: number;
  readonly hopLimit: number;
  readonly checksums: boolean;
}

/** The packet with `segment` in it, in memory of `room`. */
export function packSegment(
  segment: TcpSegment,
  route: SegmentRoute,
  room: PacketRoom,
): Uint8Array {
  const { local: src, remote: dst, id, dscp, hopLimit } = route;
  const headerLen = ipHeaderLen(dst);
  const length = tcpLen(segment);
  const packet = room.take(headerLen + length);
  const { view, at } = room;
  const protocol = IpProtocol.TCP;
  const header = { src, dst, protocol, hopLimit, dscp, ecn: segment.ecn, id };
  writeIpHeader(header, view, at, packet.length);
  packet.set(segment.payload, emitTcpHeader(segment, view, at + headerLen) - at);
  if (route.checksums) setChecksum(room, at, at + headerLen, length);
  return packet;
}

function isGood({ view, base, at, end }: IpPacket, room: PacketRoom): boolean {
  return room.sum16(view, at, end, tcpPseudoSum(view, base, end - at)) === 0xffff;
}

/** As `setTcpChecksum` does. */
function setChecksum(room: PacketRoom, ipAt: number, tcpAt: number, length: number): void {
  const { view } = room;
  view.setUint16(tcpAt + 16, 0);
  const sum = room.sum16(view, tcpAt, tcpAt + length, tcpPseudoSum(view, ipAt, length));
  view.setUint16(tcpAt + 16, ~sum & 0xffff);
}

/**
 * The segment in a packet, with its payload where it lies; `null` when its header does not fit, or its checksum
 * does not and `checksums` are looked at. `room`: of the device that the packet came from.
 */
export function unpackSegment(
  ip: IpPacket,
  room: PacketRoom,
  checksums: boolean,
): TcpSegment | null {
  const { view, at, end } = ip;
  if (checkTcp(view, at, end) !== null) return null;
  if (checksums && !isGood(ip, room)) return null;
  const flags = tcpFlags(view, at);
  const bodyAt = at + tcpHeaderLen(view, at);
  const optionsAt = at + TCP_MIN_HEADER_LEN;
  // As `parseTcp` reads it, in the order of the segments that endpoints make: to them all segments are to have one shape.
  return {
    srcPort: tcpSrcPort(view, at),
    dstPort: tcpDstPort(view, at),
    seq: tcpSeq(view, at),
    ack: (flags & Flag.ACK) === 0 ? null : tcpAck(view, at),
    flags,
    reserved: tcpReserved(view, at),
    window: tcpWindow(view, at),
    checksum: tcpChecksumField(view, at),
    urgent: tcpUrgent(view, at),
    options: bodyAt === optionsAt ? NO_OPTIONS : parseTcpOptions(view, optionsAt, bodyAt),
    payload: bodyAt === end ? NO_PAYLOAD : room.bytes(view, bodyAt, end),
    ecn: ip.ecn,
  };
}
