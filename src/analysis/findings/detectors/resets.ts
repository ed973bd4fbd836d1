/**
 * Connections that are cut off by a reset.
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import { seqDiff, seqLeq, seqLt } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import { count, duration, plural } from "../../words.ts";
import { type ConnectionFacts, Did, type SideFacts } from "../facts.ts";
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

/** NATs and firewalls forget connections after a minute at the earliest. */
const IDLE_NS = 60e9;

/** Resets of connections that had opened. */
export class Resets implements Detector {
  readonly #facts: SideFacts;
  readonly #connectionFacts: ConnectionFacts;
  readonly #resets = new Sightings();
  /** At the first reset: what the resetter had not acknowledged, and had perhaps not read. */
  readonly #unacked: Field;
  readonly #unread: Field;
  readonly #idleNs: Field;
  /** The frame of data that the reset answers, 0: none. */
  readonly #answered: Field;
  readonly #hadClosed: Field;
  /** Both had closed, and all was acknowledged. */
  readonly #isLate: Field;
  /** Acknowledgement at which the window's right edge last moved. */
  readonly #edge: Field;
  readonly #edgeAck: Field;

  constructor({ side, facts, connectionFacts }: Workbench) {
    this.#facts = facts;
    this.#connectionFacts = connectionFacts;
    this.#unacked = side.rareField();
    this.#unread = side.rareField();
    this.#idleNs = side.rareField();
    this.#answered = side.rareField();
    this.#hadClosed = side.rareField();
    this.#isLate = side.rareField();
    this.#edge = side.field(-1);
    this.#edgeAck = side.field();
  }

  onSegment(m: Moment): void {
    if ((m.flags & Flag.RST) === 0) return this.#watchEdge(m);
    const { fwd, rev, s } = m;
    const isFirst = this.#resets.of(m.flow) === null;
    this.#resets.add(m.flow, m.time, m.frame);
    if (!isFirst) return;
    const { marks, next, finEnd, lastAck, dataTime, dataFrame, lastTime } = this.#facts;
    const isHeard = fwd.has(marks, Did.ACK);
    const ack =
      (m.flags & Flag.ACK) !== 0 && isHeard ? later(s.ack, fwd.get(lastAck)) : fwd.get(lastAck);
    if (rev.has(marks, Did.NUMBERED) && isHeard) {
      // A FIN takes a number and is no data.
      const isFinOpen = rev.has(marks, Did.FIN) && rev.get(finEnd) === rev.get(next);
      const open = seqDiff(rev.get(next), ack) - (isFinOpen ? 1 : 0);
      fwd.set(this.#unacked, Math.max(0, open));
      if (this.#edgeOf(fwd) >= 0) {
        fwd.set(this.#unread, Math.max(0, seqDiff(fwd.get(lastAck), fwd.get(this.#edgeAck))));
      }
    }
    fwd.set(this.#idleNs, m.time - Math.max(fwd.get(lastTime), rev.get(lastTime)));
    const dataIsLast = rev.get(dataTime) > fwd.get(lastTime);
    fwd.set(this.#answered, dataIsLast ? rev.get(dataFrame) : 0);
    fwd.set(this.#hadClosed, fwd.has(marks, Did.FIN) ? 1 : 0);
    fwd.set(this.#isLate, this.#bothClosed(m) ? 1 : 0);
  }

  #edgeOf(row: Moment["fwd"]): number {
    return row.get(this.#edge);
  }

  /** Where the window's end moves on, what had been acknowledged before has been read. */
  #watchEdge({ s, fwd, flags }: Moment): void {
    if ((flags & (Flag.ACK | Flag.SYN)) !== Flag.ACK || !s.isLenKnown || s.scale < 0) return;
    const edge = (s.ack + s.windowSize) >>> 0;
    const before = fwd.get(this.#edge);
    if (before >= 0 && seqLeq(edge, before)) return;
    fwd.set(this.#edge, edge);
    fwd.set(this.#edgeAck, s.ack);
  }

  #bothClosed({ fwd, rev }: Moment): boolean {
    const { marks } = this.#facts;
    return fwd.has(marks, Did.FIN) && rev.has(marks, Did.FIN);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const resets = this.#resets.take(side.flow);
      if (resets !== null) this.#report(ending, side, resets);
    }
  }

  #report(ending: Ending, side: EndedSide, resets: Sighting): void {
    const { marks, segments, finFrame, rstFrame } = this.#facts;
    const { row, other } = side;
    // The other side was first: this one is an echo of it.
    if (other.has(marks, Did.RST) && other.get(rstFrame) < resets.frames[0]!) return;
    // Refused, or a handshake given up: another finding.
    const isAbout = other.get(segments) > 0;
    if (!isAbout || row.get(segments) <= resets.count) {
      return isAbout ? this.#reportStranger(ending, side, resets) : undefined;
    }
    if (row.has(marks, Did.SYN) && row.get(segments) <= resets.count + row.get(this.#facts.syns))
      return;
    const afterNs = resets.times[0]! - ending.connection.get(this.#connectionFacts.firstTime);
    const unacked = row.get(this.#unacked);
    const answered = row.get(this.#answered);
    const hadClosed = row.get(this.#hadClosed) === 1;
    const numbers = {
      resets: resets.count,
      afterNs,
      idleNs: row.get(this.#idleNs),
      unacknowledgedBytes: unacked,
    };
    const { frames, atNs } = evidenceOf(resets);
    if (row.get(this.#isLate) === 1)
      return this.#reportLate(ending, side, resets.count, { frames, atNs, numbers });
    if (hadClosed && answered > 0) {
      const shown = [row.get(finFrame), answered, ...frames].toSorted((a, b) => a - b);
      return this.#reportAfterClose(ending, side, answered, { frames: shown, atNs, numbers });
    }
    const unread = unacked > 0 ? 0 : row.get(this.#unread);
    ending.report(
      {
        id: "reset",
        severity: unacked > 0 || unread > 0 || !hadClosed ? "warning" : "note",
        weight: unacked + unread + 1,
        frames:
          answered > 0 && unacked > 0
            ? [...new Set([answered, ...frames])].toSorted((a, b) => a - b)
            : frames,
        atNs,
        numbers: { ...numbers, unreadBytes: unread },
      },
      () => resetWords(side, afterNs, unacked, unread, row.get(this.#idleNs), hadClosed),
    );
  }

  /** It has sent nothing but resets: it knows of no connection. */
  #reportStranger(ending: Ending, side: EndedSide, resets: Sighting): void {
    const { marks, syns, segments } = this.#facts;
    // Asked for a connection: refused.
    if (side.other.has(marks, Did.SYN) || side.other.has(marks, Did.SYN_ACK)) return;
    if (
      side.other.get(syns) > 0 ||
      side.other.get(segments) === 0 ||
      side.row.get(this.#answered) === 0
    )
      return;
    const frames = [side.row.get(this.#answered), ...resets.frames];
    ending.report(
      { id: "half-open", frames, atNs: resets.times[0]!, numbers: { resets: resets.count } },
      () => ({
        sentence: text(
          `${side.Name.en} answered the data of ${side.otherName.en} with a reset, and nothing else of it was captured.`,
          `${side.Name.zh}用复位（RST）回应${side.otherName.zh}的数据，除此之外没有抓到它的任何报文段。`,
        ),
        cause: text(
          `${side.OtherName.en} believes in a connection that ${side.name.en} does not know (half-open): it was restarted, or something between let the connection lapse.`,
          `${side.OtherName.zh}以为连接还在，而${side.name.zh}并不知道它（半开连接）：对方重启过，或者中间的设备让连接失效了。`,
        ),
        advice: text(
          "Programs must expect it and dial again. Keep-alives find it sooner than the next write.",
          "程序必须能应对并重新连接。保活探测能比下一次写入更早发现它。",
        ),
      }),
    );
  }

  #reportLate(
    ending: Ending,
    side: EndedSide,
    resets: number,
    draft: {
      frames: readonly number[];
      atNs: number | null;
      numbers: Readonly<Record<string, number>>;
    },
  ): void {
    ending.report({ id: "reset-after-close", ...draft }, () => ({
      sentence: text(
        `${side.Name.en} sent ${resets === 1 ? "a reset" : `${count(resets)} resets`} after both sides had closed.`,
        `双方都关闭之后，${side.name.zh}又发送了 ${count(resets)} 个复位（RST）。`,
      ),
      cause: text(
        "Its socket was gone already when the last segment came, or the program closes so to avoid TIME-WAIT.",
        "最后一个报文段到达时它的套接字已经不在，或者程序用这种方式避免 TIME-WAIT。",
      ),
      advice: text(
        "Nothing was lost if the FINs were acknowledged.",
        "如果双方的 FIN 都已得到确认，就没有丢失任何数据。",
      ),
    }));
  }

  #reportAfterClose(
    ending: Ending,
    side: EndedSide,
    answered: number,
    draft: {
      frames: readonly number[];
      atNs: number | null;
      numbers: Readonly<Record<string, number>>;
    },
  ): void {
    ending.report({ id: "data-after-close", ...draft }, () => ({
      sentence: text(
        `${side.Name.en} had closed the connection when more data came (#${answered}), and answered it with a reset: what ${side.otherName.en} sent then was lost.`,
        `${side.Name.zh}关闭连接之后又有数据到达（#${answered}），它以复位（RST）作答：${side.otherName.zh}此时发送的数据丢失了。`,
      ),
      cause: text(
        `${side.Name.en}'s program closed its socket without waiting for the end of what ${side.otherName.en} had to say.`,
        `${side.Name.zh}的程序没有等${side.otherName.zh}说完就关闭了套接字。`,
      ),
      advice: text(
        "If the data matters, shut down only the writing side, read until end of file, then close. If not (a client that has seen enough), this is how it ends.",
        "如果这些数据重要，应只关闭写方向，读到 EOF 后再关闭套接字。如果不重要（例如客户端已经看够了），这样结束也属正常。",
      ),
    }));
  }
}

function resetWords(
  side: EndedSide,
  afterNs: number,
  unacked: number,
  unread: number,
  idleNs: number,
  hadClosed: boolean,
): { sentence: Text; cause: Text; advice: Text } {
  const lost =
    unacked > 0
      ? [
          `; ${plural(unacked, "byte")} of ${side.otherName.en} had not been acknowledged`,
          `；${side.otherName.zh}还有 ${count(unacked)} 字节未被确认`,
        ]
      : unread > 0
        ? [
            `; ${plural(unread, "byte")} that it had acknowledged had perhaps not been read yet (its window had not moved on)`,
            `；已确认的 ${count(unread)} 字节可能还没有被程序读取（窗口没有前移）`,
          ]
        : ["", ""];
  const cause =
    idleNs >= IDLE_NS
      ? text(
          `Nothing had been said for ${duration(idleNs)}: an idle limit of the program, of a load balancer or of a NAT.`,
          `此前 ${duration(idleNs)} 没有任何通信：程序、负载均衡或 NAT 的空闲超时。`,
        )
      : unread > 0
        ? text(
            "A program that closes a socket with unread data in it sends a reset (RFC 9293 §3.10.4); or it was killed, or asked for a hard close (SO_LINGER 0).",
            "套接字里还有未读数据时关闭它就会发送复位（RFC 9293 §3.10.4）；也可能是程序被杀，或要求强制关闭（SO_LINGER 0）。",
          )
        : text(
            "The program closed with unread data, asked for a hard close (SO_LINGER 0) or ended; or a device between cut the connection in its name.",
            "程序在有未读数据时关闭、要求强制关闭（SO_LINGER 0）或已退出；也可能是中间设备以它的名义切断了连接。",
          );
  return {
    sentence: text(
      `${side.Name.en} reset the connection ${duration(afterNs)} after its first packet${hadClosed ? ", after it had sent its FIN" : ""}${lost[0]}.`,
      `连接的第一个包之后 ${duration(afterNs)}，${side.name.zh}${hadClosed ? "在发送 FIN 之后" : ""}用复位（RST）终止了连接${lost[1]}。`,
    ),
    cause,
    advice: text(
      `Look at what ${side.name.en}'s program did then: its log, its exit, its timeouts. Read to the end before closing.`,
      `查看${side.name.zh}的程序当时在做什么：日志、是否退出、超时设置。关闭之前应先读完数据。`,
    ),
  };
}

const later = (a: number, b: number): number => (seqLt(a, b) ? b : a);
