/**
 * IP packets with a TCP segment in them, for tests of what stands around TCP.
 *
 * @module
 */
import { concat, viewOf } from "../base/bytes.ts";
import { writeIpHeader } from "../stack/ip/write-ip.ts";
import { parseIpv4Address, parseIpv6Address } from "../wire/address.ts";
import { setTcpChecksum } from "../wire/checksum.ts";
import { setIpv4Checksum } from "../wire/ipv4.ts";
import { IpProtocol } from "../wire/protocol.ts";
import { emitTcp, Flag } from "../wire/tcp.ts";

/** What a test says of a packet; the rest stands below. */
export interface TcpPacketInit {
  readonly version?: 4 | 6;
  /** 10.0.0.1 or 2001:db8::1 unless told. */
  readonly src?: string;
  /** 10.0.0.2 or 2001:db8::2 unless told. */
  readonly dst?: string;
  readonly srcPort?: number;
  readonly dstPort?: number;
  readonly flags?: number;
  readonly seq?: number;
  readonly ack?: number | null;
  readonly payloadLen?: number;
}

/** A whole, right packet; a SYN from port 40000 to port 80 unless told. */
export function tcpPacket(init: TcpPacketInit = {}): Uint8Array<ArrayBuffer> {
  const { version = 4, srcPort = 40_000, dstPort = 80, seq = 1, ack = null } = init;
  const prefix = version === 4 ? "10.0.0." : "2001:db8::";
  const read = version === 4 ? parseIpv4Address : parseIpv6Address;
  const src = read(init.src ?? `${prefix}1`);
  const dst = read(init.dst ?? `${prefix}2`);
  const payload = new Uint8Array(init.payloadLen ?? 0).fill(0x61);
  const headerLen = version === 4 ? 20 : 40;
  const packet = new Uint8Array(headerLen + 20 + payload.length);
  const v = viewOf(packet);
  const protocol = IpProtocol.TCP;
  writeIpHeader({ src, dst, protocol, hopLimit: 64, ecn: "not-ECT", id: 1 }, v);
  const flags = (init.flags ?? Flag.SYN) | (ack === null ? 0 : Flag.ACK);
  const rest = { reserved: 0, window: 65_535, checksum: 0, urgent: 0, options: [] };
  emitTcp({ srcPort, dstPort, seq, ack, flags, payload, ...rest }, v, headerLen);
  setTcpChecksum(v, 0, headerLen, packet.length - headerLen);
  return packet;
}

/** A {@link tcpPacket} with `options`, whole words as on the wire, in front of its payload; its TCP checksum is 0. */
export function withOptions(packet: Uint8Array, options: Uint8Array): Uint8Array<ArrayBuffer> {
  const isV4 = packet[0]! >>> 4 === 4;
  const at = isV4 ? 20 : 40;
  const all = concat(packet.subarray(0, at + 20), options, packet.subarray(at + 20));
  const v = viewOf(all);
  v.setUint8(at + 12, ((20 + options.length) >>> 2) << 4);
  v.setUint16(at + 16, 0);
  v.setUint16(isV4 ? 2 : 4, isV4 ? all.length : all.length - 40);
  if (isV4) setIpv4Checksum(v, 0);
  return all;
}
