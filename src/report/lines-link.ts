/**
 * Link headers in lines, as `tcpdump -e` prints them.
 *
 * @module
 */
import type { PacketRecord } from "../pcap/sink.ts";
import { formatMac } from "../wire/address.ts";
import { MAX_802_3_LENGTH } from "../wire/ethernet.ts";
import { type Layer, layersOf } from "../wire/layers.ts";
import { LinkType } from "../wire/linktype.ts";

/** EtherTypes by the names that tcpdump has for them. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [0x0800, "IPv4"],
  [0x0806, "ARP"],
  [0x8035, "Reverse ARP"],
  [0x8100, "802.1Q"],
  [0x86dd, "IPv6"],
  [0x8847, "MPLS unicast"],
  [0x8863, "PPPoE D"],
  [0x8864, "PPPoE S"],
  [0x88a8, "802.1Q-QinQ"],
  [0x88cc, "LLDP"],
  [0x9000, "Loopback"],
  [0x9100, "802.1Q-9100"],
]);

/** Who a cooked packet was for (`PACKET_*` of `<linux/if_packet.h>`). */
const DIRECTIONS: readonly string[] = ["In", "B", "M", "P", "Out"];

/** The link header of `packet`, up to where the packet's own text begins; empty when there is none. */
export function describeLinkHeader(packet: PacketRecord, quiet: boolean): string {
  const { view, at, capLen, origLen, linkType } = packet;
  const layers = layersOf(view, at, capLen, origLen, linkType);
  if (layers[0] === undefined || layers[0].why !== null) return "";
  switch (linkType) {
    case LinkType.ETHERNET:
      return ethernet(packet, layers, quiet);
    case LinkType.LINUX_SLL:
      return cooked(packet, view.getUint16(at), at + 6, view.getUint16(at + 4), at + 14, "");
    case LinkType.LINUX_SLL2: {
      const ifindex = `ifindex ${view.getUint32(at + 4)} `;
      return cooked(packet, view.getUint8(at + 10), at + 12, view.getUint8(at + 11), at, ifindex);
    }
    case LinkType.NULL:
    case LinkType.LOOP:
      return family(packet);
    default:
      return "ip: ";
  }
}

function ethernet(
  { view, at, origLen }: PacketRecord,
  layers: readonly Layer[],
  quiet: boolean,
): string {
  const type = view.getUint16(at + 12);
  const ends = `${formatMac(view, at + 6)} > ${formatMac(view, at)}`;
  const name = type <= MAX_802_3_LENGTH ? "802.3" : typeName(type, quiet);
  let text = `${ends}, ${name}, length ${origLen}: `;
  for (const tag of layers) {
    if (tag.kind !== "vlan" || tag.why !== null) continue;
    const tci = view.getUint16(tag.at);
    const dei = (tci & 0x1000) === 0 ? "" : ", DEI";
    const next = typeName(view.getUint16(tag.at + 2), quiet);
    text += `vlan ${tci & 0xfff}, p ${tci >>> 13}${dei}, ${next}, `;
  }
  return text;
}

function cooked(
  { view, origLen }: PacketRecord,
  direction: number,
  addressAt: number,
  addressLen: number,
  typeAt: number,
  ifindex: string,
): string {
  const name = (DIRECTIONS[direction] ?? "?").padStart(3);
  const address = addressLen === 6 ? `${formatMac(view, addressAt)} ` : "";
  return `${name} ${ifindex}${address}${typeName(view.getUint16(typeAt), false)}, length ${origLen}: `;
}

function family({ view, at, origLen, linkType }: PacketRecord): string {
  const big = view.getUint32(at);
  const value = linkType === LinkType.NULL && big > 0xffff ? view.getUint32(at, true) : big;
  const name = value === 2 ? "IPv4" : [10, 24, 28, 30].includes(value) ? "IPv6" : "unknown";
  return `AF ${name} (${value}), length ${origLen}: `;
}

function typeName(type: number, quiet: boolean): string {
  const name = TYPES.get(type) ?? "Unknown";
  return quiet ? name : `ethertype ${name} (0x${type.toString(16).padStart(4, "0")})`;
}
