/**
 * Every sentence of every segment of the corpus, against what the capture holds: the numbers are read
 * back from the English words, and looked up in all segments seen before.
 */
// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { seqAdd, seqDiff, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { VerdictAnalyzer } from "../verdicts/analyzer.ts";
import { NOTES, VERDICTS } from "../verdicts/verdict.ts";
import { duration } from "../words.ts";
import { Explainer } from "./explainer.ts";
import type { Reason } from "./reason.ts";

/** A segment as plainly as can be. */
interface Seen {
  readonly frame: number;
  readonly stream: number;
  readonly ports: string;
  readonly flow: number;
  readonly reverse: number;
  readonly sec: number;
  readonly nsec: number;
  readonly seq: number;
  readonly len: number;
  /** Behind its data, and its SYN or FIN. */
  readonly end: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  readonly rawWindow: number;
  readonly isLenKnown: boolean;
  readonly names: readonly string[];
}

/** The segment in hand, and those of its stream before it. */
interface Scene {
  readonly now: Seen;
  readonly past: readonly Seen[];
  readonly all: ReadonlyMap<number, Seen>;
}

function seenOf(s: SegmentRecord, names: readonly string[]): Seen {
  const takesOne = (s.tcpFlags & (Flag.SYN | Flag.FIN)) !== 0;
  return {
    frame: s.packet.frame,
    stream: s.stream,
    ports: [s.srcPort, s.dstPort].toSorted((a, b) => a - b).join(),
    flow: s.flow,
    reverse: s.reverseFlow,
    sec: s.packet.sec,
    nsec: s.packet.nsec,
    seq: s.seq,
    len: s.payloadLen,
    end: seqAdd(s.seq, s.payloadLen + (takesOne ? 1 : 0)),
    ack: s.ack,
    flags: s.tcpFlags,
    window: s.windowSize,
    rawWindow: s.window,
    isLenKnown: s.isLenKnown,
    names,
  };
}

const hasFlag = (s: Seen, flag: number): boolean => (s.flags & flag) !== 0;

/** Number of the first byte of data. */
const dataAt = (s: Seen): number => seqAdd(s.seq, hasFlag(s, Flag.SYN) ? 1 : 0);

const sinceOf = (now: Seen, then: Seen): string | null => {
  const ns = (now.sec - then.sec) * 1e9 + now.nsec - then.nsec;
  return ns < 0 ? null : duration(ns);
};

/** What a claim comes to: nothing when it is true, or what is wrong with it. */
type Check = (m: readonly string[], scene: Scene) => string | null;

const number = (words: string | undefined): number => Number((words ?? "").replaceAll(",", ""));

/** The frame named, of the wanted side; a string says why not. */
function frameOf(
  scene: Scene,
  frame: string | undefined,
  side: "sender" | "receiver",
): Seen | string {
  const { now, past } = scene;
  const found = past.find(
    (p) => p.frame === Number(frame) && p.flow === (side === "sender" ? now.flow : now.reverse),
  );
  return found ?? `frame ${frame} is no earlier segment of the ${side}`;
}

function wrongSince(scene: Scene, then: Seen, words: string | undefined): string | null {
  const since = sinceOf(scene.now, then);
  return since === (words ?? null) ? null : `${words} since frame ${then.frame}: ${since}`;
}

/** Whether some of the bytes `[from, to)` were captured before, sent by `flow`. */
const seenAny = ({ past }: Scene, flow: number, from: number, to: number): Seen | undefined =>
  past.find(
    (p) =>
      p.flow === flow &&
      p.isLenKnown &&
      p.len > 0 &&
      seqLt(dataAt(p), to) &&
      seqLt(from, p.end) &&
      !p.names.includes("zero_window_probe"),
  );

/** Whether the other side acknowledged a number beyond `from` after `then`. */
const ackedSince = ({ now, past }: Scene, then: Seen, from: number): Seen | undefined =>
  past.find(
    (p) =>
      p.frame > then.frame &&
      p.flow === now.reverse &&
      p.isLenKnown &&
      hasFlag(p, Flag.ACK) &&
      seqLt(from, p.ack),
  );

const firstOf = (range: string): number => Number(/\d+/.exec(range)![0]);
const lastOf = (range: string): number => Number(/\d+$/.exec(range)![0]);

/** Why the frame's data are not those bytes, sent `since` before, and unacknowledged from then on. */
function wrongCopy(
  scene: Scene,
  frame: string,
  range: string,
  len: number,
  since: string | undefined,
): string | null {
  const copy = frameOf(scene, frame, "sender");
  if (typeof copy === "string") return copy;
  const from = firstOf(range);
  if (seqLt(from, dataAt(copy)) || seqLt(copy.end, seqAdd(from, len)))
    return `frame ${frame} has other bytes`;
  const acked = ackedSince(scene, copy, from);
  if (acked !== undefined) return `frame ${acked.frame} acknowledged it`;
  return wrongSince(scene, copy, since);
}

const SINCE = String.raw`(?: \(([\d.,]+ \S+) before\))?`;
const RANGE = String.raw`bytes? \d+(?:–\d+)?`;

/** The sentences that may be said, and what makes each true. The first that matches counts. */
const CLAIMS: Readonly<Record<string, readonly (readonly [RegExp, Check])[]>> = {
  retransmission: [
    [
      new RegExp(
        `^retransmission of frame (\\d+): its (${RANGE}) (?:was|were) sent (?:([\\d.,]+ \\S+) )?before and never acknowledged$`,
      ),
      ([, frame, range, since], scene) => {
        const { now } = scene;
        if (lastOf(range!) !== seqAdd(dataAt(now), now.len - 1)) return "not its bytes";
        return wrongCopy(scene, frame!, range!, now.len, since);
      },
    ],
    [
      /^retransmission of frame (\d+): its (SYN|FIN) was sent (?:([\d.,]+ \S+) )?before and never acknowledged$/,
      ([, frame, what, since], scene) => {
        const copy = frameOf(scene, frame, "sender");
        if (typeof copy === "string") return copy;
        if (!hasFlag(copy, what === "SYN" ? Flag.SYN : Flag.FIN))
          return `no ${what} in frame ${frame}`;
        if (ackedSince(scene, copy, scene.now.seq) !== undefined) return "was acknowledged";
        return wrongSince(scene, copy, since);
      },
    ],
    [
      new RegExp(
        `^retransmission: of its (${RANGE}) the first (?:one|([\\d,]+)) (?:was|were) sent in frame (\\d+), (?:([\\d.,]+ \\S+) )?before, and never acknowledged$`,
      ),
      ([, range, some, frame, since], scene) =>
        wrongCopy(scene, frame!, range!, some === undefined ? 1 : number(some), since),
    ],
    [
      /^retransmission: its (?:SYN|FIN) has the number (\d+), which was sent (?:([\d.,]+ \S+) )?before in frame (\d+) and never acknowledged$/,
      ([, at, since, frame], scene) => {
        const copy = frameOf(scene, frame, "sender");
        if (typeof copy === "string") return copy;
        if (seqLt(Number(at), copy.seq) || seqLeq(copy.end, Number(at))) return "another number";
        return ackedSince(scene, copy, Number(at)) === undefined
          ? wrongSince(scene, copy, since)
          : "was acknowledged";
      },
    ],
    [
      /^retransmission: its (?:SYN|FIN) had been acknowledged already, by frame (\d+) at the latest$/,
      ([, frame], scene) => {
        const by = frameOf(scene, frame, "receiver");
        if (typeof by === "string") return by;
        if (seqLeq(by.ack, scene.now.seq)) return "acknowledges less";
        return hasFlag(by, Flag.ACK) ? null : "is no acknowledgement";
      },
    ],
    [
      new RegExp(
        `^retransmission: of its (?:${RANGE}|SYN|FIN) the first (?:one|([\\d,]+)) had been acknowledged already, by frame (\\d+) at the latest$`,
      ),
      ([, some, frame], scene) => {
        const by = frameOf(scene, frame, "receiver");
        if (typeof by === "string") return by;
        const first = some === undefined ? 1 : number(some);
        if (seqLt(by.ack, seqAdd(scene.now.seq, first))) return "acknowledges less";
        return hasFlag(by, Flag.ACK) ? null : "is no acknowledgement";
      },
    ],
    [
      /^retransmission: its (?:bytes? [\d–]+|SYN|FIN) comes? after later ones; a first copy was not captured, or is no longer kept$/,
      (_, { now, past }) => {
        const later = past.some((p) => p.flow === now.flow && seqLt(now.seq, p.end));
        if (!later) return "nothing is behind it";
        const kept = past.find(
          (p) =>
            p.flow === now.flow &&
            p.isLenKnown &&
            isIn(now.seq, p) &&
            !past.some(
              (q) =>
                q.frame > p.frame &&
                q.flow === now.reverse &&
                q.isLenKnown &&
                seqLt(now.seq, q.ack),
            ),
        );
        return kept === undefined ? null : `frame ${kept.frame} has it`;
      },
    ],
  ],
  spurious_retransmission: [
    [
      new RegExp(
        `^spurious retransmission: not needed, its (?:${RANGE}|SYN) had been acknowledged already, by frame (\\d+) at the latest${SINCE}$`,
      ),
      ([, frame, since], scene) => {
        const by = frameOf(scene, frame, "receiver");
        if (typeof by === "string") return by;
        if (seqLt(by.ack, seqAdd(scene.now.seq, scene.now.len))) return "acknowledges less";
        return hasFlag(by, Flag.ACK) ? wrongSince(scene, by, since) : "is no acknowledgement";
      },
    ],
    [
      new RegExp(
        `^spurious retransmission: its ${RANGE} lies? below the acknowledgement field of frame (\\d+)${SINCE}, although that has no ACK flag$`,
      ),
      ([, frame, since], scene) => {
        const by = frameOf(scene, frame, "receiver");
        if (typeof by === "string") return by;
        if (seqLt(by.ack, seqAdd(scene.now.seq, scene.now.len))) return "is below";
        return hasFlag(by, Flag.ACK) ? "has an ACK flag" : wrongSince(scene, by, since);
      },
    ],
  ],
  fast_retransmission: [
    [
      new RegExp(
        `^fast retransmission: ([\\d,]+) copies of the acknowledgement in frame (\\d+) asked for (?:byte|number) (\\d+), and the receiver spoke last in frame (\\d+)${SINCE}: sooner than a timer$`,
      ),
      ([, copies, frame, byte, last, since], scene) => {
        const by = frameOf(scene, last, "receiver");
        if (typeof by === "string") return by;
        const wanted = scene.past.filter(
          (p) =>
            p.flow === scene.now.reverse &&
            p.ack === Number(byte) &&
            p.frame > Number(frame) &&
            p.names.includes("duplicate_ack"),
        );
        if (wanted.length < number(copies)) return `${wanted.length} copies`;
        if (Number(byte) !== scene.now.seq || by.ack !== scene.now.seq) return "another byte";
        return wrongSince(scene, by, since);
      },
    ],
    [
      new RegExp(
        `^fast retransmission: frame (\\d+)${SINCE} waits for (?:byte|number) (\\d+); copies of it are not counted here, because this side has acknowledged bytes that were not captured$`,
      ),
      ([, frame, since, byte], scene) => {
        const by = frameOf(scene, frame, "receiver");
        if (typeof by === "string") return by;
        if (by.ack !== scene.now.seq || Number(byte) !== by.ack) return "another byte";
        const wild = [...scene.past, scene.now].some(
          (p) => p.flow === scene.now.flow && p.names.includes("ack_lost_segment"),
        );
        return wild ? wrongSince(scene, by, since) : "nothing unseen was acknowledged";
      },
    ],
  ],
  out_of_order: [
    [
      new RegExp(
        `^out of order: its (?:${RANGE}|SYN|FIN) comes? (?:([\\d.,]+ \\S+) )?after frame (\\d+), which went up to (\\d+); (less than the handshake's round trip of|less than 3 ms|the clock was)`,
      ),
      ([, since, frame, up, limit], scene) => {
        const ahead = frameOf(scene, frame, "sender");
        if (typeof ahead === "string") return ahead;
        if (seqAdd(ahead.end, -1) !== Number(up)) return `goes up to ${ahead.end - 1}`;
        if (limit === "less than 3 ms" && !/^0 s$|^[\d.]+ (?:ns|µs)$|^[012]\./.test(since ?? ""))
          return "not that early";
        return wrongSince(scene, ahead, since);
      },
    ],
  ],
  lost_segment: [
    [
      new RegExp(
        `^lost segment: (${RANGE}) before it (?:was|were) not captured so far; frame (\\d+)${SINCE} went up to (\\d+)$`,
      ),
      ([, range, frame, since, up], scene) => {
        const last = frameOf(scene, frame, "sender");
        if (typeof last === "string") return last;
        const from = firstOf(range!);
        if (Number(up) !== seqAdd(from, -1)) return "another end";
        if (last.end !== from && !hasFlag(last, Flag.SYN))
          return `frame ${frame} ends at ${last.end}`;
        const seen = seenAny(scene, scene.now.flow, from, seqAdd(lastOf(range!), 1));
        return seen === undefined
          ? wrongSince(scene, last, since)
          : `frame ${seen.frame} has some of it`;
      },
    ],
  ],
  zero_window: [[/^zero window: /, (_, { now }) => (now.rawWindow === 0 ? null : "is open")]],
  zero_window_probe: [
    [
      new RegExp(
        `^zero window probe: byte (\\d+) alone, although frame (\\d+)${SINCE} said that the window is 0; `,
      ),
      ([, byte, frame, since], scene) => {
        const closed = frameOf(scene, frame, "receiver");
        if (typeof closed === "string") return closed;
        if (closed.rawWindow !== 0) return "the window was open";
        if (scene.now.len !== 1 || Number(byte) !== scene.now.seq) return "another byte";
        return wrongSince(scene, closed, since);
      },
    ],
  ],
  zero_window_probe_ack: [
    [
      /^answer to the zero window probe of frame (\d+)(?: after ([\d.,]+ \S+))?: still no room$/,
      ([, frame, since], scene) => wrongAnswer(scene, frame!, "zero_window_probe", since),
    ],
  ],
  keep_alive_ack: [
    [
      /^answer to the keep-alive of frame (\d+)(?: after ([\d.,]+ \S+))?: this end is still there$/,
      ([, frame, since], scene) => wrongAnswer(scene, frame!, "keep_alive", since),
    ],
  ],
  keep_alive: [
    [
      new RegExp(
        `^keep-alive: (?:(no data), and the|one byte with the) number (\\d+)(?:, one before the end of frame (\\d+)${SINCE})?; (it only asks|the other end's window is 0)`,
      ),
      ([, empty, at, frame, since, asks], scene) => {
        const { now, past } = scene;
        if ((empty === undefined) !== (now.len === 1)) return "another length";
        const other = past.findLast((p) => p.flow === now.reverse && p.isLenKnown);
        if ((other?.rawWindow === 0) === (asks === "it only asks")) return "another question";
        if (Number(at) !== scene.now.seq) return "another number";
        if (frame === undefined) return null;
        const last = frameOf(scene, frame, "sender");
        if (typeof last === "string") return last;
        if (last.end !== seqAdd(scene.now.seq, 1)) return `ends at ${last.end}`;
        return wrongSince(scene, last, since);
      },
    ],
  ],
  window_update: [
    [
      /^window update: the acknowledgement of frame (\d+) again, but the window is now ([\d,]+) bytes? instead of ([\d,]+)$/,
      ([, frame, now, then], scene) => {
        const last = frameOf(scene, frame, "sender");
        if (typeof last === "string") return last;
        if (last.ack !== scene.now.ack) return "another acknowledgement";
        const isRight = number(now) === scene.now.window && number(then) === last.window;
        return isRight && now !== then ? null : `${last.window}, ${scene.now.window}`;
      },
    ],
    [
      /^window update: the acknowledgement of frame (\d+) again, but the window field is now ([\d,]+) /,
      ([, frame, now], scene) => {
        const last = frameOf(scene, frame, "sender");
        if (typeof last === "string") return last;
        if (last.ack !== scene.now.ack) return "another acknowledgement";
        return number(now) === scene.now.rawWindow && last.rawWindow !== scene.now.rawWindow
          ? null
          : "another window";
      },
    ],
  ],
  window_full: [
    [
      new RegExp(
        `^window full: it ends with byte (\\d+), the last of the ([\\d,]+) bytes? from (\\d+) on that frame (\\d+)${SINCE} allows; `,
      ),
      ([, byte, window, first, frame, since], scene) => {
        const offer = frameOf(scene, frame, "receiver");
        if (typeof offer === "string") return offer;
        if (Number(byte) !== seqAdd(scene.now.seq, scene.now.len - 1)) return "another last byte";
        if (offer.ack !== Number(first) || offer.window !== number(window))
          return `${offer.ack}+${offer.window}`;
        if (seqAdd(offer.ack, offer.window) !== seqAdd(Number(byte), 1)) return "another edge";
        return wrongSince(scene, offer, since);
      },
    ],
  ],
  duplicate_ack: [
    [
      /^duplicate acknowledgement: the ([\d,]+)(?:st|nd|rd|th) copy of the one in frame (\d+); the receiver still waits for byte (\d+)$/,
      ([, n, frame, byte], scene) => {
        const { now, past } = scene;
        const base = frameOf(scene, frame, "sender");
        if (typeof base === "string") return base;
        if (base.ack !== now.ack || Number(byte) !== now.ack) return "another acknowledgement";
        const since = past.filter((p) => p.flow === now.flow && p.frame >= base.frame);
        if (since.some((p) => p.isLenKnown && p.ack !== now.ack)) return "not the same since";
        const copies = since.filter((p) => p.names.includes("duplicate_ack")).length + 1;
        return copies === number(n) ? null : `${copies} copies`;
      },
    ],
  ],
  ack_lost_segment: [
    [
      new RegExp(
        `^acknowledgement of unseen bytes: (${RANGE}) cannot be found in the capture so far; frame (\\d+)${SINCE} went up to (\\d+)$`,
      ),
      ([, range, frame, since, up], scene) => {
        const last = frameOf(scene, frame, "receiver");
        if (typeof last === "string") return last;
        const from = firstOf(range!);
        if (Number(up) !== seqAdd(from, -1) || last.end !== from) return `ends at ${last.end}`;
        if (lastOf(range!) !== seqAdd(scene.now.ack, -1)) return "acknowledges otherwise";
        const seen = seenAny(scene, scene.now.reverse, from, scene.now.ack);
        return seen === undefined
          ? wrongSince(scene, last, since)
          : `frame ${seen.frame} has some of it`;
      },
    ],
    [
      /^acknowledgement of unseen bytes: it goes up to (\d+), but from (\d+) on the capture has a gap or another order$/,
      ([, up, from], scene) => {
        const { now, past } = scene;
        if (Number(up) !== seqAdd(now.ack, -1)) return "acknowledges otherwise";
        return isInOrder(
          past.filter((p) => p.flow === now.reverse),
          Number(from),
          now.ack,
        )
          ? "all of it is there in order"
          : null;
      },
    ],
  ],
  reused_ports: [
    [
      /whose last segment was frame (\d+)$/,
      ([, frame], { now, all }) => {
        const old = all.get(Number(frame));
        if (old === undefined || old.stream === now.stream) return "is of no other connection";
        if (old.ports !== now.ports) return "has other ports";
        const later = [...all.values()].find((p) => p.stream === old.stream && p.frame > old.frame);
        return later === undefined ? null : `frame ${later.frame} is later`;
      },
    ],
    [
      /^reused ports: this SYN-ACK begins at another number than its side did before \(the last segment was frame (\d+)\), /,
      ([, frame], { now, past }) => {
        const last = past.at(-1);
        if (last === undefined || last.frame !== Number(frame)) return `frame ${last?.frame}`;
        return past.some((p) => p.flow === now.flow && p.seq !== now.seq) ||
          past.some((p) => p.flow === now.reverse)
          ? null
          : "no other number";
      },
    ],
  ],
  acks_frame: [
    [
      /^acknowledges frame (\d+)(?: after ([\d.,]+ \S+))?$/,
      ([, frame, since], scene) => {
        const sent = frameOf(scene, frame, "receiver");
        if (typeof sent === "string") return sent;
        if (sent.end !== scene.now.ack) return `ends at ${sent.end}`;
        return since === undefined ? null : wrongSince(scene, sent, since);
      },
    ],
  ],
  bytes_in_flight: [
    [
      /^[\d,]+ bytes? in flight(?:, (?:<1|[\d,]+) % of the window of ([\d,]+))?$/,
      ([, window], { now, past }) => {
        const last = past.findLast((p) => p.flow === now.reverse && p.isLenKnown);
        return window === undefined || last?.window === number(window) ? null : `${last?.window}`;
      },
    ],
  ],
  rto: [
    [
      /^([\d.,]+ \S+) on the retransmission timer, counted from frame (\d+)(, the oldest that was not acknowledged after it)?$/,
      ([, since, frame, oldest], scene) => {
        const sent = frameOf(scene, frame, "sender");
        if (typeof sent === "string") return sent;
        if (oldest !== undefined && ackedSince(scene, sent, seqAdd(sent.end, -1)) !== undefined)
          return "was acknowledged";
        return wrongSince(scene, sent, since);
      },
    ],
  ],
  tfo_syn: [
    [
      /^fast open: the SYN (?:shows|brings a cookie and the first ([\d,]+))/,
      ([, n], { now }) =>
        number(n ?? "0") === now.len && hasFlag(now, Flag.SYN) ? null : "other data",
    ],
  ],
  tfo_ack: [
    [
      /^fast open(?: accepted)?: the SYN-ACK acknowledges (?:([\d,]+)|more)/,
      ([, n], scene) => {
        const { now, past } = scene;
        if (n === undefined) return null;
        const syn = past.findLast((p) => p.flow === now.reverse && hasFlag(p, Flag.SYN));
        return syn === undefined || seqDiff(now.ack, syn.seq) - 1 === number(n)
          ? null
          : `after ${syn.seq}`;
      },
    ],
  ],
  tfo_ignored: [
    [
      /^fast open not accepted/,
      (_, { now, past }) =>
        past.some(
          (p) =>
            p.flow === now.reverse &&
            hasFlag(p, Flag.SYN) &&
            p.len > 0 &&
            seqAdd(p.seq, 1) === now.ack,
        )
          ? null
          : "no data refused",
    ],
  ],
  dsack: [
    [
      new RegExp(
        `^D-SACK: the receiver reports (?:that it got (${RANGE}) a second time|a duplicate, but not which bytes)$`,
      ),
      () => null,
    ],
  ],
  fin_active: [
    [
      /^active close: /,
      (_, { now, past }) =>
        finOf(past, now.reverse) < finOf([...past, now], now.flow) ? "the other was first" : null,
    ],
  ],
  fin_passive: [
    [
      /^passive close: /,
      (_, { now, past }) =>
        finOf(past, now.reverse) === Infinity ? "the other has not closed" : null,
    ],
  ],
};

const isIn = (seq: number, { seq: from, end }: Seen): boolean =>
  seqLeq(from, seq) && seqLt(seq, end);

const finOf = (segments: readonly Seen[], flow: number): number =>
  segments.find((p) => p.flow === flow && hasFlag(p, Flag.FIN))?.frame ?? Infinity;

function wrongAnswer(
  scene: Scene,
  frame: string,
  to: string,
  since: string | undefined,
): string | null {
  const asked = frameOf(scene, frame, "receiver");
  if (typeof asked === "string") return asked;
  if (!asked.names.includes(to)) return `frame ${frame} is no ${to}`;
  return wrongSince(scene, asked, since);
}

/** Whether `[from, to)` came in segments that each began where the one before had ended. */
function isInOrder(past: readonly Seen[], from: number, to: number): boolean {
  let edge = from;
  for (const p of past) if (p.isLenKnown && p.seq === edge) edge = p.end;
  return seqLeq(to, edge);
}

/** Where the verdicts themselves cannot be true, and why. */
const APART: readonly string[] = [
  "own+derived/damaged-headers.pcap", // SYN and FIN in the middle of data
  "own+derived/wrap-keepalive-a.pcap", // Wireshark takes the number 0 for none
];

interface Tally {
  readonly said: Map<string, number>;
  readonly wrong: string[];
}

function checkCapture(path: string, tally: Tally): void {
  const analyzer = new VerdictAnalyzer();
  const explainer = new Explainer();
  const all = new Map<number, Seen>();
  const streams = new Map<number, Seen[]>();
  const tracker = new SegmentTracker({
    onSegment(s) {
      const v = analyzer.analyze(s);
      const names = [...VERDICTS, ...NOTES].filter((_, i) => (v.bits & (1 << i)) !== 0);
      const now = seenOf(s, names);
      const past = streams.get(s.stream) ?? [];
      streams.set(s.stream, past);
      explainer.pass(s, v);
      for (const reason of explainer.reasons(null)) {
        tally.said.set(reason.name, (tally.said.get(reason.name) ?? 0) + 1);
        const why = wrongOf(reason, { now, past, all });
        if (why !== null) tally.wrong.push(`${path} #${now.frame}: ${reason.text.en} -- ${why}`);
      }
      past.push(now);
      all.set(now.frame, now);
    },
  });
  const reader = new CaptureReader(tracker);
  reader.push(readFileSync(path));
  reader.end();
}

const numbers = (words: string): string =>
  (words.replace("first one", "1").match(/\d(?:[\d,.]*\d)?/g) ?? []).toSorted().join(" ");

function wrongOf({ name, text }: Reason, scene: Scene): string | null {
  // Every number said in English is said in Chinese.
  if (numbers(text.zh) !== numbers(text.en)) return `in Chinese: ${text.zh}`;
  for (const [pattern, check] of CLAIMS[name] ?? []) {
    const m = pattern.exec(text.en);
    if (m !== null) return check([...m], scene);
  }
  return "not a known sentence";
}

const captures = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => !path.endsWith(".tsv") && statSync(path).isFile())
    .filter((path) => !APART.some((name) => path.endsWith(name)))
    .toSorted();

testWith("shared")(
  "each sentence is true of the capture",
  () => {
    const tally: Tally = { said: new Map(), wrong: [] };
    for (const path of captures(join(SHARED, "corpus"))) checkCapture(path, tally);
    expect([tally.wrong.length, ...tally.wrong.slice(0, 20)]).toEqual([0]);
    expect([...VERDICTS, ...NOTES].filter((name) => !tally.said.has(name))).toEqual([]);
    expect(tally.said.get("retransmission")).toBeGreaterThan(1500);
  },
  600_000,
);
