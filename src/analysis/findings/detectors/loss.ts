/**
 * Segments sent again, in vain or not, and those that overtook one another.
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import { seqLt } from "../../../wire/seqnum.ts";
import { OptionKind } from "../../../wire/tcp-option.ts";
import { hasOnlyTimestamps } from "../../../wire/tcp-plain-options.ts";
import { Cause } from "../../causes/cause.ts";
import { Note, Verdict } from "../../verdicts/verdict.ts";
import { count, duration, listOf, plural, times } from "../../words.ts";
import type { SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "../moment.ts";
import type { Field } from "../rows.ts";
import { Sightings } from "../sightings.ts";
import { optionAt } from "./options.ts";

/** What a path loses without anybody noticing. */
const USUAL_SHARE = 0.01;
const FEW = 3;

/** Linux waits 200 ms at least before it sends again without having been asked to (RTO_MIN). */
const TIMER_NS = 190e6;

/** Data sent again: how much, and how often after a silence. */
export class Retransmissions implements Detector {
  readonly wants: number = Kind.VERDICT;
  readonly #facts: SideFacts;
  readonly #again = new Sightings();
  readonly #stalls = new Sightings();
  readonly #againBytes: Field;
  readonly #fast: Field;
  readonly #timer: Field;
  readonly #probes: Field;
  readonly #stallNs: Field;
  readonly #longestNs: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#againBytes = side.rareField();
    this.#fast = side.rareField();
    this.#timer = side.rareField();
    this.#probes = side.rareField();
    this.#stallNs = side.rareField();
    this.#longestNs = side.rareField();
  }

  onSegment(m: Moment): void {
    if (!m.isAgain || m.s.payloadLen === 0) return;
    const { fwd } = m;
    this.#again.add(m.flow, m.time, m.frame);
    fwd.add(this.#againBytes, m.s.payloadLen);
    const way = wayOf(m);
    if (way === "fast") fwd.add(this.#fast);
    if (way === "timer") fwd.add(this.#timer);
    if (way === "probe") fwd.add(this.#probes);
    const before = fwd.get(this.#facts.dataTime);
    const silentNs = m.time - Math.max(before, m.rev.get(this.#facts.lastTime));
    // A closed window holds the sender back, not its timer.
    if (before < 0 || silentNs < TIMER_NS || way === "fast" || m.rev.get(this.#facts.window) === 0)
      return;
    this.#stalls.add(m.flow, m.time, fwd.get(this.#facts.dataFrame), m.frame);
    fwd.add(this.#stallNs, m.time - before);
    fwd.raise(this.#longestNs, m.time - before);
  }

  onEnd(ending: Ending): void {
    for (const end of [0, 1] as const) {
      this.#reportAgain(ending, end);
      this.#reportStalls(ending, end);
    }
  }

  #reportAgain(ending: Ending, end: 0 | 1): void {
    const side = ending.sides[end];
    const again = this.#again.take(side.flow);
    if (again === null) return;
    const { count: n } = again;
    const sent = side.row.get(this.#facts.dataSegments);
    const bytes = side.row.get(this.#againBytes);
    const fast = side.row.get(this.#fast);
    const timer = side.row.get(this.#timer);
    const probes = side.row.get(this.#probes);
    const isMuch = n >= FEW && n / sent >= USUAL_SHARE;
    const share = `${((100 * n) / sent).toFixed(n * 10 < sent ? 2 : 0)} %`;
    ending.report(
      {
        id: "retransmissions",
        severity: isMuch ? "warning" : "note",
        weight: n / sent,
        ...evidenceOf(again),
        numbers: { segments: n, dataSegments: sent, bytes, fast, timer, probes },
      },
      () => ({
        sentence: text(
          `${side.Name.en} sent ${plural(n, "segment")} again, ${share} of its ${count(sent)} with data (${plural(bytes, "byte")})${waysText(fast, timer, probes).en}.`,
          `${side.Name.zh}重传了 ${count(n)} 个报文段，占它 ${count(sent)} 个数据报文段的 ${share}（${count(bytes)} 字节）${waysText(fast, timer, probes).zh}。`,
        ),
        cause: text(
          "Packets or their acknowledgements are lost on the path, or arrive so late that the sender takes them for lost.",
          "路径上丢失了包或对它们的确认，或者它们到得太晚，发送方以为已经丢失。",
        ),
        advice: text(
          "Look for a full link, a bad cable or radio, a policer, or a duplex mismatch; capture at both ends to see where the packets vanish.",
          "检查链路是否拥塞、线缆或无线质量、限速器、双工不匹配；在两端抓包可以看出包在哪里消失。",
        ),
      }),
    );
  }

  #reportStalls(ending: Ending, end: 0 | 1): void {
    const side = ending.sides[end];
    const stalls = this.#stalls.take(side.flow);
    if (stalls === null) return;
    const totalNs = side.row.get(this.#stallNs);
    const longestNs = side.row.get(this.#longestNs);
    ending.report(
      {
        id: "retransmission-timeout",
        weight: totalNs,
        ...evidenceOf(stalls),
        numbers: { stalls: stalls.count, totalNs, longestNs },
      },
      () => ({
        sentence: text(
          `The connection stood still ${times(stalls.count)}, ${duration(totalNs)} in all${stalls.count > 1 ? `, ${duration(longestNs)} at the longest` : ""}, until ${side.name.en} sent again what was not acknowledged.`,
          `连接停顿了 ${count(stalls.count)} 次，总共 ${duration(totalNs)}${stalls.count > 1 ? `，最长 ${duration(longestNs)}` : ""}，直到${side.name.zh}重新发送未被确认的数据。`,
        ),
        cause: text(
          "The retransmission timer: nothing came back that would have made the sender repair the loss sooner, as when the last segments of a burst or a retransmission are lost, or the path is gone for a while.",
          "重传定时器到期：没有任何回应能让发送方更早修复丢失，例如一批数据的最后几个报文段或重传本身丢失，或者路径暂时中断。",
        ),
        advice: text(
          "Few of them make a fast network feel slow: remove the loss. Where all segments of a moment are lost, look for an outage; where it is always the last one, see that tail loss probes are on (net.ipv4.tcp_early_retrans).",
          "少数几次就会让快速的网络显得很慢：要消除丢包。某一时刻的报文段全部丢失，应检查网络中断；总是最后一个丢失，应确认已启用尾部丢失探测（net.ipv4.tcp_early_retrans）。",
        ),
      }),
    );
  }
}

/** What made the sender send again; `null` where that is not known. */
function wayOf(m: Moment): "fast" | "timer" | "probe" | null {
  switch (m.cause) {
    case Cause.RTO:
    case Cause.RTO_RECOVERY:
    case Cause.AFTER_SPURIOUS_RTO:
      return "timer";
    case Cause.FAST_DUP_ACK:
    case Cause.FAST_PARTIAL_ACK:
    case Cause.FAST_SACK:
    case Cause.RACK:
      return "fast";
    case Cause.TLP:
      return "probe";
    default:
      return (m.bits & Verdict.FAST_RETRANSMISSION) === 0 ? null : "fast";
  }
}

/** `; 3 of them by the timer, 5 at once`. */
function waysText(fast: number, timer: number, probes: number): Text {
  const ways: Text[] = [];
  if (fast > 0) {
    ways.push(
      text(
        `${count(fast)} at once, asked for by acknowledgements (fast retransmission)`,
        `${count(fast)} 个由确认触发（快速重传）`,
      ),
    );
  }
  if (timer > 0) {
    ways.push(text(`${count(timer)} after the timer ran out`, `${count(timer)} 个因定时器到期`));
  }
  if (probes > 0) {
    ways.push(
      text(`${count(probes)} as a probe for a lost tail`, `${count(probes)} 个用于探测尾部丢失`),
    );
  }
  if (ways.length === 0) return text("", "");
  return text(`: ${listOf(ways).en}`, `：${listOf(ways).zh}`);
}

/** What was sent again although it had arrived. */
export class NeedlessRetransmissions implements Detector {
  readonly wants: number = Kind.VERDICT;
  readonly #acknowledged = new Sightings();
  readonly #twice = new Sightings();

  onSegment(m: Moment): void {
    if ((m.bits & Verdict.SPURIOUS_RETRANSMISSION) !== 0 && m.s.payloadLen > 1) {
      this.#acknowledged.add(m.flow, m.time, m.v.evidence.frame[SPURIOUS]!, m.frame);
    }
    // What the other side sent came twice.
    if ((m.bits & Note.DSACK) !== 0 && hasDsack(m)) {
      this.#twice.add(m.reverseFlow, m.time, m.frame);
    }
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const acknowledged = this.#acknowledged.take(side.flow);
      const twice = this.#twice.take(side.flow);
      if (acknowledged === null && twice === null) continue;
      const [a, t] = [acknowledged?.count ?? 0, twice?.count ?? 0];
      ending.report(
        {
          id: "needless-retransmissions",
          weight: Math.max(a, t),
          ...evidenceOf(acknowledged, twice),
          numbers: { alreadyAcknowledged: a, reportedTwice: t },
        },
        () => ({
          sentence: text(
            `${side.Name.en} sent data again that had arrived: ${[
              a > 0 ? `${plural(a, "segment")} after its acknowledgement was captured` : "",
              t > 0 ? `${side.otherName.en} reports ${times(t)} that data came twice (D-SACK)` : "",
            ]
              .filter(Boolean)
              .join("; ")}.`,
            `${side.Name.zh}重发了已经到达的数据：${[
              a > 0 ? `${count(a)} 个报文段在其确认被抓到之后又发送` : "",
              t > 0 ? `${side.otherName.zh} ${count(t)} 次报告收到重复数据（D-SACK）` : "",
            ]
              .filter(Boolean)
              .join("；")}。`,
          ),
          cause: text(
            "The acknowledgement was lost on its way back or came after the timer, segments were overtaken for so long that they seemed lost, or the network doubled packets.",
            "确认在返回途中丢失或晚于定时器到达，报文段被超越太久以致看似丢失，或者网络复制了包。",
          ),
          advice: text(
            "It costs bandwidth and makes the sender slower than it need be. Look for reordering, delays that vary much (bufferbloat, sleeping radios), and loss on the way back.",
            "这会浪费带宽，并让发送方不必要地变慢。检查乱序、剧烈变化的延迟（缓冲膨胀、休眠的无线网卡）以及返回路径的丢包。",
          ),
        }),
      );
    }
  }
}

const SPURIOUS = 31 - Math.clz32(Verdict.SPURIOUS_RETRANSMISSION);

/** RFC 2883 §4: the first block is below the acknowledgement, or within the second. */
function hasDsack(m: Moment): boolean {
  const at = optionAt(m, OptionKind.SACK);
  if (at === -1) return false;
  const { view } = m.s;
  const len = view.getUint8(at + 1);
  if (len < 10) return false;
  const [left, right] = [view.getUint32(at + 2), view.getUint32(at + 6)];
  // A keep-alive's single byte is reported as well.
  if (!seqLt(left, right) || (right - left) >>> 0 <= 1) return false;
  if (!seqLt(m.s.ack, right)) return true;
  if (len < 18) return false;
  const [from, to] = [view.getUint32(at + 10), view.getUint32(at + 14)];
  return !seqLt(left, from) && !seqLt(to, right);
}

/** Segments that arrive behind later ones. */
export class Reordering implements Detector {
  readonly wants: number = Kind.DATA;
  readonly #facts: SideFacts;
  readonly #proven = new Sightings();
  readonly #seen = new Sightings();
  /** IP identification and TSval of the segment that is furthest ahead; -1: none. */
  readonly #aheadId: Field;
  readonly #aheadStamp: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#aheadId = side.field(-1);
    this.#aheadStamp = side.field(-1);
  }

  onSegment(m: Moment): void {
    const { s, fwd } = m;
    if (s.payloadLen === 0) return;
    if ((m.bits & Verdict.OUT_OF_ORDER) !== 0) return this.#judge(m);
    if (fwd.get(this.#facts.dataTime) >= 0 && seqLt(s.seq, fwd.get(this.#facts.next))) return;
    fwd.set(this.#aheadId, identification(m));
    fwd.set(this.#aheadStamp, timestamp(m));
  }

  /** Sent before the one that is ahead of it, or sent again? */
  #judge(m: Moment): void {
    const { fwd } = m;
    if (fwd.get(this.#facts.dataTime) < 0 || m.isAgain) return;
    const stamp = timestamp(m);
    const aheadStamp = fwd.get(this.#aheadStamp);
    const id = identification(m);
    const aheadId = fwd.get(this.#aheadId);
    let order = 0;
    if (stamp !== -1 && aheadStamp !== -1) order = (stamp - aheadStamp) | 0;
    if (order === 0 && id > 0 && aheadId > 0) order = ((id - aheadId) << 16) >> 16;
    // Made later: sent again, whatever it looks like.
    if (order > 0) return;
    (order < 0 ? this.#proven : this.#seen).add(m.flow, m.time, m.frame);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const proven = this.#proven.take(side.flow);
      const seen = this.#seen.take(side.flow);
      const n = (proven?.count ?? 0) + (seen?.count ?? 0);
      if (n === 0) continue;
      const sent = side.row.get(this.#facts.dataSegments);
      ending.report(
        {
          id: "reordering",
          certainty: seen === null ? "certain" : "likely",
          weight: n,
          ...evidenceOf(proven, seen),
          numbers: { segments: n, proven: proven?.count ?? 0, dataSegments: sent },
        },
        () => ({
          sentence: text(
            `${plural(n, "segment")} of ${side.name.en} (of ${count(sent)} with data) came behind later ones${proven === null ? "" : `; for ${count(proven.count)} the timestamp or the IP identification proves that it was sent before them`}.`,
            `${side.Name.zh}有 ${count(n)} 个报文段（共 ${count(sent)} 个数据报文段）排在后发的报文段之后${proven === null ? "" : `；其中 ${count(proven.count)} 个由时间戳或 IP 标识证明是先发送的`}。`,
          ),
          cause: text(
            "Packets take ways of different length: several links bundled, several receive queues, Wi-Fi that repeats frames. Without proof it may also be a quick retransmission.",
            "包走了长短不同的路：多条链路捆绑、多个接收队列、Wi-Fi 的帧重发。没有证明的那些也可能是很快的重传。",
          ),
          advice: text(
            "A little does no harm. Much of it looks like loss to the sender: bundle links by connection, not by packet.",
            "少量乱序无害。大量乱序在发送方看来就像丢包：链路捆绑应按连接而不是按包分配。",
          ),
        }),
      );
    }
  }
}

/** RFC 791 §3.1; 0 where there is none. */
function identification({ s }: Moment): number {
  return s.path.ipVersion === 4 ? s.view.getUint16(s.path.ipAt + 4) : 0;
}

/** Where TSval stands in a header with time stamps and nothing else. */
const ONLY_TSVAL_AT = 24;

/** TSval (RFC 7323 §3.2); -1 without. */
export function timestamp(m: Moment): number {
  const { view, path, headerLen } = m.s;
  if (hasOnlyTimestamps(view, path.tcpAt, headerLen, path.tcpEnd)) {
    return view.getUint32(path.tcpAt + ONLY_TSVAL_AT);
  }
  const at = optionAt(m, OptionKind.TIMESTAMPS);
  return at === -1 || m.s.view.getUint8(at + 1) !== 10 ? -1 : m.s.view.getUint32(at + 2);
}
