/**
 * A whole packet laid out for people: every header from the link to TCP, and
 * the data.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { visibleBytes } from "../../base/visible.ts";
import { isIpv4Fragment } from "../ipv4.ts";
import { isIpv6Fragment } from "../ipv6-extension.ts";
import { layersOf, tcpLayersOf, type Layer } from "../layers.ts";
import { IpProtocol, ipProtocolName } from "../protocol.ts";
import { shown, type FieldLayout, type HeaderLayout } from "./field.ts";
import { layoutIpv4 } from "./ipv4.ts";
import { EXTENSION_NAMES, layoutExtension, layoutIpv6 } from "./ipv6.ts";
import {
  layoutEthernet,
  layoutLlc,
  layoutNull,
  layoutSll,
  layoutSll2,
  layoutVlan,
} from "./link.ts";
import { layoutTcpHeader, type PseudoHeader } from "./tcp.ts";
import { layoutTunnel, tunnelTitle, type TunnelKind } from "./tunnel.ts";

/** Lays out the packet at `v[at, at+capLen)`, with `origLen` bytes on the wire. */
export function layoutPacket(
  v: DataView,
  at: number,
  capLen: number,
  origLen: number,
  linkType: number,
): HeaderLayout[] {
  const end = Math.min(at + capLen, v.byteLength);
  const layers = layersOf(v, at, capLen, origLen, linkType);
  const pseudo = pseudoHeaderOf(v, layers);
  return layers.map((layer) => layoutLayer(v, layer, pseudo, end));
}

/** Lays out TCP alone: a header at `at` and its data, `tcpLen` bytes on the wire, captured up to `end`. */
export function layoutTcp(v: DataView, at: number, end: number, tcpLen: number): HeaderLayout[] {
  return tcpLayersOf(v, at, end, tcpLen).map((layer) => layoutLayer(v, layer, "alone", end));
}

/** Where the addresses under TCP's checksum are; a part of a packet has no checksum of its own. */
function pseudoHeaderOf(v: DataView, layers: readonly Layer[]): PseudoHeader {
  const ip = layers.findLast((l) => l.kind === "ip" || l.kind === "ipv6");
  if (ip === undefined || ip.why !== null) return "alone";
  // What an ICMP error quotes may have been cut off.
  if (layers.some((l) => l.kind === "icmp" || l.kind === "icmpv6")) return "part";
  const isPart = layers.some(
    (l) =>
      (l.kind === "ip" && isIpv4Fragment(v, l.at)) ||
      (l.number === IpProtocol.FRAGMENT && l.why === null && isIpv6Fragment(v, l.at)),
  );
  return isPart ? "part" : ip.at;
}

function layoutLayer(v: DataView, layer: Layer, pseudo: PseudoHeader, end: number): HeaderLayout {
  const [protocol, title] = nameOf(layer);
  const fields = fieldsOf(v, layer, pseudo, end);
  const problem = problemOf(layer, end);
  return { protocol, title, at: layer.at, len: layer.len, fields, problem };
}

function nameOf(layer: Layer): readonly [string, Text] {
  if (layer.kind === "extension")
    return (
      EXTENSION_NAMES.get(layer.number) ?? ["ipv6.ext", text("IPv6 extension", "IPv6 扩展首部")]
    );
  const { kind } = layer;
  return [kind, isTunnel(kind) ? tunnelTitle(kind) : TITLES[kind]];
}

function isTunnel(kind: Layer["kind"]): kind is TunnelKind {
  return kind !== "extension" && !(kind in TITLES);
}

const TITLES: Readonly<Record<Exclude<Layer["kind"], "extension" | TunnelKind>, Text>> = {
  eth: text("Ethernet", "以太网（Ethernet）"),
  vlan: text("VLAN tag (802.1Q)", "VLAN 标签（802.1Q）"),
  llc: text("LLC (802.2)", "LLC（802.2）"),
  sll: text("Linux cooked capture", "Linux cooked 抓包首部"),
  sll2: text("Linux cooked capture, version 2", "Linux cooked 抓包首部，第 2 版"),
  null: text("BSD loopback", "BSD 回环首部"),
  ip: text("IPv4", "IPv4"),
  ipv6: text("IPv6", "IPv6"),
  tcp: text("TCP", "TCP"),
  data: text("Data", "数据"),
  trailer: text("Behind the packet", "包之后的字节"),
};

function fieldsOf(
  v: DataView,
  layer: Layer,
  pseudo: PseudoHeader,
  end: number,
): readonly FieldLayout[] {
  const { kind } = layer;
  if (isTunnel(kind)) return layoutTunnel(v, layer, kind);
  switch (kind) {
    case "eth":
      return layoutEthernet(v, layer);
    case "vlan":
      return layoutVlan(v, layer);
    case "llc":
      return layoutLlc(v, layer);
    case "sll":
      return layoutSll(v, layer);
    case "sll2":
      return layoutSll2(v, layer);
    case "null":
      return layoutNull(v, layer);
    case "ip":
      return layoutIpv4(v, layer);
    case "ipv6":
      return layoutIpv6(v, layer);
    case "extension":
      return layoutExtension(v, layer);
    case "tcp":
      return layoutTcpHeader(v, layer, pseudo, end);
    case "data":
      return layoutData(v, layer);
    case "trailer":
      return layoutTrailer(v, layer);
  }
}

/** Characters of data that a field shows; the hex dump has them all. */
const SHOWN_DATA = 64;

function layoutData(v: DataView, layer: Layer): readonly FieldLayout[] {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + layer.at, layer.len);
  const isTcp = layer.number === IpProtocol.TCP && layer.why === null;
  const value = visibleBytes(bytes.subarray(0, SHOWN_DATA)) + (layer.len > SHOWN_DATA ? "…" : "");
  const wireLen = layer.wireEnd - layer.at;
  const name = isTcp ? "tcp.payload" : "data.data";
  const label = text("Data", "数据");
  const what = isTcp ? tcpData(wireLen, layer.len) : otherData(layer, wireLen);
  return [{ name, label, bit: 0, bits: layer.len * 8, value, meaning: what, rfc: null }];
}

function tcpData(wireLen: number, len: number): Text {
  if (wireLen > len)
    return text(
      `${wireLen} bytes for the program, ${len} of them captured`,
      `给程序的 ${wireLen} 字节，抓到了其中 ${len} 字节`,
    );
  return wireLen === 1
    ? text("1 byte for the program", "给程序的 1 个字节")
    : text(`${wireLen} bytes for the program`, `给程序的 ${wireLen} 个字节`);
}

function otherData(layer: Layer, wireLen: number): Text {
  const name = layer.number < 0 ? null : (ipProtocolName(layer.number) ?? `${layer.number}`);
  if (name === null) return text(`${wireLen} bytes, not read here`, `${wireLen} 字节，此处不解析`);
  return text(`${wireLen} bytes of protocol ${name}`, `协议 ${name} 的 ${wireLen} 字节`);
}

function layoutTrailer(v: DataView, layer: Layer): readonly FieldLayout[] {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + layer.at, layer.len);
  const padding = bytes.every((b) => b === 0);
  const shownAs = padding
    ? shown("0", "padding: Ethernet frames have at least 60 bytes", "填充：以太网帧至少 60 字节")
    : shown(`${layer.len} bytes`, "no part of the IP packet", "不属于 IP 包");
  const label = text("Padding", "填充");
  return [{ name: "eth.padding", label, bit: 0, bits: layer.len * 8, ...shownAs, rfc: null }];
}

function problemOf(layer: Layer, end: number): Text | null {
  switch (layer.why) {
    case null:
      return null;
    case "truncated":
      return layer.wireEnd <= end
        ? text("the packet ends inside this header", "包在这个首部中间就结束了")
        : text("the capture ends inside this header", "抓包在这个首部中间就结束了");
    case "bad-length":
      return text("its length field cannot be right", "它的长度字段不可能正确");
    case "bad-version":
      return text("it is of another version than was announced", "它的版本与前面说的不符");
    case "bad-checksum":
      return text("its checksum is wrong", "它的校验和不对");
    case "fragment":
      return text(
        "a later part of a packet: the TCP header is in the first part",
        "这是包的后续分片：TCP 首部在第一个分片里",
      );
    case "too-deep":
      return text("too many headers, one in the other", "首部层层嵌套，太深了");
  }
}
