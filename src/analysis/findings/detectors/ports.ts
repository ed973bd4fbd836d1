/**
 * Ports that are used again, perhaps too soon.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { Flag } from "../../../wire/tcp.ts";
import { Verdict } from "../../verdicts/verdict.ts";
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

/** SYNs on the ports of a connection that was seen before. */
export class PortReuse implements Detector {
  readonly wants: number = Kind.FLAGS | Kind.ACK;
  readonly #facts: SideFacts;
  readonly #reused = new Sightings();
  /** A bare acknowledgement answered the SYN: the server still has the old connection. */
  readonly #challenge: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#challenge = side.rareField();
  }

  onSegment(m: Moment): void {
    const isSyn = (m.flags & (Flag.SYN | Flag.ACK)) === Flag.SYN;
    if (isSyn && (m.bits & Verdict.REUSED_PORTS) !== 0 && m.s.replacedStream !== -1) {
      this.#reused.add(m.flow, m.time, m.v.evidence.frame[REUSED]!, m.frame);
    }
    const { marks, syns, segments } = this.#facts;
    const isAnswerToSyn =
      m.isPureAck && m.rev.get(syns) > 0 && m.rev.get(syns) === m.rev.get(segments);
    // An acknowledgement of the SYN itself is what follows a SYN-ACK that was not captured.
    const isOfOther = m.s.ack !== m.rev.get(this.#facts.next);
    if (isOfOther && isAnswerToSyn && !m.fwd.has(marks, Did.SYN_ACK) && m.rev.has(marks, Did.SYN)) {
      m.rev.set(this.#challenge, m.frame);
    }
  }

  onEnd(ending: Ending): void {
    const [client] = ending.sides;
    for (const side of ending.sides) {
      const reused = this.#reused.take(side.flow);
      const challenge = side.row.get(this.#challenge);
      if (challenge > 0 && side === client) this.#reportCollision(ending, side, challenge);
      else if (reused !== null) this.#reportReuse(ending, side, reused);
    }
  }

  #reportReuse(ending: Ending, side: EndedSide, reused: Sighting): void {
    ending.report({ id: "ports-reused", ...evidenceOf(reused) }, () => ({
      sentence: text(
        `${side.Name.en} opened this connection on the same ports as the one before (last seen in #${reused.frames[0]!}).`,
        `${side.Name.zh}用与之前一条连接相同的端口建立了这条连接（前一条最后出现在 #${reused.frames[0]!}）。`,
      ),
      cause: text(
        "Ports are used again in turn; it is an error only when the old connection is still known to the other side.",
        "端口会轮流重用；只有当对端还保留着旧连接时才是问题。",
      ),
      advice: text(
        "Nothing to do while the SYN is answered by a SYN-ACK.",
        "只要 SYN 得到 SYN-ACK 的回应，就无需处理。",
      ),
    }));
  }

  #reportCollision(ending: Ending, side: EndedSide, challenge: number): void {
    const frames = [side.row.get(this.#facts.synFrame), challenge];
    ending.report({ id: "ports-reused-too-soon", frames }, () => ({
      sentence: text(
        `${side.OtherName.en} answered the SYN with a bare acknowledgement (#${challenge}) instead of a SYN-ACK.`,
        `${side.OtherName.zh}用一个纯确认（#${challenge}）而不是 SYN-ACK 来回应 SYN。`,
      ),
      cause: text(
        `${side.OtherName.en} still has an older connection on these ports, open or in TIME-WAIT, and asks whether the SYN is meant (challenge ACK, RFC 5961 §4).`,
        `${side.OtherName.zh}在这对端口上还保留着旧连接（仍打开或处于 TIME-WAIT），于是质询这个 SYN（challenge ACK，RFC 5961 §4）。`,
      ),
      advice: text(
        "Use more client ports, fewer and longer connections, and no fixed source port.",
        "使用更多的客户端端口、更少而更长的连接，不要固定源端口。",
      ),
    }));
  }
}

const REUSED = 31 - Math.clz32(Verdict.REUSED_PORTS);
