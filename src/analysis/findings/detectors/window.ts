/**
 * The receive window: closed, filled, or too small for the path.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { SCALE_UNUSED } from "../../../trace/segment.ts";
import { Flag } from "../../../wire/tcp.ts";
import { Verdict } from "../../verdicts/verdict.ts";
import { count, duration, times } from "../../words.ts";
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
import { Sightings } from "../sightings.ts";

/** A shorter time is not worth a warning. */
const WORTH_NS = 1e8;
/** Windows filled, from which on it limits. */
const FILLED = 3;

/** A window of 0: the receiver's program does not read what has arrived. */
export class ClosedWindow implements Detector {
  readonly wants: number = Kind.VERDICT | Kind.WATCHED;
  readonly #facts: SideFacts;
  readonly #watched: Field;
  readonly #seen = new Sightings();
  readonly #since: Field;
  readonly #frame: Field;
  readonly #totalNs: Field;
  readonly #longestNs: Field;
  /** The other side's probes and vain attempts while it was closed. */
  readonly #probes: Field;

  constructor({ side, facts, connectionFacts }: Workbench) {
    this.#facts = facts;
    this.#watched = connectionFacts.watched;
    this.#since = side.rareField(-1);
    this.#frame = side.rareField();
    this.#totalNs = side.rareField();
    this.#longestNs = side.rareField();
    this.#probes = side.rareField();
  }

  onSegment(m: Moment): void {
    const { fwd, rev, s } = m;
    // Linux probes with a number that is old, without a byte.
    const isTry = s.payloadLen > 0 || (m.bits & Verdict.KEEP_ALIVE) !== 0;
    if (rev.get(this.#since) >= 0 && isTry) rev.add(this.#probes);
    if ((m.bits & Verdict.ZERO_WINDOW) !== 0) {
      if (fwd.get(this.#since) >= 0) return;
      fwd.set(this.#since, m.time);
      fwd.set(this.#frame, m.frame);
      m.connection.set(this.#watched, 1);
      this.#seen.add(m.flow, m.time, m.frame);
      return;
    }
    const isOpen = s.window > 0 && (m.flags & (Flag.RST | Flag.SYN)) === 0;
    if (fwd.get(this.#since) >= 0 && isOpen) {
      this.#count(fwd, m.time);
      const seen = this.#seen.of(m.flow);
      if (seen !== null && seen.times.length === seen.count) seen.frames.push(m.frame);
      fwd.set(this.#since, -1);
    }
  }

  #count(row: Moment["fwd"], time: number): void {
    const ns = time - row.get(this.#since);
    row.add(this.#totalNs, ns);
    row.raise(this.#longestNs, ns);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null) continue;
      const stillClosed = side.row.get(this.#since) >= 0;
      const lastTime = Math.max(
        side.row.get(this.#facts.lastTime),
        side.other.get(this.#facts.lastTime),
      );
      if (stillClosed) this.#count(side.row, lastTime);
      const totalNs = side.row.get(this.#totalNs);
      const longestNs = side.row.get(this.#longestNs);
      const probes = side.row.get(this.#probes);
      const mattered = probes > 0 && totalNs >= WORTH_NS;
      ending.report(
        {
          id: "window-closed",
          severity: mattered ? "warning" : "note",
          weight: totalNs,
          ...evidenceOf(seen),
          numbers: { times: seen.count, totalNs, longestNs, probes },
        },
        () => ({
          sentence: closedSentence(side, seen.count, totalNs, longestNs, stillClosed),
          cause: text(
            `The program of ${side.name.en} reads more slowly than ${side.otherName.en} sends: the kernel's receive buffer is full.`,
            `${side.Name.zh}的程序读取得比${side.otherName.zh}发送得慢：内核的接收缓冲区满了。`,
          ),
          advice: text(
            `Find out what ${side.name.en}'s program does instead of reading (one slow task, a full queue behind it, a stopped debugger). A larger buffer only delays the stop.`,
            `弄清${side.name.zh}的程序不读数据时在做什么（处理太慢、后面的队列已满、停在调试器里）。加大缓冲区只是推迟停顿。`,
          ),
        }),
      );
    }
  }
}

function closedSentence(
  side: EndedSide,
  n: number,
  totalNs: number,
  longestNs: number,
  stillClosed: boolean,
): ReturnType<typeof text> {
  const [en, zh] =
    n === 1
      ? [`for ${duration(totalNs)}`, `，持续 ${duration(totalNs)}`]
      : [
          `${times(n)}, ${duration(totalNs)} in all and ${duration(longestNs)} at the longest`,
          ` ${count(n)} 次，总共 ${duration(totalNs)}，最长 ${duration(longestNs)}`,
        ];
  return text(
    `${side.Name.en} closed its receive window ${en}${stillClosed ? "; it did not open again" : ""}.`,
    `${side.Name.zh}关闭了接收窗口${zh}${stillClosed ? "；此后没有再打开" : ""}。`,
  );
}

/** The sender used all of the window and had to wait for more. */
export class FilledWindow implements Detector {
  readonly wants: number = Kind.VERDICT | Kind.WATCHED;
  readonly #facts: SideFacts;
  readonly #watched: Field;
  readonly #seen = new Sightings();
  /** When this sender filled the window, -1: it has not. */
  readonly #since: Field;
  readonly #waitedNs: Field;
  /** Sum of the windows that were filled, and the largest. */
  readonly #windowSum: Field;
  readonly #isUnscaled: Field;

  constructor({ side, facts, connectionFacts }: Workbench) {
    this.#facts = facts;
    this.#watched = connectionFacts.watched;
    this.#since = side.rareField(-1);
    this.#waitedNs = side.rareField();
    this.#windowSum = side.rareField();
    this.#isUnscaled = side.rareField();
  }

  onSegment(m: Moment): void {
    const { fwd, rev, s } = m;
    if (s.payloadLen > 0 && fwd.get(this.#since) >= 0) {
      fwd.add(this.#waitedNs, m.time - fwd.get(this.#since));
      fwd.set(this.#since, -1);
    }
    const isSent = (m.bits & (Verdict.RETRANSMISSION | Verdict.ZERO_WINDOW_PROBE)) === 0;
    if ((m.bits & Verdict.WINDOW_FULL) === 0 || !isSent) return;
    const window = rev.get(this.#facts.window);
    if (window <= 0) return;
    m.connection.set(this.#watched, 1);
    fwd.set(this.#since, m.time);
    fwd.add(this.#windowSum, window);
    if (s.reverseScale === SCALE_UNUSED) fwd.set(this.#isUnscaled, 1);
    this.#seen.add(m.flow, m.time, m.frame);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      if (seen === null || seen.count < FILLED) continue;
      const waitedNs = side.row.get(this.#waitedNs);
      const windowBytes = Math.round(side.row.get(this.#windowSum) / seen.count);
      const largest = side.other.get(this.#facts.maxWindow);
      // What was filled was as large as the window ever was: nobody read slowly.
      const isSmall = windowBytes >= 0.9 * largest;
      const rttNs = this.#roundTrip(side);
      const numbers = { times: seen.count, waitedNs, windowBytes, ...(rttNs > 0 ? { rttNs } : {}) };
      const draft = { weight: waitedNs, ...evidenceOf(seen), numbers };
      const severity = waitedNs >= WORTH_NS ? "warning" : "note";
      if (isSmall) {
        ending.report({ id: "small-receive-window", severity, ...draft }, () =>
          smallWords(side, seen.count, numbers, side.row.get(this.#isUnscaled) === 1),
        );
      } else {
        ending.report({ id: "window-filled", severity, ...draft }, () =>
          filledWords(side, seen.count, waitedNs),
        );
      }
    }
  }

  /** Both parts of the way, where both are known. */
  #roundTrip({ row, other }: EndedSide): number {
    const sum = row.get(this.#facts.minRtt) + other.get(this.#facts.minRtt);
    const isOpened = (side: Moment["fwd"]): boolean =>
      side.has(this.#facts.marks, Did.SYN) || side.has(this.#facts.marks, Did.SYN_ACK);
    return sum !== Infinity && isOpened(row) && isOpened(other) ? sum : 0;
  }
}

function smallWords(
  side: EndedSide,
  n: number,
  numbers: { readonly windowBytes: number; readonly waitedNs: number; readonly rttNs?: number },
  isUnscaled: boolean,
): ReturnType<Parameters<Ending["report"]>[1]> {
  const { windowBytes, waitedNs, rttNs } = numbers;
  const speed = rttNs === undefined ? "" : rate((windowBytes * 8e9) / rttNs);
  const limit = rttNs === undefined ? "" : `; with a round trip of ${duration(rttNs)}`;
  return {
    sentence: text(
      `${side.OtherName.en}'s receive window of ${count(windowBytes)} bytes stopped ${side.name.en} ${times(n)}, for ${duration(waitedNs)} in all${limit === "" ? "" : `${limit} it allows at most ${speed}`}.`,
      `${side.OtherName.zh} ${count(windowBytes)} 字节的接收窗口让${side.name.zh}停下 ${count(n)} 次，总共 ${duration(waitedNs)}${rttNs === undefined ? "" : `；往返时间为 ${duration(rttNs)} 时，它最多允许 ${speed}`}。`,
    ),
    cause: isUnscaled
      ? text(
          "Window scaling was not agreed in the handshake, so no window is larger than 65,535 bytes.",
          "握手时没有约定窗口扩大，所以窗口不会超过 65,535 字节。",
        )
      : text(
          "The receive buffer is small for this path: the window never was larger, so the program is not what is slow.",
          "接收缓冲区对这条路径来说太小：窗口从来没有更大过，所以慢的不是程序。",
        ),
    advice: isUnscaled
      ? text(
          "Find out why window scaling is missing: an old system, a setting, or a device between that removes the option.",
          "查明为什么没有窗口扩大：旧系统、某项设置，或者中间设备去掉了该选项。",
        )
      : text(
          "Let the kernel choose (no SO_RCVBUF), and raise its bound (net.ipv4.tcp_rmem on Linux) to bandwidth times round trip.",
          "让内核自行调节（不要设置 SO_RCVBUF），并把上限（Linux 的 net.ipv4.tcp_rmem）提高到带宽与往返时间的乘积。",
        ),
  };
}

function filledWords(
  side: EndedSide,
  n: number,
  waitedNs: number,
): ReturnType<Parameters<Ending["report"]>[1]> {
  return {
    sentence: text(
      `${side.Name.en} filled ${side.otherName.en}'s receive window ${times(n)} and waited ${duration(waitedNs)} in all for it to open further.`,
      `${side.Name.zh} ${count(n)} 次填满${side.otherName.zh}的接收窗口，总共等待了 ${duration(waitedNs)} 才能继续。`,
    ),
    cause: text(
      `The window shrinks while data arrives: the program of ${side.otherName.en} reads more slowly than ${side.name.en} sends.`,
      `窗口随着数据到达而缩小：${side.otherName.zh}的程序读取得比${side.name.zh}发送得慢。`,
    ),
    advice: text(
      `The limit is ${side.otherName.en}'s program, not the network: look at what it does between reads.`,
      `瓶颈是${side.otherName.zh}的程序而不是网络：看它在两次读取之间做什么。`,
    ),
  };
}

/** Bits a second in words. */
function rate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${(bitsPerSecond / 1e9).toPrecision(3)} Gbit/s`;
  if (bitsPerSecond >= 1e6) return `${(bitsPerSecond / 1e6).toPrecision(3)} Mbit/s`;
  return `${(bitsPerSecond / 1e3).toPrecision(3)} kbit/s`;
}
