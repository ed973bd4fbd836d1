/**
 * The IPv4 header laid out for people.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { formatIpv4 } from "../address.ts";
import { checksum16, sum16 } from "../checksum.ts";
import { IPV4_MIN_HEADER_LEN } from "../ipv4.ts";
import type { Layer } from "../layers.ts";
import { ipProtocolName } from "../protocol.ts";
import { HeaderFields, hexBytes, hexValue, shown, type FieldLayout, type Shown } from "./field.ts";

const RFC = "RFC 791 §3.1";

/** Fields of an IPv4 header. */
export function layoutIpv4(v: DataView, layer: Layer): readonly FieldLayout[] {
  const { at, len } = layer;
  const h = new HeaderFields(v, at, at + len);
  h.add("ip.version", text("Version", "版本"), 0, 4, RFC, (n) =>
    n === 4 ? shown(n, "IPv4", "IPv4") : shown(n, "should be 4", "应当是 4"),
  );
  h.add("ip.hdr_len", text("Header length", "首部长度"), 4, 4, RFC, showHeaderLen);
  addService(h, 8, "ip");
  h.add("ip.len", text("Total length", "总长度"), 16, 16, RFC, showTotalLen);
  h.add("ip.id", text("Identification", "标识"), 32, 16, "RFC 6864", (n) =>
    shown(
      hexValue(n, 4),
      "tells fragments of one packet from others'",
      "用来辨认同一个包的各个分片",
    ),
  );
  addFlags(h);
  h.add("ip.frag_offset", text("Fragment offset", "片偏移"), 51, 13, RFC, (n) =>
    n === 0
      ? shown(n, "starts at the packet's first byte", "从包的第一个字节开始")
      : shown(
          n * 8,
          `a later part: ${n * 8} bytes stand before it`,
          `后面的分片：前面还有 ${n * 8} 字节`,
        ),
  );
  h.add("ip.ttl", text("Time to live", "生存时间"), 64, 8, RFC, (n) =>
    shown(n, `${n} more routers may forward it`, `还可以经过 ${n} 个路由器`),
  );
  h.add("ip.proto", text("Protocol", "协议"), 72, 8, RFC, showProtocol);
  h.add("ip.checksum", text("Header checksum", "首部校验和"), 80, 16, "RFC 1071", (n) =>
    showChecksum(v, at, len, n),
  );
  h.add("ip.src", text("Source address", "源地址"), 96, 32, RFC, () =>
    shown(formatIpv4(v, at + 12), "the machine that sent it", "发送方主机"),
  );
  h.add("ip.dst", text("Destination address", "目的地址"), 128, 32, RFC, () =>
    shown(formatIpv4(v, at + 16), "the machine it goes to", "接收方主机"),
  );
  const optionsLen = len - IPV4_MIN_HEADER_LEN;
  if (optionsLen > 0)
    h.add("ip.options", text("Options", "选项"), 160, optionsLen * 8, RFC, () =>
      shown(
        hexBytes(v, at + 20, optionsLen),
        `${optionsLen} bytes of options`,
        `${optionsLen} 字节选项`,
      ),
    );
  return h.fields;
}

/** The two halves of the old type-of-service byte; IPv6 has them too. */
export function addService(h: HeaderFields, bit: number, protocol: "ip" | "ipv6"): void {
  const field = protocol === "ip" ? "ip.dsfield" : "ipv6.tclass";
  h.add(`${field}.dscp`, text("DSCP", "DSCP"), bit, 6, "RFC 2474", (n) =>
    n === 0
      ? shown(n, "no special treatment asked for", "不要求特殊对待")
      : shown(n, `class of service ${n}`, `服务等级 ${n}`),
  );
  h.add(`${field}.ecn`, text("ECN", "ECN"), bit + 6, 2, "RFC 3168 §5", (n) => ({
    value: String(n),
    meaning: ECN[n]!,
  }));
}

const ECN: readonly Text[] = [
  text("routers drop when congested, they cannot mark", "拥塞时路由器只能丢包，不能打标记"),
  text("ECT(1): routers may mark instead of dropping", "ECT(1)：路由器可以打标记代替丢包"),
  text("ECT(0): routers may mark instead of dropping", "ECT(0)：路由器可以打标记代替丢包"),
  text("a router on the way was congested and marked it", "途中有路由器拥塞，打了标记"),
];

function addFlags(h: HeaderFields): void {
  h.add("ip.flags.rb", text("R", "R"), 48, 1, RFC, (n) =>
    n === 0
      ? shown(n, "reserved, 0", "保留，为 0")
      : shown(n, "reserved, should be 0", "保留，应为 0"),
  );
  h.add("ip.flags.df", text("DF", "DF"), 49, 1, RFC, (n) =>
    n === 1
      ? shown(n, "don't fragment: drop it rather than cut it", "不许分片：宁可丢弃也不要切开")
      : shown(n, "may be cut into fragments", "允许分片"),
  );
  h.add("ip.flags.mf", text("MF", "MF"), 50, 1, RFC, (n) =>
    n === 1
      ? shown(n, "more fragments of this packet follow", "后面还有本包的分片")
      : shown(n, "no fragment follows", "后面没有分片"),
  );
}

function showHeaderLen(n: number): Shown {
  const len = n * 4;
  if (n < 5)
    return shown(`${len} (${n})`, `${n} words are too few: at least 5`, `${n} 个字太少：至少 5 个`);
  if (n === 5)
    return shown("20 (5)", "5 words of 4 bytes: no options", "5 个 4 字节的字：没有选项");
  return shown(
    `${len} (${n})`,
    `${n} words of 4 bytes: ${len - 20} bytes of options`,
    `${n} 个 4 字节的字：有 ${len - 20} 字节选项`,
  );
}

function showTotalLen(n: number): Shown {
  if (n !== 0) return shown(n, `${n} bytes with this header`, `连同本首部共 ${n} 字节`);
  return shown(
    0,
    "0: the network card is to cut it up; the frame says how long it is",
    "0：等网卡来切分，长度以帧为准",
  );
}

/** What follows IP. */
export function showProtocol(n: number): Shown {
  const name = ipProtocolName(n);
  if (name === null) return shown(n, `protocol ${n} follows`, `后面是协议 ${n}`);
  return shown(n, `${name} follows`, `后面是 ${name}`);
}

function showChecksum(v: DataView, at: number, len: number, n: number): Shown {
  const value = hexValue(n, 4);
  const stated = (v.getUint8(at) & 0xf) << 2;
  if (len < stated || stated < IPV4_MIN_HEADER_LEN)
    return shown(value, "cannot be checked: the header is not whole", "首部不完整，无法校验");
  if (sum16(v, at, at + len) === 0xffff) return shown(value, "right", "正确");
  if (n === 0) return shown(value, "not filled in: left to the network card", "未填：留给网卡计算");
  const others = sum16(v, at + 12, at + len, sum16(v, at, at + 10));
  const right = hexValue(checksum16(v, at, at, others), 4);
  return shown(value, `wrong: it should be ${right}`, `错误：应为 ${right}`);
}
