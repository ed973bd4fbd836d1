/**
 * Fields of IPv4 and IPv6, and of what they carry beside TCP.
 *
 * @module
 */
import type { LayerKind } from "../../wire/layers.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { ipv4RouteEnd } from "../../wire/source-route.ts";
import type { Field } from "./field.ts";
import { type Frame, headersOf, headersOfKind } from "./frame.ts";
import {
  bitField,
  bytesField,
  bytesIn,
  numberField,
  protocolField,
  startOfKind,
  u16,
  u8,
} from "./readers.ts";

/** The destination, which is the end of a source route that is still to be travelled; `isBoth`: the source before it. */
function destinationField(name: string, isBoth: boolean): Field {
  return {
    name,
    type: "ipv4",
    read(frame, out) {
      for (const { view, at, len, end } of headersOfKind(frame, "ip")) {
        if (isBoth && at + 16 <= end) out.push(bytesIn(view, at + 12, 4));
        if (at + 20 <= end) out.push(bytesIn(view, ipv4RouteEnd(view, at, at + len), 4));
      }
    },
  };
}

/** RFC 791 §3.1. `ip.host` and its like are what names would be looked up for: the addresses. */
const IPV4: readonly Field[] = [
  protocolField("ip", startOfKind("ip")),
  {
    name: "ip.version",
    type: "uint",
    read(frame, out) {
      for (const { kind, view, at, end } of headersOf(frame)) {
        if (kind !== "ip" && kind !== "ipv6") continue;
        if (at < end) out.push(view.getUint8(at) >>> 4);
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
      for (const { view, at, end, wireEnd } of headersOfKind(frame, "ip")) {
        if (at + 4 > end) continue;
        // 0: a packet that the network card was to cut up; its length is the frame's.
        out.push(view.getUint16(at + 2) || wireEnd - at);
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
  destinationField("ip.dst", false),
  destinationField("ip.dst_host", false),
  destinationField("ip.addr", true),
  destinationField("ip.host", true),
];

const trafficClass = (v: DataView, at: number): number => (v.getUint16(at) >>> 4) & 0xff;

/** RFC 8200 §3. Of a header that is cut Wireshark tells the version alone. */
const IPV6: readonly Field[] = [
  protocolField("ipv6", startOfKind("ipv6")),
  numberField("ipv6", "ipv6.version", 1, (v, at) => v.getUint8(at) >>> 4),
  numberField("ipv6", "ipv6.tclass", 40, trafficClass, { hex: 8 }),
  numberField("ipv6", "ipv6.tclass.dscp", 40, (v, at) => trafficClass(v, at) >>> 2),
  numberField("ipv6", "ipv6.tclass.ecn", 40, (v, at) => trafficClass(v, at) & 3),
  numberField("ipv6", "ipv6.flow", 40, (v, at) => v.getUint32(at) & 0xfffff, { hex: 6 }),
  numberField("ipv6", "ipv6.plen", 40, u16(4)),
  numberField("ipv6", "ipv6.nxt", 40, u8(6)),
  numberField("ipv6", "ipv6.hlim", 40, u8(7)),
  bytesField("ipv6", "ipv6.src", "ipv6", [8], 16, 40),
  bytesField("ipv6", "ipv6.src_host", "ipv6", [8], 16, 40),
  bytesField("ipv6", "ipv6.dst", "ipv6", [24], 16, 40),
  bytesField("ipv6", "ipv6.dst_host", "ipv6", [24], 16, 40),
  bytesField("ipv6", "ipv6.addr", "ipv6", [8, 24], 16, 40),
  bytesField("ipv6", "ipv6.host", "ipv6", [8, 24], 16, 40),
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
