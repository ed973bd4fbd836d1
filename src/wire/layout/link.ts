/**
 * Link headers laid out for people.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { formatMac } from "../address.ts";
import { MAX_802_3_LENGTH } from "../ethernet.ts";
import type { Layer } from "../layers.ts";
import { etherTypeName } from "../protocol.ts";
import { sllPacketTypeName } from "../sll.ts";
import { HeaderFields, hexValue, shown, type FieldLayout, type Shown } from "./field.ts";

const TYPE = text("Type", "类型");
const PROTOCOL = text("Protocol", "协议");
const ADDRESS = text("Address", "地址");
const RESERVED = text("Reserved", "保留");

/** Fields of an Ethernet header. */
export function layoutEthernet(v: DataView, layer: Layer): readonly FieldLayout[] {
  const h = new HeaderFields(v, layer.at, layer.at + layer.len);
  h.add("eth.dst", text("Destination", "目的地址"), 0, 48, "IEEE 802.3 §3.2", () =>
    mac(v, layer.at, text("the card it goes to", "收这一帧的网卡")),
  );
  h.add("eth.src", text("Source", "源地址"), 48, 48, "IEEE 802.3 §3.2", () =>
    mac(v, layer.at + 6, text("the card it comes from", "发这一帧的网卡")),
  );
  h.add("eth.type", TYPE, 96, 16, "RFC 894", showEtherType);
  return h.fields;
}

/** Fields of a VLAN tag. */
export function layoutVlan(v: DataView, layer: Layer): readonly FieldLayout[] {
  const h = new HeaderFields(v, layer.at, layer.at + layer.len);
  const rfc = "IEEE 802.1Q §9.6";
  h.add("vlan.priority", text("PCP", "优先级"), 0, 3, rfc, (n) =>
    shown(n, `priority ${n} of 0 to 7`, `优先级 ${n}（0 到 7）`),
  );
  h.add("vlan.dei", text("DEI", "DEI"), 3, 1, rfc, (n) =>
    n === 1
      ? shown(n, "may be dropped first when it gets tight", "拥塞时可以先丢")
      : shown(n, "not marked to be dropped first", "没有标记为可先丢"),
  );
  h.add("vlan.id", text("VLAN id", "VLAN 编号"), 4, 12, rfc, (n) =>
    n === 0
      ? shown(n, "no VLAN, only a priority", "没有 VLAN，只带优先级")
      : shown(n, `belongs to virtual LAN ${n}`, `属于虚拟局域网 ${n}`),
  );
  h.add("vlan.etype", TYPE, 16, 16, rfc, showEtherType);
  return h.fields;
}

/** Fields of an LLC header, with SNAP when it is there. */
export function layoutLlc(v: DataView, layer: Layer): readonly FieldLayout[] {
  const h = new HeaderFields(v, layer.at, layer.at + layer.len);
  const rfc = "RFC 1042";
  h.add("llc.dsap", text("DSAP", "DSAP"), 0, 8, rfc, showSap);
  h.add("llc.ssap", text("SSAP", "SSAP"), 8, 8, rfc, showSap);
  h.add("llc.control", text("Control", "控制"), 16, 8, rfc, (n) =>
    n === 3
      ? shown("0x03", "a datagram on its own", "独立的数据报（无编号）")
      : shown(hexValue(n, 2), "control field", "控制字段"),
  );
  h.add("llc.oui", text("OUI", "OUI"), 24, 24, rfc, (n) =>
    n === 0
      ? shown("0x000000", "the type is an EtherType", "类型字段是以太网类型")
      : shown(hexValue(n, 6), "organisation that defines the type", "定义该类型的组织"),
  );
  h.add("llc.type", TYPE, 48, 16, rfc, showEtherType);
  return h.fields;
}

/** Fields of a Linux cooked header, version 1. */
export function layoutSll(v: DataView, layer: Layer): readonly FieldLayout[] {
  const h = new HeaderFields(v, layer.at, layer.at + layer.len);
  h.add("sll.pkttype", text("Packet type", "包类型"), 0, 16, null, showPacketType);
  h.add("sll.hatype", text("Link type", "链路类型"), 16, 16, null, showArphrd);
  h.add("sll.halen", text("Address length", "地址长度"), 32, 16, null, showAddressLen);
  h.add("sll.src", ADDRESS, 48, 64, null, () =>
    showSender(v, layer.at + 6, v.getUint16(layer.at + 4)),
  );
  h.add("sll.etype", PROTOCOL, 112, 16, null, showEtherType);
  return h.fields;
}

/** Fields of a Linux cooked header, version 2. */
export function layoutSll2(v: DataView, layer: Layer): readonly FieldLayout[] {
  const h = new HeaderFields(v, layer.at, layer.at + layer.len);
  h.add("sll.etype", PROTOCOL, 0, 16, null, showEtherType);
  h.add("sll.unused", RESERVED, 16, 16, null, (n) => shown(n, "not used", "未使用"));
  h.add("sll.ifindex", text("Interface", "接口"), 32, 32, null, (n) =>
    shown(n, `interface number ${n} of the machine that captured`, `抓包机器上编号为 ${n} 的接口`),
  );
  h.add("sll.hatype", text("Link type", "链路类型"), 64, 16, null, showArphrd);
  h.add("sll.pkttype", text("Packet type", "包类型"), 80, 8, null, showPacketType);
  h.add("sll.halen", text("Addr. len", "地址长"), 88, 8, null, showAddressLen);
  h.add("sll.src", ADDRESS, 96, 64, null, () =>
    showSender(v, layer.at + 12, v.getUint8(layer.at + 11)),
  );
  return h.fields;
}

/** The address family of a BSD loopback header. */
export function layoutNull(v: DataView, layer: Layer): readonly FieldLayout[] {
  const h = new HeaderFields(v, layer.at, layer.at + layer.len);
  h.add("null.family", text("Family", "地址族"), 0, 32, null, (n) => {
    const swapped = n > 0xffff;
    const family = swapped ? v.getUint32(layer.at, true) : n;
    const name = family === 2 ? "IPv4" : [10, 24, 28, 30].includes(family) ? "IPv6" : "?";
    const order = swapped ? "little-endian" : "big-endian";
    return shown(family, `${name} follows; written ${order}`, `后面是 ${name}；字节序 ${order}`);
  });
  return h.fields;
}

function mac(v: DataView, at: number, role: Text): Shown {
  const first = v.getUint8(at);
  const value = formatMac(v, at);
  if (value === "ff:ff:ff:ff:ff:ff")
    return shown(value, "broadcast: everybody on this link", "广播：本链路上的所有机器");
  if ((first & 1) !== 0) return shown(value, "multicast: a group", "组播：一组机器");
  return { value, meaning: role };
}

function showEtherType(n: number): Shown {
  if (n <= MAX_802_3_LENGTH)
    return shown(n, `802.3: ${n} bytes of data follow`, `802.3：后面有 ${n} 字节数据`);
  const name = etherTypeName(n);
  const value = hexValue(n, 4);
  if (name === null) return shown(value, "a protocol not read here", "此处不解析的协议");
  return shown(value, `${name} follows`, `后面是 ${name}`);
}

const DIRECTIONS: Readonly<Record<string, Text>> = {
  In: text("came in, for this machine", "收到的，发给本机"),
  B: text("came in as a broadcast", "收到的广播"),
  M: text("came in as a multicast", "收到的组播"),
  P: text("came by, for another machine", "路过的，发给别的机器"),
  Out: text("went out from this machine", "本机发出的"),
};

function showPacketType(n: number): Shown {
  const meaning = DIRECTIONS[sllPacketTypeName(n)];
  return { value: String(n), meaning: meaning ?? text("unknown", "未知") };
}

function showArphrd(n: number): Shown {
  if (n === 1) return shown(n, "an Ethernet interface", "以太网接口");
  if (n === 772) return shown(n, "the loopback interface", "回环接口");
  return shown(n, "kind of interface (ARPHRD)", "接口种类（ARPHRD）");
}

function showAddressLen(n: number): Shown {
  return shown(n, `${n} bytes of the address count`, `地址中有效的 ${n} 字节`);
}

function showSender(v: DataView, at: number, length: number): Shown {
  if (length === 0) return shown("-", "no link address", "没有链路地址");
  return shown(
    formatMac(v, at, Math.min(8, length)),
    "link address of the sender",
    "发送方的链路地址",
  );
}

function showSap(n: number): Shown {
  if (n === 0xaa) return shown("0xaa", "SNAP: a type field follows", "SNAP：后面还有类型字段");
  return shown(hexValue(n, 2), "service access point", "服务访问点");
}
