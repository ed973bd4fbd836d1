/**
 * What the IP header and the rare flags tell of the way: congestion that was
 * marked, distances that change, fragments, urgent data, clocks that go back.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { seqLt } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import { count, plural } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import {
  type Detector,
  type EndedSide,
  type Ending,
  evidenceOf,
  type Moment,
  type Workbench,
} from "../moment.ts";
import type { Field } from "../rows.ts";
import { type Sighting, Sightings } from "../sightings.ts";
import { timestamp } from "./loss.ts";

/** RFC 3168 §5: congestion was experienced. */
const CE = 3;

/** Congestion that a router marked instead of dropping packets. */
export class CongestionMarks implements Detector {
  readonly wants: number = Kind.FLAGS | Kind.HANDLED;
  readonly #echoes = new Sightings();
  readonly #marks = new Sightings();
  /** ECN was agreed in the handshake (RFC 3168 §6.1.1). */
  readonly #agreed: Field;

  constructor({ connection }: Workbench) {
    this.#agreed = connection.field();
  }

  onSegment(m: Moment): void {
    const { flags, connection } = m;
    if ((flags & Flag.SYN) !== 0) {
      const ofEcn = flags & (Flag.ACK | Flag.ECE | Flag.CWR);
      if (ofEcn === (Flag.ACK | Flag.ECE)) connection.set(this.#agreed, 1);
      return;
    }
    const { view, path } = m.s;
    const traffic =
      path.ipVersion === 4 ? view.getUint8(path.ipAt + 1) : view.getUint8(path.ipAt + 1) >>> 4;
    if ((traffic & 3) === CE) this.#marks.add(m.flow, m.time, m.frame);
    // Without a handshake to go by, the flag can mean accurate ECN's counter (RFC 9768).
    if ((flags & Flag.ECE) !== 0 && connection.get(this.#agreed) === 1) {
      this.#echoes.add(m.reverseFlow, m.time, m.frame);
    }
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const marks = this.#marks.take(side.flow);
      const echoes = this.#echoes.take(side.flow);
      if (marks === null && echoes === null) continue;
      const [a, b] = [marks?.count ?? 0, echoes?.count ?? 0];
      ending.report(
        {
          id: "congestion-marked",
          weight: a + b,
          ...evidenceOf(marks, echoes),
          numbers: { marked: a, echoed: b },
        },
        () => ({
          sentence: text(
            `Routers reported congestion on the way from ${side.name.en}: ${plural(a, "packet")} marked (CE), ${plural(b, "segment")} of ${side.otherName.en} that say so (ECE).`,
            `从${side.name.zh}出发的路径上有路由器报告拥塞：${count(a)} 个包被标记（CE），${side.otherName.zh}有 ${count(b)} 个报文段转告了这一点（ECE）。`,
          ),
          cause: text(
            "A queue on the path grew long; with ECN it is said, not shown by dropping packets.",
            "路径上有队列变长；启用 ECN 时路由器用标记而不是丢包来告知。",
          ),
          advice: text(
            "The sender slows down for it, as it should. Much of it: a link on the path is full.",
            "发送方会因此减速，这是应有的行为。如果很多，说明路径上有链路已满。",
          ),
        }),
      );
    }
  }
}

/** Ways between the same ends differ by so many hops without anybody between. */
const WAYS_HOPS = 2;

/** A distance that is not the usual one. */
export class Distances implements Detector {
  readonly #odd = new Sightings();
  readonly #oddResets = new Sightings();
  /** Of the side's first segment; -1: none. */
  readonly #ttl: Field;
  readonly #oddTtl: Field;
  readonly #usual: Field;

  constructor({ side }: Workbench) {
    this.#ttl = side.field(-1);
    this.#oddTtl = side.rareField(-1);
    this.#usual = side.field();
  }

  onSegment(m: Moment): void {
    const { view, path } = m.s;
    const ttl = view.getUint8(path.ipAt + (path.ipVersion === 4 ? 8 : 7));
    const first = m.fwd.get(this.#ttl);
    if (first === -1) m.fwd.set(this.#ttl, ttl);
    if (first === -1 || first === ttl) {
      m.fwd.add(this.#usual);
      return;
    }
    if ((m.flags & Flag.RST) === 0) {
      m.fwd.set(this.#oddTtl, ttl);
      this.#odd.add(m.flow, m.time, m.frame);
    } else if (Math.abs(hopsFrom(ttl) - hopsFrom(first)) > WAYS_HOPS) {
      if (this.#oddResets.add(m.flow, m.time, m.frame).count === 1) m.fwd.set(this.#oddTtl, ttl);
    }
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const odd = this.#odd.take(side.flow);
      const resets = this.#oddResets.take(side.flow);
      if (resets !== null && odd === null) this.#reportReset(ending, side, resets);
      else if (odd !== null) this.#report(ending, side, odd);
    }
  }

  #reportReset(ending: Ending, side: EndedSide, resets: Sighting): void {
    const ttl = side.row.get(this.#ttl);
    const other = side.row.get(this.#oddTtl);
    if (side.row.get(this.#usual) < 2) return;
    ending.report(
      {
        id: "reset-from-elsewhere",
        certainty: "likely",
        ...evidenceOf(resets),
        numbers: { ttl: other, usualTtl: ttl, resets: resets.count },
      },
      () => ({
        sentence: text(
          `The reset in ${side.name.en}'s name came with TTL ${other}; its other packets came with ${ttl}.`,
          `以${side.name.zh}名义发来的复位（RST）的 TTL 是 ${other}，而它其他的包都是 ${ttl}。`,
        ),
        cause: text(
          `It was probably not ${side.name.en} that sent it but a device on the way: a firewall, a filter, an intrusion detection.`,
          `它很可能不是${side.name.zh}发的，而是路上的设备：防火墙、过滤器或入侵检测系统。`,
        ),
        advice: text(
          "Capture at the other end: where this reset was never sent, somebody between made it.",
          "在另一端抓包：如果那里没有发出这个复位，就是中间有人伪造的。",
        ),
      }),
    );
  }

  #report(ending: Ending, side: EndedSide, odd: Sighting): void {
    const ttl = side.row.get(this.#ttl);
    const other = side.row.get(this.#oddTtl);
    const usual = side.row.get(this.#usual);
    ending.report(
      {
        id: "ttl-varies",
        weight: odd.count,
        ...evidenceOf(odd),
        numbers: { ttl, otherTtl: other, segments: odd.count, withFirstTtl: usual },
      },
      () => ({
        sentence: text(
          `${side.Name.en}'s packets came with different TTLs: ${count(usual)} with ${ttl}, ${count(odd.count)} with another (${other}).`,
          `${side.Name.zh}的包 TTL 不一致：${count(usual)} 个是 ${ttl}，${count(odd.count)} 个是别的值（${other}）。`,
        ),
        cause: text(
          "The path changed or has several branches, a device on the way sends some packets in its name (proxy, SYN protection), or the capture saw packets at two places.",
          "路径发生变化或有多条分支，路上的设备以它的名义发送了部分包（代理、SYN 防护），或者抓包看到了两个位置的包。",
        ),
        advice: text(
          "If only the handshake differs, a proxy answered it. Else compare with traceroute.",
          "如果只有握手不同，说明是代理作答的。否则用 traceroute 对照。",
        ),
      }),
    );
  }
}

/** Hops that a packet has come: hosts begin with one of these numbers, some with another one for resets. */
function hopsFrom(ttl: number): number {
  return ([32, 64, 128, 255].find((n) => ttl <= n) ?? 255) - ttl;
}

/** Rare things of single segments. */
export class Rarities implements Detector {
  readonly wants: number = Kind.FLAGS | Kind.DATA | Kind.HANDLED;
  readonly #facts: SideFacts;
  readonly #fragments = new Sightings();
  readonly #urgent = new Sightings();
  readonly #flags = new Sightings();
  readonly #clocks = new Sightings();
  /** TSval of the last segment with new data; -1: none. */
  readonly #stamp: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#stamp = side.field(-1);
  }

  onSegment(m: Moment): void {
    const { s, flags, flow, time, frame } = m;
    if (s.view !== s.packet.view) this.#fragments.add(flow, time, frame);
    if ((flags & Flag.URG) !== 0 && s.payloadLen > 0) this.#urgent.add(flow, time, frame);
    if (isImpossible(flags)) this.#flags.add(flow, time, frame);
    if (s.payloadLen > 0) this.#watchClock(m);
  }

  /** RFC 7323 §5.3: the receiver drops what is new and has an old timestamp. */
  #watchClock(m: Moment): void {
    const { fwd, s } = m;
    if (!fwd.has(this.#facts.marks, Did.NUMBERED) || s.seq !== fwd.get(this.#facts.next)) return;
    const stamp = timestamp(m);
    const before = fwd.get(this.#stamp);
    if (stamp === -1) return;
    if (before !== -1 && seqLt(stamp, before)) this.#clocks.add(m.flow, m.time, m.frame);
    fwd.set(this.#stamp, stamp);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      reportFragments(ending, side, this.#fragments.take(side.flow));
      reportUrgent(ending, side, this.#urgent.take(side.flow));
      reportFlags(ending, side, this.#flags.take(side.flow));
      reportClocks(ending, side, this.#clocks.take(side.flow));
    }
  }
}

/** Combinations that no stack sends. */
function isImpossible(flags: number): boolean {
  const edges = flags & (Flag.SYN | Flag.FIN | Flag.RST);
  const isSingle = edges === 0 || (edges & (edges - 1)) === 0;
  return !isSingle && edges !== (Flag.FIN | Flag.RST) ? true : (flags & 0x3f) === 0;
}

function reportFragments(ending: Ending, side: EndedSide, seen: Sighting | null): void {
  if (seen === null) return;
  const draft = { weight: seen.count, ...evidenceOf(seen), numbers: { segments: seen.count } };
  ending.report({ id: "ip-fragments", ...draft }, () => ({
    sentence: text(
      `${plural(seen.count, "segment")} of ${side.name.en} came in IP fragments.`,
      `${side.Name.zh}有 ${count(seen.count)} 个报文段被拆成 IP 分片到达。`,
    ),
    cause: text(
      "A router or tunnel on the way has a smaller MTU than the segments, and the sender does not find that out (path MTU discovery is off or its messages are dropped).",
      "路上的路由器或隧道的 MTU 小于报文段，而发送方没有发现（路径 MTU 发现被关闭，或其消息被丢弃）。",
    ),
    advice: text(
      "One lost fragment loses the segment. Let ICMP through, or lower the MSS for that way.",
      "丢失一个分片就丢失整个报文段。请放行 ICMP，或为该路径调小 MSS。",
    ),
  }));
}

function reportUrgent(ending: Ending, side: EndedSide, seen: Sighting | null): void {
  if (seen === null) return;
  const draft = { weight: seen.count, ...evidenceOf(seen), numbers: { segments: seen.count } };
  ending.report({ id: "urgent-data", ...draft }, () => ({
    sentence: text(
      `${side.Name.en} sent urgent data in ${plural(seen.count, "segment")}.`,
      `${side.Name.zh}在 ${count(seen.count)} 个报文段中发送了紧急数据。`,
    ),
    cause: text(
      "The program asked for it (MSG_OOB), as Telnet, FTP and rlogin do.",
      "程序要求这样做（MSG_OOB），例如 Telnet、FTP 和 rlogin。",
    ),
    advice: text(
      "Stacks and firewalls do not agree on what it means: new programs should not use it (RFC 6093).",
      "各协议栈和防火墙对它的理解并不一致：新程序不应使用（RFC 6093）。",
    ),
  }));
}

function reportFlags(ending: Ending, side: EndedSide, seen: Sighting | null): void {
  if (seen === null) return;
  const draft = { weight: seen.count, ...evidenceOf(seen), numbers: { segments: seen.count } };
  ending.report({ id: "impossible-flags", ...draft }, () => ({
    sentence: text(
      `${side.Name.en} sent ${plural(seen.count, "segment")} with flags that no TCP sends together (SYN with FIN or RST, or none at all).`,
      `${side.Name.zh}发送了 ${count(seen.count)} 个标志组合不合法的报文段（SYN 与 FIN 或 RST 同时出现，或没有任何标志）。`,
    ),
    cause: text(
      "A scanner or another program that makes its own packets, or a damaged packet.",
      "扫描器或其他自行构造包的程序，或者包已损坏。",
    ),
    advice: text("Look at who that address is.", "请查明这个地址是谁。"),
  }));
}

function reportClocks(ending: Ending, side: EndedSide, seen: Sighting | null): void {
  if (seen === null) return;
  const draft = { weight: seen.count, ...evidenceOf(seen), numbers: { segments: seen.count } };
  ending.report({ id: "timestamps-went-back", ...draft }, () => ({
    sentence: text(
      `The timestamps of ${side.name.en} went back in ${plural(seen.count, "segment")} with new data.`,
      `${side.Name.zh}有 ${count(seen.count)} 个带新数据的报文段，时间戳反而变小。`,
    ),
    cause: text(
      "Several machines send in one name (a load balancer, NAT), the clock was set back, or the stack has a defect.",
      "多台机器共用一个名义发送（负载均衡、NAT），时钟被调回，或协议栈有缺陷。",
    ),
    advice: text(
      "A receiver drops such segments (PAWS, RFC 7323 §5); the connection then stands still.",
      "接收端会丢弃这样的报文段（PAWS，RFC 7323 §5），连接随之停顿。",
    ),
  }));
}
