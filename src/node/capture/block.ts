/**
 * A block of the ring as packets: what the kernel wrote before each packet
 * becomes the fields of a {@link PacketRecord}.
 *
 * ```text
 *   tpacket3_hdr (48)        sockaddr_ll (20)      virtio_net_hdr (10)   packet
 *   next sec nsec snap len   … ifindex hatype      flags gso_type …      ▲
 *   status mac … vlan …      pkttype               gso_size              └ mac
 * ```
 *
 * @module
 */
import { emptyPacket, EpbFlag, type PacketRecord } from "../../pcap/sink.ts";

const FIRST_PACKET = 16;

/** Offsets in tpacket3_hdr (linux/if_packet.h). */
const NEXT = 0;
const SEC = 4;
const NSEC = 8;
const SNAP = 12;
const LEN = 16;
const STATUS = 20;
const MAC = 24;
const VLAN_TCI = 32;
const VLAN_TPID = 36;
/** Offsets in the sockaddr_ll behind it. */
const IFINDEX = 48 + 4;
const HATYPE = 48 + 8;
const PKTTYPE = 48 + 10;

/** Bits of tp_status. */
const CSUM_NOT_READY = 1 << 3;
const VLAN_VALID = 1 << 4;
const VLAN_TPID_VALID = 1 << 6;
const CSUM_VALID = 1 << 7;
const GSO_TCP = 1 << 8;

const PACKET_OUTGOING = 4;
const ARPHRD_LOOPBACK = 772;

/** Offsets in virtio_net_hdr, and its length. */
const VNET_LEN = 10;
const GSO_TYPE = 1;
const GSO_SIZE = 4;
/** VIRTIO_NET_HDR_GSO_TCPV4 and _TCPV6; 0x80 (ECN) may be or-ed. */
const GSO_TCPV4 = 1;
const GSO_TCPV6 = 4;

const VLAN_TAG_LEN = 4;
const VLAN_TAG_AT = 12;
const ETHERTYPE_VLAN = 0x8100;

/** Which of the recording's interfaces a packet came through: `iface` and `linkType`. */
export type InterfaceOf = (
  ifindex: number,
  arphrd: number,
) => { readonly iface: number; readonly linkType: number };

/** Reads blocks one after the other, numbering their packets from 1. */
export class BlockReader {
  readonly #interfaceOf: InterfaceOf;
  readonly #packet = emptyPacket();

  constructor(interfaceOf: InterfaceOf) {
    this.#interfaceOf = interfaceOf;
  }

  /** Hands over the first `count` packets of the block at `view[at, …)`, which is written to: VLAN tags come back. */
  read(view: DataView, at: number, count: number, onPacket: (packet: PacketRecord) => void): void {
    this.#packet.view = view;
    let next = at + view.getUint32(at + FIRST_PACKET, true);
    for (let i = 0; i < count; i++) {
      this.#fill(view, next);
      onPacket(this.#packet);
      next += view.getUint32(next + NEXT, true);
    }
  }

  #fill(view: DataView, at: number): void {
    const packet = this.#packet;
    const status = view.getUint32(at + STATUS, true);
    const arphrd = view.getUint16(at + HATYPE, true);
    const { iface, linkType } = this.#interfaceOf(view.getInt32(at + IFINDEX, true), arphrd);
    packet.frame++;
    packet.iface = iface;
    packet.linkType = linkType;
    packet.sec = view.getUint32(at + SEC, true);
    packet.nsec = view.getUint32(at + NSEC, true);
    packet.at = at + view.getUint16(at + MAC, true);
    packet.capLen = view.getUint32(at + SNAP, true);
    packet.origLen = view.getUint32(at + LEN, true);
    packet.gsoSize = gsoSize(view, packet.at - VNET_LEN);
    packet.flags =
      directionOf(arphrd, view.getUint8(at + PKTTYPE)) | offloadsOf(status, packet.gsoSize);
    if ((status & VLAN_VALID) !== 0) this.#putVlanTagBack(view, at, status);
  }

  /** The kernel took the tag out of the packet; on the wire it stood behind the two addresses. */
  #putVlanTagBack(view: DataView, at: number, status: number): void {
    const packet = this.#packet;
    if (packet.capLen < VLAN_TAG_AT + 2) return;
    const from = packet.at;
    packet.at -= VLAN_TAG_LEN;
    packet.capLen += VLAN_TAG_LEN;
    packet.origLen += VLAN_TAG_LEN;
    new Uint8Array(view.buffer, view.byteOffset).copyWithin(packet.at, from, from + VLAN_TAG_AT);
    const given = view.getUint16(at + VLAN_TPID, true);
    const tpid = (status & VLAN_TPID_VALID) === 0 ? ETHERTYPE_VLAN : given;
    view.setUint16(packet.at + VLAN_TAG_AT, tpid);
    view.setUint16(packet.at + VLAN_TAG_AT + 2, view.getUint32(at + VLAN_TCI, true));
  }
}

/** On a loopback a packet goes out and comes in at once: no direction is the truth. */
function directionOf(arphrd: number, pkttype: number): number {
  if (arphrd === ARPHRD_LOOPBACK) return 0;
  return pkttype === PACKET_OUTGOING ? EpbFlag.OUTBOUND : EpbFlag.INBOUND;
}

function offloadsOf(status: number, gso: number): number {
  let flags = 0;
  if ((status & CSUM_NOT_READY) !== 0) flags |= EpbFlag.CHECKSUM_NOT_READY;
  else if ((status & CSUM_VALID) !== 0) flags |= EpbFlag.CHECKSUM_VALID;
  if ((status & GSO_TCP) !== 0 || gso > 0) flags |= EpbFlag.TCP_SEGMENTATION_OFFLOADED;
  return flags;
}

/** TCP payload bytes of each segment on the wire; 0 when the packet is not one of several. */
function gsoSize(view: DataView, vnet: number): number {
  const type = view.getUint8(vnet + GSO_TYPE) & 0x7f;
  return type === GSO_TCPV4 || type === GSO_TCPV6 ? view.getUint16(vnet + GSO_SIZE, true) : 0;
}
