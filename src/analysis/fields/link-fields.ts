/**
 * Fields of link headers: Ethernet, VLAN tags, Linux cooked, BSD loopback.
 *
 * @module
 */
import { LinkType } from "../../wire/linktype.ts";
import type { Field } from "./field.ts";
import { type Frame, headersOfKind } from "./frame.ts";
import {
  bitField,
  bytesAt,
  bytesField,
  startOfKind,
  numberField,
  protocolField,
  u16,
  u8,
} from "./readers.ts";

/** The type field of Ethernet is a length up to here, a type from {@link MIN_TYPE} (IEEE 802.3 §3.2.6). */
const MAX_LENGTH = 1500;
const MIN_TYPE = 1536;

const HEX4 = { hex: 4 } as const;

/** The type field of Ethernet frames when it is a type (`isType`) or a length. */
function typeField(name: string, isType: boolean, hex?: number): Field {
  return {
    name,
    type: "uint",
    ...(hex === undefined ? {} : { hex }),
    read(frame, out) {
      for (const { view, at, end } of headersOfKind(frame, "eth")) {
        if (at + 14 > end) continue;
        const value = view.getUint16(at + 12);
        if (isType ? value >= MIN_TYPE : value <= MAX_LENGTH) out.push(value);
      }
    },
  };
}

/** Linux cooked v1 and v2 have the same fields at other places. */
function sllField(
  name: string,
  [v1, v2]: readonly [number | null, number],
  size: 1 | 2 | 4,
  hex?: number,
): Field {
  return {
    name,
    type: "uint",
    ...(hex === undefined ? {} : { hex }),
    read(frame, out) {
      const { view, at, linkType } = frame.packet;
      const isV1 = linkType === LinkType.LINUX_SLL;
      if (!isV1 && linkType !== LinkType.LINUX_SLL2) return;
      const offset = isV1 ? v1 : v2;
      // Version 1 spends two bytes on what version 2 has in one.
      const bytes = isV1 && size === 1 ? 2 : size;
      if (offset === null || at + offset + bytes > frame.end) return;
      out.push(readUint(view, at + offset, bytes));
    },
  };
}

function readUint(v: DataView, at: number, size: number): number {
  return size === 1 ? v.getUint8(at) : size === 2 ? v.getUint16(at) : v.getUint32(at);
}

/** The sender's Ethernet address in a cooked header, when it is one. */
function readSllSource(frame: Frame): Uint8Array | null {
  const { view, at, linkType } = frame.packet;
  const isV1 = linkType === LinkType.LINUX_SLL;
  if (at + (isV1 ? 16 : 20) > frame.end) return null;
  const length = isV1 ? view.getUint16(at + 4) : view.getUint8(at + 11);
  return length === 6 ? bytesAt(frame, at + (isV1 ? 6 : 12), 6) : null;
}

/** The address family of NULL and LOOP: whichever byte order makes it small. */
function nullFamily(v: DataView, at: number): number {
  const big = v.getUint32(at);
  return big > 0xffff ? v.getUint32(at, true) : big;
}

const isSll = ({ packet }: Frame): boolean =>
  packet.linkType === LinkType.LINUX_SLL || packet.linkType === LinkType.LINUX_SLL2;

const sllStart = (frame: Frame): number | null => (isSll(frame) ? frame.packet.at : null);

/** `eth.*`, `vlan.*`, `sll.*`, `null.*`. */
export const LINK_FIELDS: readonly Field[] = [
  protocolField("eth", startOfKind("eth")),
  bytesField("eth", "eth.dst", "ether", [0], 6),
  bytesField("eth", "eth.src", "ether", [6], 6),
  bytesField("eth", "eth.addr", "ether", [0, 6], 6),
  typeField("eth.type", true, 4),
  typeField("eth.len", false),
  protocolField("vlan", startOfKind("vlan")),
  numberField("vlan", "vlan.priority", 2, (v, at) => v.getUint8(at) >>> 5),
  bitField("vlan", "vlan.dei", 2, u8(0), 0x10),
  numberField("vlan", "vlan.id", 2, (v, at) => v.getUint16(at) & 0xfff),
  numberField("vlan", "vlan.etype", 4, u16(2), HEX4),
  protocolField("sll", sllStart),
  sllField("sll.pkttype", [0, 10], 1),
  sllField("sll.hatype", [2, 8], 2),
  sllField("sll.halen", [4, 11], 1),
  {
    name: "sll.src.eth",
    type: "ether",
    read(frame, out) {
      const source = isSll(frame) ? readSllSource(frame) : null;
      if (source !== null) out.push(source);
    },
  },
  sllField("sll.etype", [14, 0], 2, 4),
  sllField("sll.ifindex", [null, 4], 4),
  protocolField("null", startOfKind("null")),
  numberField("null", "null.family", 4, nullFamily),
];
