/**
 * IPv6 and its extension headers laid out for people.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { formatIpv6 } from "../address.ts";
import type { Layer } from "../layers.ts";
import { IpProtocol } from "../protocol.ts";
import { HeaderFields, hexBytes, hexValue, shown, type FieldLayout } from "./field.ts";
import { addService, showProtocol } from "./ipv4.ts";

const RFC = "RFC 8200 §3";
const NEXT = text("Next header", "下一个首部");
const LENGTH = text("Length", "长度");
const RESERVED = text("Reserved", "保留");

/** Fields of an IPv6 header. */
export function layoutIpv6(v: DataView, layer: Layer): readonly FieldLayout[] {
  const { at, len } = layer;
  const h = new HeaderFields(v, at, at + len);
  h.add("ipv6.version", text("Version", "版本"), 0, 4, RFC, (n) =>
    n === 6 ? shown(n, "IPv6", "IPv6") : shown(n, "should be 6", "应当是 6"),
  );
  addService(h, 4, "ipv6");
  h.add("ipv6.flow", text("Flow label", "流标签"), 12, 20, "RFC 6437", (n) =>
    n === 0
      ? shown("0x00000", "not labelled", "没有标签")
      : shown(hexValue(n, 5), "the same for all packets of one flow", "同一条流的包都相同"),
  );
  h.add("ipv6.plen", text("Payload length", "载荷长度"), 32, 16, RFC, (n) =>
    n === 0
      ? shown(
          n,
          "0: a jumbo packet, or still to be cut up by the network card",
          "0：巨型包，或等网卡切分",
        )
      : shown(n, `${n} bytes behind this header`, `本首部之后有 ${n} 字节`),
  );
  h.add("ipv6.nxt", NEXT, 48, 8, RFC, showProtocol);
  h.add("ipv6.hlim", text("Hop limit", "跳数限制"), 56, 8, RFC, (n) =>
    shown(n, `${n} more routers may forward it`, `还可以经过 ${n} 个路由器`),
  );
  h.add("ipv6.src", text("Source address", "源地址"), 64, 128, RFC, () =>
    shown(formatIpv6(v, at + 8), "the machine that sent it", "发送方主机"),
  );
  h.add("ipv6.dst", text("Destination address", "目的地址"), 192, 128, RFC, () =>
    shown(formatIpv6(v, at + 24), "the machine it goes to", "接收方主机"),
  );
  return h.fields;
}

/** Wireshark's names of the extension headers. */
export const EXTENSION_NAMES: ReadonlyMap<number, readonly [string, Text]> = new Map([
  [IpProtocol.HOP_BY_HOP, ["ipv6.hopopts", text("IPv6 hop-by-hop options", "IPv6 逐跳选项")]],
  [IpProtocol.ROUTING, ["ipv6.routing", text("IPv6 routing header", "IPv6 路由首部")]],
  [IpProtocol.FRAGMENT, ["ipv6.fraghdr", text("IPv6 fragment header", "IPv6 分片首部")]],
  [IpProtocol.DST_OPTIONS, ["ipv6.dstopts", text("IPv6 destination options", "IPv6 目的选项")]],
  [IpProtocol.AH, ["ah", text("Authentication header", "认证首部（AH）")]],
]);

/** Fields of an extension header. */
export function layoutExtension(v: DataView, layer: Layer): readonly FieldLayout[] {
  const { at, len, number } = layer;
  const h = new HeaderFields(v, at, at + len);
  const name = EXTENSION_NAMES.get(number)?.[0] ?? "ipv6.ext";
  h.add(`${name}.nxt`, NEXT, 0, 8, "RFC 8200 §4", showProtocol);
  if (number === IpProtocol.FRAGMENT) {
    addFragment(h);
    return h.fields;
  }
  h.add(`${name}.len`, LENGTH, 8, 8, "RFC 8200 §4", (n) =>
    shown(n, `${len} bytes in all`, `共 ${len} 字节`),
  );
  if (number === IpProtocol.ROUTING) addRouting(h);
  const from = number === IpProtocol.ROUTING ? 4 : 2;
  const bodyLen = len - from;
  if (bodyLen > 0)
    h.add(`${name}.data`, text("Content", "内容"), from * 8, bodyLen * 8, null, () =>
      shown(hexBytes(v, at + from, bodyLen), "not needed on the way to TCP", "读 TCP 用不到"),
    );
  return h.fields;
}

function addRouting(h: HeaderFields): void {
  h.add("ipv6.routing.type", text("Type", "类型"), 16, 8, "RFC 8200 §4.4", (n) =>
    shown(n, `routing of type ${n}`, `类型 ${n} 的路由`),
  );
  h.add("ipv6.routing.segleft", text("Segments left", "剩余段数"), 24, 8, "RFC 8200 §4.4", (n) =>
    shown(n, `${n} stations are still to be visited`, `还要经过 ${n} 站`),
  );
}

function addFragment(h: HeaderFields): void {
  const rfc = "RFC 8200 §4.5";
  h.add("ipv6.fraghdr.reserved", RESERVED, 8, 8, rfc, (n) => shown(n, "not used", "未使用"));
  h.add("ipv6.fraghdr.offset", text("Fragment offset", "片偏移"), 16, 13, rfc, (n) =>
    shown(n * 8, `${n * 8} bytes of the packet stand before it`, `前面还有该包的 ${n * 8} 字节`),
  );
  h.add("ipv6.fraghdr.reserved_bits", text("Res", "保留"), 29, 2, rfc, (n) =>
    shown(n, "not used", "未使用"),
  );
  h.add("ipv6.fraghdr.more", text("M", "M"), 31, 1, rfc, (n) =>
    n === 1
      ? shown(n, "more fragments of this packet follow", "后面还有本包的分片")
      : shown(n, "no fragment follows", "后面没有分片"),
  );
  h.add("ipv6.fraghdr.ident", text("Identification", "标识"), 32, 32, rfc, (n) =>
    shown(hexValue(n, 8), "the same in all fragments of a packet", "同一个包的各分片都相同"),
  );
}
