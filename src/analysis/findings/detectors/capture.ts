/**
 * What the capture itself does to a connection: it began late, saw one side
 * only, missed packets, or took them before the network card had finished them. None of
 * it is the network's fault.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { seqLeq, seqLt, seqAdd } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import { verifyTcpChecksum } from "../../../wire/checksum.ts";
import { Verdict } from "../../verdicts/verdict.ts";
import { count, plural } from "../../words.ts";
import { type ConnectionFacts, Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "../moment.ts";
import type { Field } from "../rows.ts";
import { Sightings } from "../sightings.ts";
import type { Options } from "./options.ts";

/** Connections of which not everything was captured. */
export class Completeness implements Detector {
  readonly wants: number = Kind.FIRST | Kind.VERDICT;
  readonly #facts: SideFacts;
  readonly #connectionFacts: ConnectionFacts;
  readonly #gaps = new Sightings();
  readonly #gapBytes: Field;
  readonly #firstFlags: Field;

  constructor({ side, connection, facts, connectionFacts }: Workbench) {
    this.#facts = facts;
    this.#connectionFacts = connectionFacts;
    this.#gapBytes = side.rareField();
    this.#firstFlags = connection.field(-1);
  }

  onSegment(m: Moment): void {
    if (m.connection.get(this.#firstFlags) === -1) m.connection.set(this.#firstFlags, m.flags);
    const { marks } = this.#facts;
    if ((m.bits & Verdict.ACK_LOST_SEGMENT) === 0 || !m.rev.has(marks, Did.NUMBERED)) return;
    const { from, to } = m.v.evidence;
    // Numbers of another connection are no gap.
    const bytes = (to[ACK_LOST]! - from[ACK_LOST]!) >>> 0;
    if (bytes > 2 ** 30) return;
    this.#gaps.add(m.reverseFlow, m.time, m.frame);
    m.rev.add(this.#gapBytes, bytes);
  }

  onEnd(ending: Ending): void {
    const [client, server] = ending.sides;
    for (const side of ending.sides) {
      const gaps = this.#gaps.take(side.flow);
      if (gaps === null || side.row.get(this.#facts.segments) === 0) continue;
      const bytes = side.row.get(this.#gapBytes);
      ending.report(
        {
          id: "capture-missed-packets",
          weight: bytes,
          ...evidenceOf(gaps),
          numbers: { gaps: gaps.count, missedBytes: bytes },
        },
        () => ({
          sentence: text(
            `${side.OtherName.en} acknowledged ${plural(bytes, "byte")} of ${side.name.en} that the capture does not hold.`,
            `${side.OtherName.zh}确认了${side.name.zh}的 ${count(bytes)} 字节，而抓包里没有这些数据。`,
          ),
          cause: text(
            "They arrived, so the network did not lose them: the capture missed the packets (too slow a disk or too small a buffer, a mirror port that is too narrow, another way, a capture filter).",
            "它们已经到达，网络并没有丢失：是抓包漏掉了（磁盘太慢或缓冲区太小、镜像端口带宽不足、走了另一条路、抓包过滤器）。",
          ),
          advice: text(
            "Take care with what is said of losses here. Capture again with a larger buffer (-B), a snap length (-s), or a filter.",
            "对这里关于丢失的说法要谨慎。请用更大的缓冲区（-B）、截断长度（-s）或过滤器重新抓包。",
          ),
        }),
      );
    }
    if (client.row.get(this.#facts.segments) > 0 && server.row.get(this.#facts.segments) > 0) {
      return this.#reportBeginning(ending);
    }
    this.#reportOneSided(ending);
  }

  #reportBeginning(ending: Ending): void {
    const first = ending.connection.get(this.#firstFlags);
    if (first === -1 || (first & (Flag.SYN | Flag.RST)) !== 0) return;
    const frames = this.#firstFrame(ending);
    ending.report({ id: "began-before-capture", frames }, () => ({
      sentence: text(
        "The connection was open already when the capture began.",
        "抓包开始时这条连接已经建立。",
      ),
      cause: text(
        "Its handshake was not captured: which options were agreed, and how windows are scaled, is not known.",
        "没有抓到它的握手：不知道约定了哪些选项、窗口按什么比例放大。",
      ),
      advice: text(
        "Start the capture before the connection, where windows and options matter.",
        "如果关心窗口和选项，请在建立连接之前开始抓包。",
      ),
    }));
  }

  #firstFrame({ connection }: Ending): number[] {
    return [connection.get(this.#connectionFacts.firstFrame)];
  }

  /** One side spoke as if it were answered. */
  #reportOneSided(ending: Ending): void {
    const { segments, marks, syns, lastAck, dataSegments } = this.#facts;
    const heard = ending.sides.find(({ row }) => row.get(segments) > 0);
    if (heard === undefined) return;
    const { row } = heard;
    const isAnswered = row.has(marks, Did.ACK) && row.get(segments) > row.get(syns) + 1;
    if (!isAnswered || row.get(lastAck) === 0 || row.get(dataSegments) + row.get(segments) < 3)
      return;
    ending.report(
      {
        id: "one-direction-captured",
        weight: row.get(segments),
        frames: this.#firstFrame(ending),
        numbers: { segments: row.get(segments) },
      },
      () => ({
        sentence: text(
          `Only the ${plural(row.get(segments), "segment")} of ${heard.name.en} were captured, none of ${heard.otherName.en}.`,
          `只抓到了${heard.name.zh}的 ${count(row.get(segments))} 个报文段，没有${heard.otherName.zh}的任何报文段。`,
        ),
        cause: text(
          "The answers take another way than past the place of the capture, a filter let only one direction through, or nobody answers.",
          "回应没有经过抓包点，过滤器只放过了一个方向，或者根本没有回应。",
        ),
        advice: text(
          "Round trips, losses and windows cannot be judged from one direction: capture where both pass.",
          "只有一个方向无法判断往返时间、丢失和窗口：请在两个方向都经过的地方抓包。",
        ),
      }),
    );
  }
}

const ACK_LOST = 31 - Math.clz32(Verdict.ACK_LOST_SEGMENT);

/** Checksums that are wrong in the capture, and what that means. */
export class Checksums implements Detector {
  /** Segments whose checksum the network card had still to fill in, and the first one. */
  readonly #offloaded: Field;
  readonly #offloadedFrame: Field;
  readonly #accepted = new Sightings();
  readonly #bad = new Sightings();
  /** End, begin and frame of a segment with a wrong checksum whose fate is not known; frame 0: none. */
  readonly #openEnd: Field;
  readonly #openSeq: Field;
  readonly #openFrame: Field;

  constructor({ side }: Workbench) {
    this.#offloaded = side.field();
    this.#offloadedFrame = side.field();
    this.#openEnd = side.rareField();
    this.#openSeq = side.rareField();
    this.#openFrame = side.field();
  }

  onSegment(m: Moment): void {
    this.#onAck(m);
    const { view, path } = m.s;
    const { ipAt, tcpAt, tcpLen, tcpEnd } = path;
    switch (verifyTcpChecksum(view, ipAt, tcpAt, tcpLen, tcpEnd)) {
      case "offloaded":
        if (m.fwd.get(this.#offloaded) === 0) m.fwd.set(this.#offloadedFrame, m.frame);
        m.fwd.add(this.#offloaded);
        return;
      case "bad":
        return this.#onBad(m);
      case "good":
        return this.#onGood(m);
      case "unverified":
    }
  }

  #onBad(m: Moment): void {
    if (m.s.payloadLen === 0 || m.fwd.get(this.#openFrame) > 0) return;
    m.fwd.set(this.#openFrame, m.frame);
    m.fwd.set(this.#openSeq, m.s.seq);
    m.fwd.set(this.#openEnd, seqAdd(m.s.seq, m.s.payloadLen));
  }

  /** The same bytes came again, with a checksum that is right, and had not been acknowledged. */
  #onGood(m: Moment): void {
    const { fwd, s } = m;
    const frame = fwd.get(this.#openFrame);
    if (frame === 0 || s.payloadLen === 0) return;
    const end = seqAdd(s.seq, s.payloadLen);
    if (!seqLeq(s.seq, fwd.get(this.#openSeq)) || !seqLt(fwd.get(this.#openSeq), end)) return;
    this.#bad.add(m.flow, m.time, frame, m.frame);
    fwd.set(this.#openFrame, 0);
  }

  #onAck(m: Moment): void {
    const { rev, s } = m;
    if ((m.flags & Flag.ACK) === 0 || rev.get(this.#openFrame) === 0) return;
    if (!seqLeq(rev.get(this.#openEnd), s.ack)) return;
    this.#accepted.add(m.reverseFlow, m.time, rev.get(this.#openFrame), m.frame);
    rev.set(this.#openFrame, 0);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const offloaded = side.row.get(this.#offloaded);
      const accepted = this.#accepted.take(side.flow);
      const bad = this.#bad.take(side.flow);
      if (bad !== null) {
        ending.report(
          {
            id: "bad-checksum",
            weight: bad.count,
            ...evidenceOf(bad),
            numbers: { segments: bad.count },
          },
          () => ({
            sentence: text(
              `${plural(bad.count, "segment")} of ${side.name.en} had a wrong checksum, and the data came again with a right one.`,
              `${side.Name.zh}有 ${count(bad.count)} 个报文段校验和错误，之后同样的数据以正确的校验和重新发送。`,
            ),
            cause: text(
              "The packet was damaged on its way here: memory or a network card that fails, a cable, a device that rewrites packets wrongly.",
              "包在到达这里之前已经损坏：内存或网卡故障、线缆问题，或者有设备错误地改写了包。",
            ),
            advice: text(
              "Link layers find nearly all damage: look for the machine that breaks packets inside (ethtool -S, other connections through it).",
              "链路层能发现绝大部分损坏：请找出在内部损坏包的机器（ethtool -S，以及经过它的其他连接）。",
            ),
          }),
        );
      }
      if (accepted !== null) {
        ending.report(
          {
            id: "checksum-wrong-but-accepted",
            weight: accepted.count,
            ...evidenceOf(accepted),
            numbers: { segments: accepted.count },
          },
          () => ({
            sentence: text(
              `${plural(accepted.count, "segment")} of ${side.name.en} with a wrong checksum in the capture ${accepted.count === 1 ? "was" : "were"} acknowledged by ${side.otherName.en}: not an error.`,
              `${side.Name.zh}有 ${count(accepted.count)} 个报文段在抓包里校验和错误，但${side.otherName.zh}确认收到了：这不是错误。`,
            ),
            cause: text(
              "On the wire it was right: the network card fills it in after the capture (offload), or addresses were changed in the file afterwards.",
              "在线路上它是正确的：网卡在抓包之后才填入（卸载），或者文件里的地址事后被改过。",
            ),
            advice: text("Nothing to do.", "无需处理。"),
          }),
        );
      }
      if (offloaded > 0) {
        ending.report(
          {
            id: "checksum-offload",
            weight: offloaded,
            frames: [side.row.get(this.#offloadedFrame)],
            numbers: { segments: offloaded },
          },
          () => ({
            sentence: text(
              `${plural(offloaded, "segment")} of ${side.name.en} ${offloaded === 1 ? "has" : "have"} no finished checksum yet: not an error.`,
              `${side.Name.zh}有 ${count(offloaded)} 个报文段的校验和尚未算完：这不是错误。`,
            ),
            cause: text(
              "The capture was taken on the machine that sent them, before its network card computes the checksum (offload).",
              "抓包是在发送它们的机器上进行的，网卡还没有计算校验和（校验和卸载）。",
            ),
            advice: text("Nothing to do.", "无需处理。"),
          }),
        );
      }
    }
  }
}

/** Segments larger than the other side takes: many at once, before or behind the network card. */
export class LargeSegments implements Detector {
  readonly wants: number = Kind.DATA;
  readonly #options: Options;
  readonly #seen = new Sightings();
  readonly #largest: Field;

  constructor({ side }: Workbench, options: Options) {
    this.#options = options;
    this.#largest = side.rareField();
  }

  onSegment(m: Moment): void {
    const mss = this.#options.mssOf(m.rev);
    if (mss === 0 || m.s.payloadLen <= mss) return;
    this.#seen.add(m.flow, m.time, m.frame);
    m.fwd.raise(this.#largest, m.s.payloadLen);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null) continue;
      const mss = this.#options.mssOf(side.other);
      const largest = side.row.get(this.#largest);
      ending.report(
        {
          id: "segments-joined",
          weight: seen.count,
          ...evidenceOf(seen),
          numbers: { segments: seen.count, largestBytes: largest, mssBytes: mss },
        },
        () => ({
          sentence: text(
            `${plural(seen.count, "segment")} of ${side.name.en} ${seen.count === 1 ? "is" : "are"} larger than ${side.otherName.en} takes (up to ${count(largest)} bytes, MSS ${count(mss)}): not an error.`,
            `${side.Name.zh}有 ${count(seen.count)} 个报文段比${side.otherName.zh}能接收的更大（最大 ${count(largest)} 字节，MSS ${count(mss)}）：这不是错误。`,
          ),
          cause: text(
            "The capture was taken where several segments travel as one: the sender's network card cuts them up afterwards (TSO), or the receiver's kernel had joined them (GRO).",
            "抓包点上多个报文段合成一个传递：发送端的网卡稍后才切开它们（TSO），或接收端的内核已经合并（GRO）。",
          ),
          advice: text(
            "Nothing to do; count packets elsewhere. To see the wire's segments, switch the offloads off (ethtool -K) or capture on another machine.",
            "无需处理，但不要在这里数包。想看线路上真实的报文段，请关闭卸载（ethtool -K）或在别的机器上抓包。",
          ),
        }),
      );
    }
  }
}
