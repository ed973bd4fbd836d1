/**
 * Tunnels and rarer link headers laid out for people: their main fields. A
 * header that has none here is shown as one field with its bytes.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import type { Layer, LayerKind } from "../layers.ts";
import { etherTypeName, ipProtocolName } from "../protocol.ts";
import { HeaderFields, hexBytes, hexValue, shown, type FieldLayout, type Shown } from "./field.ts";

/** Kinds of headers that are laid out here. */
export type TunnelKind = Exclude<
  LayerKind,
  | "eth"
  | "vlan"
  | "llc"
  | "sll"
  | "sll2"
  | "null"
  | "ip"
  | "ipv6"
  | "extension"
  | "tcp"
  | "data"
  | "trailer"
>;

/** One field: name, labels, first bit, bits, and what it says. */
type Field = readonly [
  name: string,
  label: Text,
  bit: number,
  bits: number,
  show: (n: number) => Shown,
];

interface Header {
  readonly title: Text;
  readonly spec: string | null;
  readonly fields: readonly Field[];
}

const LENGTH = text("Length", "长度");
const TYPE = text("Type", "类型");
const PROTOCOL = text("Protocol", "协议");
const FLAGS = text("Flags", "标志");
const VERSION = text("Version", "版本");

/** A number with one sentence. */
const says =
  (en: string, zh: string) =>
  (n: number): Shown =>
    shown(n, en, zh);

/** A number in hexadecimal with one sentence. */
const saysHex =
  (digits: number, en: string, zh: string) =>
  (n: number): Shown =>
    shown(hexValue(n, digits), en, zh);

const bytesOf = (n: number): Shown => shown(n, `${n} bytes`, `${n} 字节`);

function showType(n: number): Shown {
  const name = etherTypeName(n) ?? (n === 0x6558 ? "Ethernet" : null);
  const value = hexValue(n, 4);
  if (name === null) return shown(value, "what follows", "后面的协议");
  return shown(value, `${name} follows`, `后面是 ${name}`);
}

function showIpProtocol(n: number): Shown {
  const name = ipProtocolName(n) ?? String(n);
  return shown(n, `${name} follows`, `后面是 ${name}`);
}

const VNI = says("which virtual network the frame belongs to", "这一帧属于哪个虚拟网络");
const PORT_FROM = says("where it comes from", "来自这个端口");
const PORT_TO = says("by this the tunnel is told", "凭它认出隧道");
const FOLLOWS = says("what follows", "后面的协议");
const QUOTED = says("why the packet quoted below was refused", "说明下面引用的包为何出错");

/** Titles and main fields; bits are counted from the start of the header. */
const HEADERS: Readonly<Record<TunnelKind, Header>> = {
  udp: {
    title: text("UDP", "UDP"),
    spec: "RFC 768",
    fields: [
      ["udp.srcport", text("Source port", "源端口"), 0, 16, PORT_FROM],
      ["udp.dstport", text("Destination port", "目的端口"), 16, 16, PORT_TO],
      ["udp.length", LENGTH, 32, 16, bytesOf],
      [
        "udp.checksum",
        text("Checksum", "校验和"),
        48,
        16,
        saysHex(4, "not checked here", "此处不校验"),
      ],
    ],
  },
  icmp: {
    title: text("ICMP error", "ICMP 差错报文"),
    spec: "RFC 792",
    fields: [
      ["icmp.type", TYPE, 0, 8, QUOTED],
      ["icmp.code", text("Code", "代码"), 8, 8, says("more exactly", "更具体的原因")],
    ],
  },
  icmpv6: {
    title: text("ICMPv6 error", "ICMPv6 差错报文"),
    spec: "RFC 4443 §3",
    fields: [
      ["icmpv6.type", TYPE, 0, 8, QUOTED],
      ["icmpv6.code", text("Code", "代码"), 8, 8, says("more exactly", "更具体的原因")],
    ],
  },
  gre: {
    title: text("GRE tunnel", "GRE 隧道"),
    spec: "RFC 2784",
    fields: [
      [
        "gre.flags_and_version",
        FLAGS,
        0,
        16,
        saysHex(4, "which optional fields follow", "后面有哪些可选字段"),
      ],
      ["gre.proto", PROTOCOL, 16, 16, showType],
    ],
  },
  erspan: {
    title: text("Mirrored frame (ERSPAN)", "镜像帧（ERSPAN）"),
    spec: null,
    fields: [
      [
        "erspan.version",
        VERSION,
        0,
        4,
        says("1 is type II, 2 is type III", "1 为 II 型，2 为 III 型"),
      ],
      [
        "erspan.vlan",
        text("VLAN", "VLAN"),
        4,
        12,
        says("VLAN of the mirrored frame", "被镜像帧的 VLAN"),
      ],
      [
        "erspan.spanid",
        text("Session", "会话"),
        22,
        10,
        says("which mirror session", "镜像会话编号"),
      ],
    ],
  },
  wccp: { title: text("WCCP redirect", "WCCP 重定向"), spec: null, fields: [] },
  mpls: {
    title: text("MPLS label", "MPLS 标签"),
    spec: "RFC 3032",
    fields: [
      ["mpls.label", text("Label", "标签"), 0, 20, says("tells routers the way", "路由器凭它转发")],
      ["mpls.exp", text("Class", "等级"), 20, 3, says("traffic class", "流量等级")],
      [
        "mpls.bottom",
        text("Last", "栈底"),
        23,
        1,
        (n) =>
          n === 1
            ? shown(n, "the last label", "最后一个标签")
            : shown(n, "another label follows", "后面还有标签"),
      ],
      [
        "mpls.ttl",
        text("TTL", "TTL"),
        24,
        8,
        (n) => shown(n, `${n} more routers may forward it`, `还可以经过 ${n} 个路由器`),
      ],
    ],
  },
  pwethcw: {
    title: text("Pseudo-wire control word", "伪线控制字"),
    spec: "RFC 4448",
    fields: [
      [
        "pwethcw.sequence_number",
        text("Sequence", "序号"),
        16,
        16,
        says("order of the frames, 0 when not kept", "帧的次序，0 表示不编号"),
      ],
    ],
  },
  ppp: { title: text("PPP", "PPP"), spec: "RFC 1661", fields: [] },
  pppoes: {
    title: text("PPPoE session", "PPPoE 会话"),
    spec: "RFC 2516",
    fields: [
      ["pppoe.version", VERSION, 0, 4, says("should be 1", "应当是 1")],
      ["pppoe.type", TYPE, 4, 4, says("should be 1", "应当是 1")],
      ["pppoe.code", text("Code", "代码"), 8, 8, says("0: data of a session", "0：会话数据")],
      [
        "pppoe.session_id",
        text("Session", "会话"),
        16,
        16,
        saysHex(4, "which subscriber's line", "哪条用户线路"),
      ],
      ["pppoe.payload_length", LENGTH, 32, 16, bytesOf],
    ],
  },
  chdlc: {
    title: text("Cisco HDLC", "Cisco HDLC"),
    spec: null,
    fields: [["chdlc.protocol", PROTOCOL, 16, 16, showType]],
  },
  fr: { title: text("Frame relay", "帧中继（Frame Relay）"), spec: "RFC 2427", fields: [] },
  vxlan: {
    title: text("VXLAN tunnel", "VXLAN 隧道"),
    spec: "RFC 7348",
    fields: [
      [
        "vxlan.flags",
        FLAGS,
        0,
        16,
        saysHex(4, "0x0800: the network is given", "0x0800：给出了网络编号"),
      ],
      ["vxlan.vni", text("Network", "网络"), 32, 24, VNI],
    ],
  },
  geneve: {
    title: text("Geneve tunnel", "Geneve 隧道"),
    spec: "RFC 8926",
    fields: [
      ["geneve.version", VERSION, 0, 2, says("should be 0", "应当是 0")],
      ["geneve.option.length", text("Options", "选项"), 2, 6, (n) => bytesOf(n * 4)],
      ["geneve.proto_type", PROTOCOL, 16, 16, showType],
      ["geneve.vni", text("Network", "网络"), 32, 24, VNI],
    ],
  },
  nsh: {
    title: text("Network service header", "网络服务首部（NSH）"),
    spec: "RFC 8300",
    fields: [
      ["nsh.nextproto", PROTOCOL, 24, 8, FOLLOWS],
      ["nsh.spi", text("Path", "路径"), 32, 24, says("chain of services", "服务链编号")],
    ],
  },
  gtp: {
    title: text("GTP-U tunnel", "GTP-U 隧道"),
    spec: "3GPP TS 29.281",
    fields: [
      ["gtp.flags.version", VERSION, 0, 3, says("version of GTP", "GTP 版本")],
      ["gtp.message", TYPE, 8, 8, says("255: a packet of the user", "255：用户的包")],
      ["gtp.length", LENGTH, 16, 16, bytesOf],
      [
        "gtp.teid",
        text("Tunnel", "隧道"),
        32,
        32,
        saysHex(8, "which subscriber's tunnel", "哪个用户的隧道"),
      ],
    ],
  },
  teredo: { title: text("Teredo", "Teredo"), spec: "RFC 4380", fields: [] },
  l2tp: { title: text("L2TP tunnel", "L2TP 隧道"), spec: "RFC 2661", fields: [] },
  ayiya: {
    title: text("AYIYA tunnel", "AYIYA 隧道"),
    spec: null,
    fields: [["ayiya.nextheader", PROTOCOL, 24, 8, showIpProtocol]],
  },
  lisp: { title: text("LISP tunnel", "LISP 隧道"), spec: "RFC 9300", fields: [] },
  tzsp: {
    title: text("Mirrored frame (TZSP)", "镜像帧（TZSP）"),
    spec: null,
    fields: [["tzsp.encap", PROTOCOL, 16, 16, FOLLOWS]],
  },
  etherip: { title: text("Ethernet in IP", "IP 中的以太网"), spec: "RFC 3378", fields: [] },
  etag: {
    title: text("Port extender tag (802.1BR)", "端口扩展标签（802.1BR）"),
    spec: null,
    fields: [["etag.etype", TYPE, 48, 16, showType]],
  },
  vntag: {
    title: text("VN-tag", "VN 标签"),
    spec: null,
    fields: [["vntag.etype", TYPE, 32, 16, showType]],
  },
  cmd: {
    title: text("Cisco metadata", "Cisco 元数据"),
    spec: null,
    fields: [
      ["cmd.sgt", text("Group", "安全组"), 32, 16, says("security group tag", "安全组标签")],
      ["cmd.type", TYPE, 48, 16, showType],
    ],
  },
  ieee8021ah: {
    title: text("Provider backbone tag (802.1ah)", "运营商骨干标签（802.1ah）"),
    spec: null,
    fields: [
      [
        "ieee8021ah.isid",
        text("Service", "业务"),
        8,
        24,
        says("service of the provider", "运营商的业务编号"),
      ],
      ["ieee8021ah.etype", TYPE, 128, 16, showType],
    ],
  },
  hsr: {
    title: text("Redundant ring tag (HSR)", "冗余环标签（HSR）"),
    spec: null,
    fields: [["hsr.type", TYPE, 32, 16, showType]],
  },
  trill: { title: text("TRILL", "TRILL"), spec: "RFC 6325", fields: [] },
  batadv: { title: text("batman-adv", "batman-adv"), spec: null, fields: [] },
  fddi: { title: text("FDDI", "FDDI"), spec: null, fields: [] },
  tr: { title: text("Token Ring", "令牌环（Token Ring）"), spec: null, fields: [] },
  arcnet: { title: text("ARCNET", "ARCNET"), spec: "RFC 1201", fields: [] },
  ipfc: { title: text("IP over Fibre Channel", "光纤通道上的 IP"), spec: "RFC 4338", fields: [] },
  ipoib: {
    title: text("IP over InfiniBand", "InfiniBand 上的 IP"),
    spec: "RFC 4391",
    fields: [["ipoib.type", TYPE, 320, 16, showType]],
  },
  wlan: {
    title: text("Wi-Fi (802.11)", "Wi-Fi（802.11）"),
    spec: "IEEE 802.11 §9.3.2",
    fields: [["wlan.fc", text("Control", "控制"), 0, 16, saysHex(4, "frame control", "帧控制")]],
  },
  radiotap: {
    title: text("Radio information (radiotap)", "无线信息（radiotap）"),
    spec: null,
    fields: [],
  },
  ppi: { title: text("Per-packet information", "每包附加信息（PPI）"), spec: null, fields: [] },
  prism: { title: text("Radio information", "无线信息（Prism/AVS）"), spec: null, fields: [] },
  juniper: { title: text("Juniper", "Juniper 抓包首部"), spec: null, fields: [] },
  nflog: {
    title: text("Linux netfilter log", "Linux 防火墙日志（NFLOG）"),
    spec: null,
    fields: [],
  },
  pflog: { title: text("Packet filter log", "防火墙日志（PFLOG）"), spec: null, fields: [] },
  enc: { title: text("BSD encapsulation", "BSD 封装接口首部"), spec: null, fields: [] },
  pktap: { title: text("macOS packet tap", "macOS 抓包首部（PKTAP）"), spec: null, fields: [] },
  netanalyzer: { title: text("netANALYZER", "netANALYZER 首部"), spec: null, fields: [] },
};

/** What a header of this kind is called. */
export function tunnelTitle(kind: TunnelKind): Text {
  return HEADERS[kind].title;
}

/** The main fields; what lies between them and behind them is shown as bytes. */
export function layoutTunnel(v: DataView, layer: Layer, kind: TunnelKind): readonly FieldLayout[] {
  const { at, len } = layer;
  const { fields, spec } = HEADERS[kind];
  const h = new HeaderFields(v, at, at + len);
  let bit = 0;
  for (const [name, label, from, bits, show] of fields) {
    if (from + bits > len * 8) break;
    addRest(h, kind, bit, from, spec);
    h.add(name, label, from, bits, spec, show);
    bit = from + bits;
  }
  addRest(h, kind, bit, len * 8, spec);
  return h.fields;
}

/** The bits `[from, to)`, which are no field of their own here. */
function addRest(
  h: HeaderFields,
  kind: TunnelKind,
  from: number,
  to: number,
  spec: string | null,
): void {
  const wholeAt = Math.min(to, (from + 7) & ~7);
  const wholeTo = Math.max(wholeAt, to & ~7);
  const label = text("Other", "其他");
  const why = ["not needed on the way to TCP", "读 TCP 用不到"] as const;
  if (wholeAt > from)
    h.add(`${kind}.bits`, label, from, wholeAt - from, spec, (n) => shown(n, ...why));
  if (wholeTo > wholeAt)
    h.add(`${kind}.data`, label, wholeAt, wholeTo - wholeAt, spec, () =>
      shown(hexBytes(h.v, h.at + wholeAt / 8, (wholeTo - wholeAt) / 8), ...why),
    );
  if (to > wholeTo)
    h.add(`${kind}.bits`, label, wholeTo, to - wholeTo, spec, (n) => shown(n, ...why));
}
