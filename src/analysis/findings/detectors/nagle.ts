/**
 * Nagle's algorithm against delayed acknowledgements: a small write waits for
 * the acknowledgement of the write before it (RFC 9293 §3.7.4), and the receiver
 * holds that acknowledgement back because it hopes for data to send along (RFC
 * 9293 §3.8.6.3). Nothing happens until the receiver's timer runs out.
 *
 *     sender   ──small──▶                         ──the rest──▶
 *     receiver           ····· 40 or 200 ms ·····◀──ACK──
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { count, duration } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "../moment.ts";
import type { Field } from "../rows.ts";
import { Sightings } from "../sightings.ts";
import type { Options } from "./options.ts";

/** Delays of known stacks: 40 ms on Linux, 100 ms on BSD, 200 ms on Windows, 500 ms at most (RFC 9293). */
const LEAST_NS = 25e6;
const MOST_NS = 550e6;
/** What a waiting sender needs to go on, beside the way to it. */
const AT_ONCE_NS = 3e6;
/** Fewer times can be chance. */
const TIMES = 3;
/** Nagle holds back only what does not fill a segment. */
const USUAL_MSS = 1460;

/** See the module. */
export class Nagle implements Detector {
  readonly wants: number = Kind.ACK | Kind.DATA;
  readonly #facts: SideFacts;
  readonly #options: Options;
  readonly #seen = new Sightings();
  /** The acknowledgement that came late and covered everything: its time, -1 for none, and its frame. */
  readonly #freed: Field;
  readonly #freedFrame: Field;
  /** Of the segment that it acknowledged. */
  readonly #heldFrame: Field;
  readonly #heldNs: Field;
  readonly #lostNs: Field;

  constructor({ side, facts }: Workbench, options: Options) {
    this.#facts = facts;
    this.#options = options;
    this.#freed = side.field(-1);
    this.#freedFrame = side.rareField();
    this.#heldFrame = side.rareField();
    this.#heldNs = side.rareField();
    this.#lostNs = side.rareField();
  }

  onSegment(m: Moment): void {
    if (m.isPureAck) this.#onAck(m);
    else if (m.s.payloadLen > 0) this.#onData(m);
  }

  /** `rev` is the side that may have been held back. */
  #onAck(m: Moment): void {
    const { rev, s } = m;
    const { dataTime, dataFrame, next, marks, minRtt } = this.#facts;
    rev.set(this.#freed, -1);
    if (!rev.has(marks, Did.NUMBERED) || s.ack !== rev.get(next) || rev.get(dataTime) < 0) return;
    if (m.fwd.get(this.#facts.lastAck) === s.ack) return;
    const heldNs = m.time - rev.get(dataTime);
    // The way there and back is not the receiver's delay.
    const delayNs = heldNs - least(rev.get(minRtt));
    if (delayNs < LEAST_NS || delayNs > MOST_NS) return;
    rev.set(this.#freed, m.time);
    rev.set(this.#freedFrame, m.frame);
    rev.set(this.#heldFrame, rev.get(dataFrame));
    rev.set(this.#heldNs, heldNs);
  }

  #onData(m: Moment): void {
    const { fwd, s } = m;
    const freed = fwd.get(this.#freed);
    // The other side spoke: it had something to send the acknowledgement along with.
    m.rev.set(this.#freed, -1);
    if (freed < 0) return;
    fwd.set(this.#freed, -1);
    const mss = this.#options.mssOf(m.rev) || USUAL_MSS;
    const waited = m.time - freed;
    const way = this.#wayToSender(m);
    if (waited < 0.8 * way || waited > AT_ONCE_NS + 1.25 * way || s.payloadLen >= mss - 12) return;
    if (s.seq !== fwd.get(this.#facts.next)) return;
    this.#seen.add(m.flow, freed, fwd.get(this.#heldFrame), fwd.get(this.#freedFrame), m.frame);
    fwd.add(this.#lostNs, fwd.get(this.#heldNs));
  }

  /** Round trip between the place of the capture and the sender; 0 where it is not known. */
  #wayToSender({ rev }: Moment): number {
    return least(rev.get(this.#facts.minRtt));
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null || seen.count < TIMES) continue;
      const lostNs = side.row.get(this.#lostNs);
      const eachNs = lostNs / seen.count;
      ending.report(
        {
          id: "nagle-delayed-ack",
          certainty: "likely",
          weight: lostNs,
          ...evidenceOf(seen),
          numbers: { stalls: seen.count, lostNs, eachNs },
        },
        () => ({
          sentence: text(
            `${side.Name.en} stood still ${count(seen.count)} times, ${duration(eachNs)} on average and ${duration(lostNs)} in all: each time a small segment waited for an acknowledgement that ${side.otherName.en} held back.`,
            `${side.Name.zh}停顿了 ${count(seen.count)} 次，平均 ${duration(eachNs)}，总共 ${duration(lostNs)}：每次都有一个小报文段在等待被${side.otherName.zh}推迟的确认。`,
          ),
          cause: text(
            "Nagle's algorithm against delayed acknowledgements: the program writes a message in several small pieces; the kernel sends the first and keeps the next until the first is acknowledged; the receiver waits for more before it acknowledges.",
            "Nagle 算法遇上延迟确认：程序把一条消息分成几次小的写入；内核发出第一块，并把后一块留到第一块被确认；而接收端要等更多数据才确认。",
          ),
          advice: text(
            `Write each message with one call (a buffer, writev) on ${side.name.en}'s side, or switch Nagle's algorithm off there (TCP_NODELAY, setNoDelay).`,
            `在${side.name.zh}用一次调用写出整条消息（缓冲区、writev），或者关闭 Nagle 算法（TCP_NODELAY、setNoDelay）。`,
          ),
        }),
      );
    }
  }
}

const least = (rtt: number): number => (rtt === Infinity ? 0 : rtt);
