/**
 * Whose packet it is, and which segment it carries, as events name them.
 *
 * @module
 */
import { formatAddress } from "../net/address.ts";
import { formatIpAddress } from "../stack/ip/ip-address.ts";
import { readIp } from "../stack/ip/read-ip.ts";
import { IpProtocol } from "../wire/protocol.ts";
import { checkTcp, tcpDstPort, tcpHeaderLen, tcpSeq, tcpSrcPort } from "../wire/tcp.ts";

/** The parts of an event that say which segment it is about. */
export interface PacketNames {
  /** The sender, `host:port`; the address alone when it carries no TCP. */
  readonly local: string;
  readonly remote: string;
  readonly seq: number | null;
  readonly len: number | null;
}

const UNKNOWN: PacketNames = { local: "", remote: "", seq: null, len: null };

/** Reads them from an IP packet; empty names when it is damaged. */
export function packetNames(packet: Uint8Array): PacketNames {
  const ip = readIp(packet);
  if (typeof ip === "string") return UNKNOWN;
  const { view, at, end, srcAt, dstAt, addressLen } = ip;
  const from = formatIpAddress(packet.subarray(srcAt, srcAt + addressLen));
  const to = formatIpAddress(packet.subarray(dstAt, dstAt + addressLen));
  if (ip.protocol !== IpProtocol.TCP || checkTcp(view, at, end) !== null) {
    return { local: from, remote: to, seq: null, len: null };
  }
  return {
    local: formatAddress({ hostname: from, port: tcpSrcPort(view, at) }),
    remote: formatAddress({ hostname: to, port: tcpDstPort(view, at) }),
    seq: tcpSeq(view, at),
    len: end - at - tcpHeaderLen(view, at),
  };
}
