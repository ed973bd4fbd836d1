/**
 * FINs that nobody acknowledges, and ends that never follow the other's.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { seqLeq } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import { count, duration, times } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import {
  type Detector,
  type EndedSide,
  type Ending,
  type Moment,
  type Workbench,
} from "../moment.ts";
import { type Sighting, Sightings } from "../sightings.ts";

/** A FIN is sent again after a second at the latest, as a rule: before, silence says nothing. */
const PATIENCE_NS = 3e9;
/** A program that has not closed by now has forgotten to. */
const FORGOTTEN_NS = 30e9;

/** See the module. */
export class Farewells implements Detector {
  readonly wants: number = Kind.FLAGS;
  readonly #facts: SideFacts;
  /** Those after the first. */
  readonly #again = new Sightings();

  constructor({ facts }: Workbench) {
    this.#facts = facts;
  }

  onSegment(m: Moment): void {
    if ((m.flags & Flag.FIN) === 0 || !m.fwd.has(this.#facts.marks, Did.FIN)) return;
    this.#again.add(m.flow, m.time, m.frame);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const again = this.#again.take(side.flow);
      const { marks, finEnd, lastAck, segments } = this.#facts;
      if (!side.row.has(marks, Did.FIN)) continue;
      if (side.other.has(marks, Did.RST) || side.row.has(marks, Did.RST)) continue;
      if (side.other.get(segments) === 0) continue;
      const isAcked =
        side.other.has(marks, Did.ACK) && seqLeq(side.row.get(finEnd), side.other.get(lastAck));
      if (!isAcked) this.#reportUnanswered(ending, side, again);
      else if (!side.other.has(marks, Did.FIN)) this.#reportHalf(ending, side);
    }
  }

  #reportUnanswered(ending: Ending, side: EndedSide, again: Sighting | null): void {
    const closed = side.row.get(this.#facts.finTime);
    const waitedNs = ending.now - closed;
    const fins = 1 + (again?.count ?? 0);
    if (waitedNs < PATIENCE_NS) return;
    // It still sends: the FIN's turn has not come.
    if (side.other.get(this.#facts.lastTime) > closed + PATIENCE_NS) return;
    ending.report(
      {
        id: "fin-unanswered",
        weight: fins,
        frames: [side.row.get(this.#facts.finFrame), ...(again?.frames ?? [])],
        atNs: closed,
        numbers: { fins, waitedNs },
      },
      () => ({
        sentence: text(
          `${side.Name.en} closed (FIN sent ${times(fins)}), and ${side.otherName.en} never acknowledged it in the ${duration(waitedNs)} that the capture goes on.`,
          `${side.Name.zh}关闭了连接（FIN 发送 ${count(fins)} 次），在抓包余下的 ${duration(waitedNs)} 里${side.otherName.zh}始终没有确认。`,
        ),
        cause: text(
          `${side.OtherName.en} is gone, the way to it or back is broken, or something between has forgotten the connection.`,
          `${side.OtherName.zh}已经不在，去或回的路径中断，或者中间的设备忘记了这条连接。`,
        ),
        advice: text(
          `${side.Name.en}'s socket stays in FIN-WAIT-1 until its retries run out (net.ipv4.tcp_orphan_retries): many of these keep memory busy.`,
          `${side.Name.zh}的套接字会停在 FIN-WAIT-1 直到重试用尽（net.ipv4.tcp_orphan_retries）：数量很多时会占用内存。`,
        ),
      }),
    );
  }

  #reportHalf(ending: Ending, side: EndedSide): void {
    const { lastTime, dataTime, finTime } = this.#facts;
    const closed = side.row.get(finTime);
    const waitedNs = ending.now - Math.max(closed, side.other.get(dataTime));
    if (waitedNs < FORGOTTEN_NS) return;
    ending.report(
      {
        id: "half-closed",
        weight: waitedNs,
        frames: [side.row.get(this.#facts.finFrame)],
        atNs: closed,
        numbers: { waitedNs, lastHeardNs: ending.now - side.other.get(lastTime) },
      },
      () => ({
        sentence: text(
          `${side.Name.en} closed, ${side.otherName.en} acknowledged it, and neither sent more data nor closed in the ${duration(waitedNs)} that the capture goes on.`,
          `${side.Name.zh}关闭了连接，${side.otherName.zh}也确认了，但在抓包余下的 ${duration(waitedNs)} 里既没有再发数据，也没有关闭。`,
        ),
        cause: text(
          `${side.OtherName.en}'s program does not close its socket (CLOSE-WAIT): it does not read the end of file, or leaks the connection.`,
          `${side.OtherName.zh}的程序没有关闭套接字（CLOSE-WAIT）：没有读到 EOF，或者泄漏了连接。`,
        ),
        advice: text(
          `Close when a read says end of file. On ${side.otherName.en}, ss -tn state close-wait lists such sockets.`,
          `读到 EOF 时就应关闭。在${side.otherName.zh}用 ss -tn state close-wait 可以列出这样的套接字。`,
        ),
      }),
    );
  }
}
