/**
 * A packet in one line, as `tcpdump -n -t -S -r FILE` prints it:
 *
 *     IP 127.0.0.1.40000 > 127.0.0.1.8080: Flags [S], seq 123, win 65495, length 0
 *
 * The way to TCP and TCP itself are printed as tcpdump does; other protocols
 * are named with their ports and length, not decoded.
 *
 * @module
 */
import { formatIpv4, formatIpv6 } from "./address.ts";
import { describeEtherType, etherType, MAX_802_3_LENGTH } from "./ethernet.ts";
import { ipv4HeaderLen, ipv4TotalLen, ipv4Version, isIpv4Fragment } from "./ipv4.ts";
import { ipv6PayloadLen } from "./ipv6.ts";
import { describeIpv6Extension } from "./ipv6-extension.ts";
import { layersOf, type Layer, type LayerKind } from "./layers.ts";
import { isLinkTypeRead, linkTypeName } from "./linktype.ts";
import { greFlags } from "./way/gre.ts";
import { gtpTeid } from "./way/gtp.ts";
import { describeSflow, sflowSamples } from "./way/sflow.ts";
import { isSflow, UDP_HEADER_LEN, udpDstPort, udpSrcPort } from "./way/udp.ts";
import { mplsIsBottom, mplsLabel } from "./way/mpls.ts";
import { vxlanVni } from "./way/vxlan.ts";
import { etherTypeName, IpProtocol, ipProtocolName } from "./protocol.ts";
import { tcpDstPort, tcpSrcPort } from "./tcp.ts";
import { describeTcp, type TcpDescribeOptions } from "./tcp-describe.ts";

/** The packet at `v[at, at+capLen)`, with `origLen` bytes on the wire. */
export function describePacket(
  v: DataView,
  at: number,
  capLen: number,
  origLen: number,
  linkType: number,
  options: TcpDescribeOptions = {},
): string {
  if (capLen === 0) return "[Invalid header: caplen==0]";
  if (!isLinkTypeRead(linkType)) return `${linkTypeName(linkType)}, length ${origLen}`;
  const end = Math.min(at + capLen, v.byteLength);
  const layers = layersOf(v, at, capLen, origLen, linkType);
  const ip = layers.findIndex((l) => l.kind === "ip" || l.kind === "ipv6");
  if (ip < 0) return describeOther(v, layers, origLen);
  const before = describeTunnels(v, layers.slice(0, ip));
  return before + describeIp(v, layers.slice(ip), end, Math.max(at + origLen, end), options);
}

/** IP, which is the first of `layers`, in a frame or packet that ends at `frameEnd` on the wire. */
function describeIp(
  v: DataView,
  layers: readonly Layer[],
  end: number,
  frameEnd: number,
  options: TcpDescribeOptions,
): string {
  const missing = missingBytes(v, layers[0]!, frameEnd);
  if (layers[0]!.kind === "ip") return describeIpv4(v, layers, end, missing, options);
  return describeIpv6(v, layers, end, missing, options);
}

/** Labels, sessions and tunnels in front of IP; tcpdump names other link headers only when asked. */
function describeTunnels(v: DataView, layers: readonly Layer[]): string {
  // A stack of labels is named once.
  return layers
    .map((layer) => describeTunnel(v, layer))
    .join("")
    .replaceAll(") MPLS (", ") (");
}

function describeTunnel(v: DataView, { kind, at, wireEnd }: Layer): string {
  if (kind === "mpls") return describeMpls(v, at);
  if (kind === "pppoes") return `PPPoE  [ses 0x${v.getUint16(at + 2).toString(16)}] `;
  if (kind === "gre") return `GREv${greFlags(v, at) & 7}, length ${wireEnd - at}: `;
  if (kind === "vxlan") return `VXLAN, vni ${vxlanVni(v, at)}: `;
  if (kind === "geneve") return `Geneve, vni ${vxlanVni(v, at)}: `;
  if (kind === "gtp") return `GTP-U, teid 0x${gtpTeid(v, at).toString(16)}: `;
  return NAMED.has(kind) ? `${kind.toUpperCase()}: ` : "";
}

/** Tunnels of which only the name is printed. */
const NAMED: ReadonlySet<LayerKind> = new Set([
  "erspan",
  "nsh",
  "l2tp",
  "ayiya",
  "lisp",
  "tzsp",
  "teredo",
  "etherip",
]);

function describeMpls(v: DataView, at: number): string {
  const bottom = mplsIsBottom(v, at) ? ", [S]" : "";
  const word = v.getUint32(at);
  return `MPLS (label ${mplsLabel(v, at)}, tc ${(word >>> 9) & 7}${bottom}, ttl ${word & 0xff}) `;
}

/** Bytes that the IP header promises beyond the frame's length on the wire. */
function missingBytes(v: DataView, ip: Layer, frameEnd: number): number {
  if (ip.why !== null) return 0;
  const length = ip.kind === "ip" ? ipv4TotalLen(v, ip.at) : 40 + ipv6PayloadLen(v, ip.at);
  return Math.max(0, ip.at + length - frameEnd);
}

/** No IP: the last link header that can be read says what it is. */
function describeOther(v: DataView, layers: readonly Layer[], origLen: number): string {
  const last = layers.findLast((l) => l.kind !== "data" && l.kind !== "trailer");
  if (layers.length === 0) return `length ${origLen}`;
  if (last === undefined) return `unknown ip ${v.getUint8(layers[0]!.at) >>> 4}`;
  if (last.why !== null) return ` [|${last.kind}]`;
  if (last.kind !== "eth" && last.kind !== "vlan") return `${last.kind}, length ${origLen}`;
  const type = last.kind === "eth" ? etherType(v, last.at) : v.getUint16(last.at + 2);
  const length = origLen - (last.at + last.len - layers[0]!.at);
  if (type <= MAX_802_3_LENGTH) return `802.3, length ${type}`;
  return `${etherTypeName(type) ?? `ethertype ${describeEtherType(type)}`}, length ${length}`;
}

function describeIpv4(
  v: DataView,
  layers: readonly Layer[],
  end: number,
  missing: number,
  options: TcpDescribeOptions,
): string {
  const { at, why } = layers[0]!;
  if (why !== null) return describeBrokenIpv4(v, at, end, why);
  const cut = missing > 0 ? `truncated-ip - ${missing} bytes missing! ` : "";
  const src = formatIpv4(v, at + 12);
  const dst = formatIpv4(v, at + 16);
  if (layers[1]?.why === "fragment")
    return `IP ${cut}${src} > ${dst}: ip-proto-${layers[1].number}`;
  // A checksum over a part means nothing.
  const asked = isIpv4Fragment(v, at) ? { ...options, ipAt: null } : options;
  return `IP ${cut}${describePayload(v, layers, end, src, dst, missing, asked)}`;
}

function describeBrokenIpv4(v: DataView, at: number, end: number, why: string): string {
  if (why === "bad-version") return `unknown ip ${ipv4Version(v, at)}`;
  if (end - at < 20) return "IP  [|ip]";
  const headerLen = ipv4HeaderLen(v, at);
  if (headerLen < 20) return `IP bad-hlen ${headerLen}`;
  if (why === "bad-length") return `IP bad-len ${ipv4TotalLen(v, at)}`;
  return `IP  [remaining caplen(${end - at}) < header length(${headerLen})] [|ip]`;
}

function describeIpv6(
  v: DataView,
  layers: readonly Layer[],
  end: number,
  missing: number,
  options: TcpDescribeOptions,
): string {
  const { at, why } = layers[0]!;
  if (why === "bad-version") return `unknown ip ${v.getUint8(at) >>> 4}`;
  if (why !== null) return " [|ip6]";
  const cut = missing > 0 ? `truncated-ip6 - ${missing} bytes missing!` : "";
  const src = formatIpv6(v, at + 8);
  const dst = formatIpv6(v, at + 24);
  return `IP6 ${cut}${describePayload(v, layers, end, src, dst, missing, options)}`;
}

/** Addresses, extension headers, then what they lead to. */
function describePayload(
  v: DataView,
  layers: readonly Layer[],
  end: number,
  src: string,
  dst: string,
  missing: number,
  options: TcpDescribeOptions,
): string {
  const ip = layers[0]!;
  const ipEnd = ip.wireEnd + missing;
  let text = `${src} > ${dst}: `;
  const bare = layers[1]?.kind !== "extension";
  for (const [i, layer] of layers.entries()) {
    if (i === 0) continue;
    if (layer.kind === "ip" || layer.kind === "ipv6")
      return text + describeIp(v, layers.slice(i), end, ipEnd, options);
    if (layer.kind === "udp" && bare) {
      text = `${src}.${udpSrcPort(v, layer.at)} > ${dst}.${udpDstPort(v, layer.at)}: `;
      const sflow = describeDatagram(v, layer, Math.min(end, ipEnd));
      if (sflow !== null) return `${text}${sflow}, length ${ipEnd - layer.at - UDP_HEADER_LEN}`;
      continue;
    }
    if (isTunnel(layer)) {
      text += describeTunnel(v, layer);
      continue;
    }
    if (layer.kind === "extension") {
      text += describeIpv6Extension(v, layer.at, Math.min(end, ipEnd), layer.number, ipEnd);
      if (layer.why !== null) return text;
      continue;
    }
    if (layer.why === "fragment") return text.trimEnd();
    if (layer.kind === "tcp" || isTcpGone(layer))
      return describeSegment(v, layer, end, ipEnd, bare ? [src, dst] : null, text, options);
    return describeData(v, layer, ipEnd, bare ? [src, dst] : null, text);
  }
  return text + (ip.why ?? "no data");
}

/** The frames with TCP that a datagram of sFlow tells of, a line each, with the numbers as they are. */
export function describeSamples(
  v: DataView,
  at: number,
  capLen: number,
  origLen: number,
  linkType: number,
): string[] {
  const end = Math.min(at + capLen, v.byteLength);
  const udp = layersOf(v, at, capLen, origLen, linkType).find((l) => l.kind === "udp");
  if (udp === undefined || !isSflow(udpSrcPort(v, udp.at), udpDstPort(v, udp.at))) return [];
  return sflowSamples(v, udp.at + UDP_HEADER_LEN, Math.min(end, udp.wireEnd))
    .filter((s) =>
      layersOf(v, s.at, s.capLen, s.origLen, s.linkType).some(({ kind }) => kind === "tcp"),
    )
    .map((s) => describePacket(v, s.at, s.capLen, s.origLen, s.linkType));
}

/** What is told of a UDP datagram instead of what it holds. */
function describeDatagram(v: DataView, udp: Layer, end: number): string | null {
  if (udp.why !== null || !isSflow(udpSrcPort(v, udp.at), udpDstPort(v, udp.at))) return null;
  return describeSflow(v, udp.at + UDP_HEADER_LEN, end);
}

/** What may stand between two IP headers; an ICMP error is only named. */
function isTunnel({ kind, why }: Layer): boolean {
  const isOther = kind === "icmp" || kind === "icmpv6" || kind === "tcp" || kind === "data";
  return why === null && !isOther && kind !== "extension" && kind !== "trailer";
}

/** TCP of which nothing was captured. */
function isTcpGone(layer: Layer): boolean {
  return layer.kind === "data" && layer.number === IpProtocol.TCP;
}

function describeSegment(
  v: DataView,
  layer: Layer,
  end: number,
  ipEnd: number,
  addresses: readonly [string, string] | null,
  start: string,
  options: TcpDescribeOptions,
): string {
  const segmentEnd = Math.min(end, ipEnd);
  if (segmentEnd - layer.at < 4) return `${start}[|tcp]`;
  const src = tcpSrcPort(v, layer.at);
  const dst = tcpDstPort(v, layer.at);
  const line = describeTcp(v, layer.at, segmentEnd, ipEnd - layer.at, options);
  if (addresses === null) return `${start}${src} > ${dst}: ${line}`;
  return `${addresses[0]}.${src} > ${addresses[1]}.${dst}: ${line}`;
}

function describeData(
  v: DataView,
  layer: Layer,
  ipEnd: number,
  addresses: readonly [string, string] | null,
  start: string,
): string {
  const length = ipEnd - layer.at;
  if (layer.number === IpProtocol.UDP && layer.len >= 8 && addresses !== null) {
    const src = v.getUint16(layer.at);
    const dst = v.getUint16(layer.at + 2);
    return `${addresses[0]}.${src} > ${addresses[1]}.${dst}: UDP, length ${length - 8}`;
  }
  return `${start}${protocolName(layer.number)}, length ${length}`;
}

function protocolName(protocol: number): string {
  return ipProtocolName(protocol) ?? `ip-proto-${protocol}`;
}
