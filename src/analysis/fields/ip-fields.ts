/**
 * Fields of IPv4 and IPv6, and of what they carry beside TCP.
 *
 * @module
 */
import type { LayerKind } from "../../wire/layers.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import type { Field } from "./field.ts";
import { type Frame, layersOfKind } from "./frame.ts";
import {
  bitField,
  bytesField,
  numberField,
  protocolField,
  startOfKind,
  u16,
  u8,
} from "./readers.ts";

/** RFC 791 §3.1. `ip.host` and its like are what names would be looked up for: the addresses. */
const IPV4: readonly Field[] = [
  protocolField("ip", startOfKind("ip")),
  {
    name: "ip.version",
    type: "uint",
    read(frame, out) {
      for (const layer of frame.layers) {
        if (layer.kind !== "ip" && layer.kind !== "ipv6") continue;
        if (layer.at < frame.end) out.push(frame.packet.view.getUint8(layer.at) >>> 4);
      }
    },
  },
  numberField("ip", "ip.hdr_len", 1, (v, at) => (v.getUint8(at) & 15) * 4),
  numberField("ip", "ip.dsfield", 2, u8(1), { hex: 2 }),
  numberField("ip", "ip.dsfield.dscp", 2, (v, at) => v.getUint8(at + 1) >>> 2),
  numberField("ip", "ip.dsfield.ecn", 2, (v, at) => v.getUint8(at + 1) & 3),
  {
    name: "ip.len",
    type: "uint",
    read(frame, out) {
      for (const { at, wireEnd } of layersOfKind(frame, "ip")) {
        if (at + 4 > frame.end) continue;
        // 0: a packet that the network card was to cut up; its length is the frame's.
        out.push(frame.packet.view.getUint16(at + 2) || wireEnd - at);
      }
    },
  },
  numberField("ip", "ip.id", 6, u16(4), { hex: 4 }),
  numberField("ip", "ip.flags", 7, (v, at) => v.getUint8(at + 6) >>> 5, { hex: 2 }),
  bitField("ip", "ip.flags.rb", 7, u8(6), 0x80),
  bitField("ip", "ip.flags.df", 7, u8(6), 0x40),
  bitField("ip", "ip.flags.mf", 7, u8(6), 0x20),
  // In units of 8 bytes, as Wireshark 4.0 shows it.
  numberField("ip", "ip.frag_offset", 8, (v, at) => v.getUint16(at + 6) & 0x1fff),
  numberField("ip", "ip.ttl", 9, u8(8)),
  numberField("ip", "ip.proto", 10, u8(9)),
  numberField("ip", "ip.checksum", 12, u16(10), { hex: 4 }),
  bytesField("ip", "ip.src", "ipv4", [12], 4),
  bytesField("ip", "ip.src_host", "ipv4", [12], 4),
  bytesField("ip", "ip.dst", "ipv4", [16], 4),
  bytesField("ip", "ip.dst_host", "ipv4", [16], 4),
  bytesField("ip", "ip.addr", "ipv4", [12, 16], 4),
  bytesField("ip", "ip.host", "ipv4", [12, 16], 4),
];

const trafficClass = (v: DataView, at: number): number => (v.getUint16(at) >>> 4) & 0xff;

/** RFC 8200 §3. */
const IPV6: readonly Field[] = [
  protocolField("ipv6", startOfKind("ipv6")),
  numberField("ipv6", "ipv6.version", 1, (v, at) => v.getUint8(at) >>> 4),
  numberField("ipv6", "ipv6.tclass", 2, trafficClass, { hex: 8 }),
  numberField("ipv6", "ipv6.tclass.dscp", 2, (v, at) => trafficClass(v, at) >>> 2),
  numberField("ipv6", "ipv6.tclass.ecn", 2, (v, at) => trafficClass(v, at) & 3),
  numberField("ipv6", "ipv6.flow", 4, (v, at) => v.getUint32(at) & 0xfffff, { hex: 6 }),
  numberField("ipv6", "ipv6.plen", 6, u16(4)),
  numberField("ipv6", "ipv6.nxt", 7, u8(6)),
  numberField("ipv6", "ipv6.hlim", 8, u8(7)),
  bytesField("ipv6", "ipv6.src", "ipv6", [8], 16),
  bytesField("ipv6", "ipv6.src_host", "ipv6", [8], 16),
  bytesField("ipv6", "ipv6.dst", "ipv6", [24], 16),
  bytesField("ipv6", "ipv6.dst_host", "ipv6", [24], 16),
  bytesField("ipv6", "ipv6.addr", "ipv6", [8, 24], 16),
  bytesField("ipv6", "ipv6.host", "ipv6", [8, 24], 16),
];

/** Where `protocol` begins when IP carries it, and no part of it only. */
const carried =
  (protocol: number) =>
  (frame: Frame): number | null =>
    frame.layers.find((l) => l.kind === "data" && l.number === protocol && l.why === null)?.at ??
    null;

/** Where link headers hold an EtherType. */
const TYPE_AT: ReadonlyMap<LayerKind, number> = new Map([
  ["eth", 12],
  ["vlan", 2],
  ["sll", 14],
  ["sll2", 0],
]);

/** ARP by its EtherType, in whatever link header names it. */
function arpStart({ layers, packet }: Frame): number | null {
  const last = layers.findLast((l) => l.kind !== "data" && l.kind !== "trailer");
  if (last === undefined || last.why !== null) return null;
  const typeAt = TYPE_AT.get(last.kind);
  const isArp = typeAt !== undefined && packet.view.getUint16(last.at + typeAt) === 0x0806;
  return isArp ? last.at + last.len : null;
}

/** Present or not, for filters such as `!arp`. */
const OTHERS: readonly Field[] = [
  protocolField("arp", arpStart),
  protocolField("udp", carried(IpProtocol.UDP)),
  protocolField("icmp", carried(IpProtocol.ICMP)),
  protocolField("icmpv6", carried(IpProtocol.ICMPV6)),
];

/** `ip.*`, `ipv6.*`, and the protocols beside TCP. */
export const IP_FIELDS: readonly Field[] = [...IPV4, ...IPV6, ...OTHERS];
