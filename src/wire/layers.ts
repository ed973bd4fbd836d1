/**
 * The headers of one packet from the outside in, as a list, for those who
 * show packets. Analysis uses `findTcp`, which allocates nothing.
 *
 * Broken headers are in the list too, as far as they go, with the reason.
 *
 * @module
 */
import type { DecodeReason } from "../base/errors.ts";
import {
  checkIpv4,
  ipv4FragmentOffset,
  isIpv4Fragment,
  ipv4HeaderLen,
  ipv4Protocol,
  ipv4TotalLen,
} from "./ipv4.ts";
import { checkIpv6, IPV6_HEADER_LEN, ipv6NextHeader, ipv6PayloadLen } from "./ipv6.ts";
import { ipv6FragmentOffset } from "./ipv6-extension.ts";
import { LinkType } from "./linktype.ts";
import { checkNull, NULL_HEADER_LEN } from "./null.ts";
import { isOwnProtocol, loopbackFamily, MAX_HEADERS } from "./path.ts";
import { IpProtocol } from "./protocol.ts";
import { checkSll, SLL_HEADER_LEN, sllArphrd, sllProtocol } from "./sll.ts";
import { checkSll2, SLL2_HEADER_LEN, sll2Arphrd, sll2Protocol } from "./sll2.ts";
import { checkTcp, TCP_MIN_HEADER_LEN, tcpHeaderLen } from "./tcp.ts";
import { takeStep } from "./way/take-step.ts";
import { sflowSamples } from "./way/sflow.ts";
import {
  etherWay,
  ipWay,
  linkWay,
  newStep,
  numberOf,
  protocolOf,
  Way,
  type Step,
  type StepKind,
} from "./way/way.ts";

/** What stands at a place of a packet. */
export type LayerKind =
  | Exclude<StepKind, "none">
  | "sll"
  | "sll2"
  | "null"
  | "ip"
  | "ipv6"
  | "tcp"
  /** What the last header carries; {@link Layer.number} is its IP protocol, or -1. */
  | "data"
  /** Bytes behind the IP packet: padding of short frames, a frame check sequence. */
  | "trailer";

/** One header, or the bytes behind the last one. */
export interface Layer {
  readonly kind: LayerKind;
  readonly at: number;
  /** Captured bytes of the header; of all the bytes for data and trailer. */
  readonly len: number;
  /** Protocol number that led here (IP protocol, EtherType, PPP protocol), -1 when none did. */
  readonly number: number;
  /** End on the wire of this header and all it carries; may be beyond what was captured. */
  readonly wireEnd: number;
  /** What is wrong with it: the list ends here, but for data. */
  readonly why: DecodeReason | "fragment" | "too-deep" | null;
}

interface Walk {
  readonly v: DataView;
  /** Captured end. */
  readonly end: number;
  readonly layers: Layer[];
  readonly step: Step;
  /** Headers so far, IP and TCP apart. */
  headers: number;
}

/** The headers of the packet at `v[at, at+capLen)`, with `origLen` bytes on the wire. */
export function layersOf(
  v: DataView,
  at: number,
  capLen: number,
  origLen: number,
  linkType: number,
): Layer[] {
  const end = Math.min(at + capLen, v.byteLength);
  const wireEnd = Math.max(at + origLen, end);
  const walk: Walk = { v, end, layers: [], step: newStep(), headers: 0 };
  link(walk, at, wireEnd, linkType);
  const ip = walk.layers.find((l) => (l.kind === "ip" || l.kind === "ipv6") && l.why === null);
  rest(walk, Math.min(end, ip?.wireEnd ?? wireEnd));
  if (ip !== undefined && ip.wireEnd < end)
    push(walk, "trailer", ip.wireEnd, end - ip.wireEnd, wireEnd);
  return walk.layers;
}

/** TCP alone: a header at `at`, `tcpLen` bytes with its data on the wire. */
export function tcpLayersOf(v: DataView, at: number, end: number, tcpLen: number): Layer[] {
  const walk: Walk = {
    v,
    end: Math.min(end, v.byteLength),
    layers: [],
    step: newStep(),
    headers: 0,
  };
  tcp(walk, at, at + tcpLen);
  rest(walk, Math.min(walk.end, at + tcpLen));
  return walk.layers;
}

/** Bytes behind a broken header: shown, but not taken for anything. */
function rest(walk: Walk, end: number): void {
  const last = walk.layers.at(-1);
  if (last === undefined || last.why === null) return;
  const at = last.at + last.len;
  push(walk, "data", at, end - at, last.wireEnd);
}

function push(
  walk: Walk,
  kind: LayerKind,
  at: number,
  len: number,
  wireEnd: number,
  number = -1,
  why: Layer["why"] = null,
): void {
  const captured = Math.max(0, Math.min(len, walk.end - at, wireEnd - at));
  if (captured > 0 || why !== null)
    walk.layers.push({ kind, at, len: captured, number, wireEnd, why });
}

/** Adds a header; false when it is broken, which ends the walk. */
function header(
  walk: Walk,
  kind: LayerKind,
  at: number,
  len: number,
  wireEnd: number,
  why: Layer["why"],
  number = -1,
): boolean {
  push(walk, kind, at, len, wireEnd, number, why);
  return why === null;
}

function link(walk: Walk, at: number, wireEnd: number, linkType: number): void {
  const { v, end } = walk;
  switch (linkType) {
    case LinkType.LINUX_SLL:
      if (header(walk, "sll", at, SLL_HEADER_LEN, wireEnd, checkSll(v, at, end)))
        cooked(walk, sllArphrd(v, at), sllProtocol(v, at), at + SLL_HEADER_LEN, wireEnd);
      return;
    case LinkType.LINUX_SLL2:
      if (header(walk, "sll2", at, SLL2_HEADER_LEN, wireEnd, checkSll2(v, at, end)))
        cooked(walk, sll2Arphrd(v, at), sll2Protocol(v, at), at + SLL2_HEADER_LEN, wireEnd);
      return;
    case LinkType.NULL:
    case LinkType.LOOP:
      if (header(walk, "null", at, NULL_HEADER_LEN, wireEnd, checkNull(v, at, end)))
        network(walk, loopbackFamily(v, at, linkType), at + NULL_HEADER_LEN, wireEnd);
      return;
    case LinkType.IPV4:
      return network(walk, 4, at, wireEnd);
    case LinkType.IPV6:
      return network(walk, 6, at, wireEnd);
    default:
      return follow(walk, linkWay(linkType), at, wireEnd);
  }
}

/** IP of a version, or bytes that are neither. */
function network(walk: Walk, version: number, at: number, wireEnd: number): void {
  if (version === 4) return ipv4(walk, at, wireEnd);
  if (version === 6) return ipv6(walk, at, wireEnd);
  push(walk, "data", at, walk.end - at, wireEnd);
}

function cooked(walk: Walk, arphrd: number, type: number, at: number, wireEnd: number): void {
  if (isOwnProtocol(arphrd) || (type < 1536 && type !== 4))
    return push(walk, "data", at, walk.end - at, wireEnd);
  follow(walk, etherWay(type), at, wireEnd);
}

/** One step a header, as `findTcp` goes. */
function follow(walk: Walk, first: Way, firstAt: number, firstWireEnd: number): void {
  const { v, end, step } = walk;
  let way = first;
  let at = firstAt;
  let wireEnd = firstWireEnd;
  for (;;) {
    if (walk.headers++ >= MAX_HEADERS)
      return push(walk, "data", at, end - at, wireEnd, protocolOf(way), "too-deep");
    if (way === Way.IPV4) return ipv4OrSix(walk, at, wireEnd);
    if (way === Way.IPV6) return ipv6(walk, at, wireEnd);
    if (way === Way.TCP) return tcp(walk, at, wireEnd);
    if (way === Way.SFLOW) return samples(walk, at, wireEnd);
    if (!takeStep(way, v, at, end, wireEnd, step) || isDeadEnd(step))
      return push(walk, "data", at, end - at, wireEnd, protocolOf(way));
    const number = numberOf(way);
    const { kind, len, why } = step;
    if (kind !== "none" && !header(walk, kind, at, len, wireEnd, why, number)) return;
    if (why !== null) return;
    at += len;
    wireEnd = step.wireEnd;
    way = step.next;
    const isLater = step.isPart && ipv6FragmentOffset(v, at - 8) > 0;
    if (isLater || (step.isPart && way !== Way.TCP))
      return push(
        walk,
        "data",
        at,
        end - at,
        wireEnd,
        protocolOf(way),
        isLater ? "fragment" : null,
      );
  }
}

/** The headers of the frames that a datagram of sFlow tells of; of others than those it is data. */
function samples(walk: Walk, at: number, wireEnd: number): void {
  const { v, layers } = walk;
  const end = Math.min(walk.end, wireEnd);
  const found = sflowSamples(v, at, end);
  if (found.length === 0) push(walk, "data", at, end - at, wireEnd);
  for (const { at: from, capLen, origLen, linkType } of found) {
    const inner: Walk = { v, end: from + capLen, layers, step: newStep(), headers: walk.headers };
    link(inner, from, from + origLen, linkType);
  }
}

/** Messages and datagrams that lead to no TCP are data. */
function isDeadEnd({ kind, next }: Step): boolean {
  return next === Way.NOTHING && (kind === "udp" || kind === "icmp" || kind === "icmpv6");
}

/** IPv6 where IPv4 was promised is read all the same, as `findTcp` does. */
function ipv4OrSix(walk: Walk, at: number, wireEnd: number): void {
  const isSix = at < walk.end && walk.v.getUint8(at) >>> 4 === 6;
  if (isSix) ipv6(walk, at, wireEnd);
  else ipv4(walk, at, wireEnd);
}

function ipv4(walk: Walk, at: number, frameEnd: number): void {
  const { v, end } = walk;
  const why = checkIpv4(v, at, end);
  const total = why === null ? ipv4TotalLen(v, at) : 0;
  const wireEnd = total === 0 ? frameEnd : Math.min(at + total, frameEnd);
  const headerLen = at < end ? Math.max(20, ipv4HeaderLen(v, at)) : 20;
  if (!header(walk, "ip", at, headerLen, wireEnd, why)) return;
  const bodyAt = at + headerLen;
  const protocol = ipv4Protocol(v, at);
  if (ipv4FragmentOffset(v, at) > 0)
    return push(walk, "data", bodyAt, end - bodyAt, wireEnd, protocol, "fragment");
  // Of a first part only TCP's own header is read: a tunnel continues in the next part.
  if (isIpv4Fragment(v, at) && protocol !== IpProtocol.TCP)
    return push(walk, "data", bodyAt, end - bodyAt, wireEnd, protocol);
  follow(walk, ipWay(protocol), bodyAt, wireEnd);
}

function ipv6(walk: Walk, at: number, frameEnd: number): void {
  const { v, end } = walk;
  const why = checkIpv6(v, at, end);
  const payloadLen = why === null ? ipv6PayloadLen(v, at) : 0;
  const bodyAt = at + IPV6_HEADER_LEN;
  const wireEnd = payloadLen === 0 ? frameEnd : Math.min(bodyAt + payloadLen, frameEnd);
  if (!header(walk, "ipv6", at, IPV6_HEADER_LEN, wireEnd, why)) return;
  follow(walk, ipWay(ipv6NextHeader(v, at)), bodyAt, wireEnd);
}

function tcp(walk: Walk, at: number, wireEnd: number): void {
  const { v } = walk;
  const end = Math.min(walk.end, wireEnd);
  const stated = end - at > 12 ? tcpHeaderLen(v, at) : TCP_MIN_HEADER_LEN;
  const len = Math.max(TCP_MIN_HEADER_LEN, stated);
  const why = checkTcp(v, at, end);
  if (header(walk, "tcp", at, len, wireEnd, why, IpProtocol.TCP))
    push(walk, "data", at + len, end - at - len, wireEnd, IpProtocol.TCP);
}
