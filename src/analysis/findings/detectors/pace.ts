/**
 * How the programs at both ends use the connection: in tiny pieces, after long
 * thought, not at all.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { Flag } from "../../../wire/tcp.ts";
import { Verdict } from "../../verdicts/verdict.ts";
import { count, duration, plural, times } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "../moment.ts";
import type { Field } from "../rows.ts";
import { Sightings } from "../sightings.ts";

/** Bytes of a tiny segment: less than its headers, by far. */
const TINY = 16;
/** Nobody types so fast. */
const TYPED_NS = 20e6;
const MANY_TINY = 20;

/** A program that writes byte by byte. */
export class TinySegments implements Detector {
  readonly wants: number = Kind.DATA;
  readonly #facts: SideFacts;
  readonly #seen = new Sightings();
  readonly #bytes: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#bytes = side.rareField();
  }

  onSegment(m: Moment): void {
    const { fwd, s } = m;
    if (s.payloadLen === 0 || s.payloadLen > TINY) return;
    if (
      (m.bits & (Verdict.KEEP_ALIVE | Verdict.ZERO_WINDOW_PROBE | Verdict.RETRANSMISSION)) !==
      0
    ) {
      return;
    }
    const { dataTime } = this.#facts;
    const before = fwd.get(dataTime);
    // One at a time, each answered, is a conversation.
    if (before < 0 || m.time - before > TYPED_NS || m.rev.get(dataTime) > before) return;
    this.#seen.add(m.flow, m.time, m.frame);
    fwd.add(this.#bytes, s.payloadLen);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null || seen.count < MANY_TINY) continue;
      const bytes = side.row.get(this.#bytes);
      const each = Math.max(1, Math.round(bytes / seen.count));
      ending.report(
        {
          id: "tiny-segments",
          weight: seen.count,
          ...evidenceOf(seen),
          numbers: { segments: seen.count, bytes },
        },
        () => ({
          sentence: text(
            `${side.Name.en} sent ${plural(seen.count, "segment")} of about ${plural(each, "byte")} one right after the other.`,
            `${side.Name.zh}紧接着发送了 ${count(seen.count)} 个仅约 ${count(each)} 字节的报文段。`,
          ),
          cause: text(
            "The program writes in tiny pieces, each a system call and, with Nagle's algorithm off, a packet of its own whose headers are larger than its data.",
            "程序每次只写很少的数据：每次都是一个系统调用，在关闭 Nagle 算法时还各成一个包，首部比数据还大。",
          ),
          advice: text(
            "Collect the output in a buffer and write it at once (bufio, cork, writev).",
            "把输出先放进缓冲区，再一次写出（bufio、cork、writev）。",
          ),
        }),
      );
    }
  }
}

/** A person notices. */
const SLOW_NS = 5e8;

/** A question that arrived quickly, and an answer that took long. */
export class SlowAnswers implements Detector {
  readonly wants: number = Kind.ACK | Kind.DATA;
  readonly #facts: SideFacts;
  readonly #seen = new Sightings();
  /** When the last question was acknowledged without an answer, -1: no question is open. */
  readonly #arrived: Field;
  readonly #totalNs: Field;
  readonly #longestNs: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#arrived = side.field(-1);
    this.#totalNs = side.rareField();
    this.#longestNs = side.rareField();
  }

  onSegment(m: Moment): void {
    const { fwd, rev, s } = m;
    const { next, marks } = this.#facts;
    // Only the server is asked.
    if (s.dir === 0) {
      if (s.payloadLen > 0) rev.set(this.#arrived, -1);
      return;
    }
    if (m.isPureAck && rev.has(marks, Did.NUMBERED) && s.ack === rev.get(next)) {
      const isAsked = rev.get(this.#facts.dataTime) > fwd.get(this.#facts.dataTime);
      if (isAsked && fwd.get(this.#arrived) < 0) fwd.set(this.#arrived, m.time);
      return;
    }
    if (s.payloadLen > 0) this.#answered(m);
  }

  #answered(m: Moment): void {
    const { fwd, rev } = m;
    const arrived = fwd.get(this.#arrived);
    fwd.set(this.#arrived, -1);
    if (arrived < 0 || (m.bits & Verdict.RETRANSMISSION) !== 0) return;
    const thoughtNs = m.time - arrived;
    if (thoughtNs < SLOW_NS) return;
    // Held up by a window or a loss, it is not the program that thinks.
    if (rev.get(this.#facts.window) === 0 || (m.bits & Verdict.LOST_SEGMENT) !== 0) return;
    this.#seen.add(m.flow, m.time, rev.get(this.#facts.dataFrame), m.frame);
    fwd.add(this.#totalNs, thoughtNs);
    fwd.raise(this.#longestNs, thoughtNs);
  }

  onEnd(ending: Ending): void {
    const side = ending.sides[1];
    const seen = this.#seen.take(side.flow);
    if (seen === null) return;
    const totalNs = side.row.get(this.#totalNs);
    const longestNs = side.row.get(this.#longestNs);
    const once = seen.count === 1;
    ending.report(
      {
        id: "slow-answer",
        weight: totalNs,
        ...evidenceOf(seen),
        numbers: { answers: seen.count, totalNs, longestNs },
      },
      () => ({
        sentence: text(
          `The server acknowledged what the client sent and took ${duration(longestNs)} to answer${once ? "" : ` at the longest; ${count(seen.count)} answers took ${duration(SLOW_NS)} or more, ${duration(totalNs)} in all`}.`,
          `服务端确认收到客户端的数据后，${once ? "" : "最长"}过了 ${duration(longestNs)} 才作答${once ? "" : `；有 ${count(seen.count)} 次回答用了 ${duration(SLOW_NS)} 以上，总共 ${duration(totalNs)}`}。`,
        ),
        cause: text(
          "The network had delivered the data: the time passed in the server's program, or in what it waits for. A connection that waits for events looks the same.",
          "网络已经把数据送到：时间花在服务端的程序里，或它所等待的东西上。等待事件的长连接看起来也是这样。",
        ),
        advice: text(
          "Look at the server's own logs and traces for this time, not at the network.",
          "请查看服务端这段时间自己的日志和跟踪，而不是网络。",
        ),
      }),
    );
  }
}

/** Fewer may be lost by chance. */
const UNANSWERED = 2;

/** "Are you still there?", and no answer. */
export class KeepAlives implements Detector {
  readonly wants: number = Kind.VERDICT | Kind.WATCHED;
  readonly #facts: SideFacts;
  readonly #watched: Field;
  readonly #seen = new Sightings();
  /** Keep-alives since the other side last said anything. */
  readonly #open: Field;

  constructor({ side, facts, connectionFacts }: Workbench) {
    this.#facts = facts;
    this.#watched = connectionFacts.watched;
    this.#open = side.rareField();
  }

  onSegment(m: Moment): void {
    if (m.rev.get(this.#open) > 0) {
      m.rev.set(this.#open, 0);
      this.#seen.take(m.reverseFlow);
    }
    // Towards a closed window it is a probe.
    if ((m.bits & Verdict.KEEP_ALIVE) === 0 || m.rev.get(this.#facts.window) === 0) return;
    m.connection.set(this.#watched, 1);
    m.fwd.add(this.#open);
    this.#seen.add(m.flow, m.time, m.frame);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null || seen.count < UNANSWERED || side.other.get(this.#facts.segments) === 0) {
        continue;
      }
      const lastHeard = side.other.get(this.#facts.lastTime);
      const silentNs = side.row.get(this.#facts.lastTime) - lastHeard;
      const didReset = side.row.has(this.#facts.marks, Did.RST);
      ending.report(
        {
          id: "keep-alive-unanswered",
          weight: seen.count,
          ...evidenceOf(seen),
          numbers: { probes: seen.count, silentNs },
        },
        () => ({
          sentence: text(
            `${side.Name.en} asked ${times(seen.count)} whether ${side.otherName.en} is still there and got no answer${didReset ? ", then gave the connection up" : ""}; ${side.otherName.en} had last been heard ${duration(silentNs)} before.`,
            `${side.Name.zh}发了 ${count(seen.count)} 次保活探测，${side.otherName.zh}都没有回应${didReset ? "，随后放弃了连接" : ""}；${side.otherName.zh}上一次有动静是在 ${duration(silentNs)} 之前。`,
          ),
          cause: text(
            `${side.OtherName.en} has crashed, lost its network, or a NAT or firewall between has forgotten the connection.`,
            `${side.OtherName.zh}已经崩溃或断网，或者中间的 NAT、防火墙忘记了这条连接。`,
          ),
          advice: text(
            "Where a NAT or firewall forgets, send keep-alives more often than it forgets (TCP_KEEPIDLE); where the host is gone, they did what they are for.",
            "如果是 NAT 或防火墙忘记了连接，就让保活探测比它的超时更频繁（TCP_KEEPIDLE）；如果主机已经不在，保活正起到了作用。",
          ),
        }),
      );
    }
  }
}

/** Longer than this there was no traffic that the acknowledgement could have waited for. */
const DELAYED_NS = 30e6;
/** RFC 9293 §3.8.6.3: less than half a second. */
const LONGEST_DELAY_NS = 550e6;
const DELAYED_TIMES = 10;

/** Acknowledgements that come late and alone. */
export class DelayedAcks implements Detector {
  readonly wants: number = Kind.ACK;
  readonly #facts: SideFacts;
  readonly #seen = new Sightings();
  readonly #prompt: Field;
  readonly #longestNs: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#prompt = side.field();
    this.#longestNs = side.rareField();
  }

  onSegment(m: Moment): void {
    const { fwd, rev, v, s } = m;
    if (!m.isPureAck || v.ackRttNs <= 0 || s.ack !== rev.get(this.#facts.next)) return;
    if (rev.get(this.#facts.dataTime) < 0) return;
    const minRtt = rev.get(this.#facts.minRtt);
    const delayNs = m.time - rev.get(this.#facts.dataTime) - (minRtt === Infinity ? 0 : minRtt);
    if (delayNs < DELAYED_NS || delayNs > LONGEST_DELAY_NS) {
      fwd.add(this.#prompt);
      return;
    }
    this.#seen.add(m.flow, m.time, rev.get(this.#facts.dataFrame), m.frame);
    fwd.raise(this.#longestNs, delayNs);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      const prompt = side.row.get(this.#prompt);
      if (seen === null || seen.count < DELAYED_TIMES || seen.count < prompt) continue;
      const longestNs = side.row.get(this.#longestNs);
      ending.report(
        {
          id: "delayed-acks",
          certainty: "likely",
          weight: seen.count,
          ...evidenceOf(seen),
          numbers: { delayed: seen.count, prompt, longestNs },
        },
        () => ({
          sentence: text(
            `${side.Name.en} delayed ${count(seen.count)} of its ${count(seen.count + prompt)} bare acknowledgements by ${duration(DELAYED_NS)} or more, ${duration(longestNs)} at the longest.`,
            `${side.Name.zh}的 ${count(seen.count + prompt)} 个纯确认中有 ${count(seen.count)} 个推迟了 ${duration(DELAYED_NS)} 以上，最长 ${duration(longestNs)}。`,
          ),
          cause: text(
            "Delayed acknowledgements: with nothing to send along, the receiver waits for a second segment or for its timer.",
            "延迟确认：没有数据可以顺带发送时，接收端会等第二个报文段或定时器到期。",
          ),
          advice: text(
            "Harmless unless the sender waits for them (see nagle-delayed-ack).",
            "通常无害，除非发送方在等它（见 nagle-delayed-ack）。",
          ),
        }),
      );
    }
  }
}

/** The timer that lets a window lapse is 200 ms at least; this is a pause for anybody. */
const IDLE_NS = 1e9;
/** RFC 6928: the window that a sender starts over with, segments. */
const INITIAL_WINDOW = 10;
const MSS_GUESS = 1460;

/** After a pause the sender starts over with a small window (RFC 5681 §4.1). */
export class SlowStartAfterIdle implements Detector {
  readonly #facts: SideFacts;
  readonly #seen = new Sightings();
  /** Most bytes that were in flight before the pause. */
  readonly #maxFlight: Field;
  /** Bytes sent since the pause and before the first acknowledgement; -1: no pause in hand. */
  readonly #burst: Field;
  readonly #beginFrame: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#maxFlight = side.field();
    this.#burst = side.field(-1);
    this.#beginFrame = side.rareField();
  }

  onSegment(m: Moment): void {
    const { fwd, rev, s, v } = m;
    const { dataTime, next } = this.#facts;
    if (s.payloadLen > 0) {
      const before = fwd.get(dataTime);
      const isAcked = rev.get(this.#facts.lastAck) === fwd.get(next);
      const isPause =
        before >= 0 && m.time - Math.max(before, rev.get(this.#facts.lastTime)) > IDLE_NS;
      if (isPause && isAcked && m.bits === 0) {
        fwd.set(this.#burst, 0);
        fwd.set(this.#beginFrame, m.frame);
      }
      if (fwd.get(this.#burst) >= 0) fwd.add(this.#burst, s.payloadLen);
      else fwd.raise(this.#maxFlight, v.bytesInFlight);
    }
    if ((m.flags & Flag.ACK) !== 0) this.#onAck(m);
  }

  /** The first acknowledgement after the pause: was all of the small window used, and far less than before? */
  #onAck(m: Moment): void {
    const { rev } = m;
    const burst = rev.get(this.#burst);
    if (burst <= 0 || m.s.ack === rev.get(this.#facts.lastAck)) return;
    rev.set(this.#burst, -1);
    const initial = INITIAL_WINDOW * MSS_GUESS;
    const isFull = burst >= initial * 0.9 && burst <= initial * 1.1;
    if (!isFull || rev.get(this.#maxFlight) < 2 * initial) return;
    this.#seen.add(m.reverseFlow, m.time, rev.get(this.#beginFrame), m.frame);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null) continue;
      const flight = side.row.get(this.#maxFlight);
      ending.report(
        {
          id: "slow-start-after-idle",
          certainty: "likely",
          weight: seen.count,
          ...evidenceOf(seen),
          numbers: { times: seen.count, flightBytes: flight },
        },
        () => ({
          sentence: text(
            `After a pause ${side.name.en} began again with about ${INITIAL_WINDOW} segments until the first acknowledgement, ${times(seen.count)}; before it had had up to ${count(flight)} bytes in flight.`,
            `停顿之后，${side.name.zh}在收到第一个确认之前只发送约 ${INITIAL_WINDOW} 个报文段，共 ${count(seen.count)} 次；此前在途数据最多 ${count(flight)} 字节。`,
          ),
          cause: text(
            "Slow start after idle: what was learned of the path is forgotten after a pause (RFC 5681 §4.1). The next round trips are slower than they could be.",
            "空闲后慢启动：停顿之后，发送方忘记了对路径的了解（RFC 5681 §4.1），接下来的几个往返会比本可达到的慢。",
          ),
          advice: text(
            "Where connections are kept open for bursts, switch it off on the sender (net.ipv4.tcp_slow_start_after_idle=0).",
            "如果连接是为突发数据而保持的，可在发送方关闭它（net.ipv4.tcp_slow_start_after_idle=0）。",
          ),
        }),
      );
    }
  }
}
