/**
 * What nearly every detector asks of a direction or a connection, kept once.
 *
 * @module
 */
import { SCALE_UNKNOWN } from "../../trace/segment.ts";
import { seqAdd, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { Field, Layout, Row } from "./rows.ts";
import type { Moment } from "./moment.ts";

/** Bits of {@link SideFacts.marks}: what a side has done. */
export const Did = {
  SYN: 1,
  SYN_ACK: 2,
  FIN: 4,
  RST: 8,
  /** Said anything at all that can be numbered: `next` holds. */
  NUMBERED: 16,
  /** Acknowledged: `lastAck` holds. */
  ACK: 32,
} as const;

/** Of one direction: of the side that sends in it. */
export class SideFacts {
  /** Bits of {@link Did}. */
  readonly marks: Field;
  readonly segments: Field;
  readonly syns: Field;
  readonly dataSegments: Field;
  readonly dataBytes: Field;
  /** End of the highest segment; SYN and FIN count one. */
  readonly next: Field;
  readonly lastAck: Field;
  /** Last window in bytes; -1: not known. */
  readonly window: Field;
  readonly maxWindow: Field;
  readonly lastTime: Field;
  readonly lastFrame: Field;
  /** Last segment with data; time -1: none. */
  readonly dataTime: Field;
  readonly dataFrame: Field;
  readonly synTime: Field;
  readonly synFrame: Field;
  readonly finTime: Field;
  readonly finFrame: Field;
  /** Number behind the FIN. */
  readonly finEnd: Field;
  readonly rstTime: Field;
  readonly rstFrame: Field;
  /** Shortest time until something sent in this direction was acknowledged; Infinity: none. */
  readonly minRtt: Field;
  readonly rtts: Field;

  constructor(layout: Layout) {
    this.marks = layout.field();
    this.segments = layout.field();
    this.syns = layout.field();
    this.dataSegments = layout.field();
    this.dataBytes = layout.field();
    this.next = layout.field();
    this.lastAck = layout.field();
    this.window = layout.field(-1);
    this.maxWindow = layout.field(-1);
    this.lastTime = layout.field(-1);
    this.lastFrame = layout.field();
    this.dataTime = layout.field(-1);
    this.dataFrame = layout.field();
    this.synTime = layout.field();
    this.synFrame = layout.field();
    this.finTime = layout.field();
    this.finFrame = layout.field();
    this.finEnd = layout.field();
    this.rstTime = layout.field();
    this.rstFrame = layout.field();
    this.minRtt = layout.field(Infinity);
    this.rtts = layout.field();
  }

  /** Enters the segment, after all detectors have seen it. */
  note(m: Moment): void {
    const { s, v, fwd, rev, time, flags } = m;
    fwd.add(this.segments);
    fwd.set(this.lastTime, time);
    fwd.set(this.lastFrame, m.frame);
    if (s.payloadLen > 0) {
      fwd.add(this.dataSegments);
      fwd.add(this.dataBytes, s.payloadLen);
      fwd.set(this.dataTime, time);
      fwd.set(this.dataFrame, m.frame);
    }
    if ((flags & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0) this.#noteEdge(m);
    if (s.isLenKnown && (flags & Flag.RST) === 0) this.#noteNumbers(m);
    if (v.ackRttNs > 0) {
      rev.lower(this.minRtt, v.ackRttNs);
      rev.add(this.rtts);
    }
  }

  #noteNumbers({ s, fwd, flags }: Moment): void {
    const takesOne = (flags & (Flag.SYN | Flag.FIN)) === 0 ? 0 : 1;
    const end = seqAdd(s.seq, s.payloadLen + takesOne);
    if (!fwd.has(this.marks, Did.NUMBERED) || seqLt(fwd.get(this.next), end)) {
      fwd.set(this.next, end);
      fwd.mark(this.marks, Did.NUMBERED);
    }
    if ((flags & Flag.ACK) !== 0) {
      fwd.set(this.lastAck, s.ack);
      fwd.mark(this.marks, Did.ACK);
    }
    const isKnown = s.scale !== SCALE_UNKNOWN || (flags & Flag.SYN) !== 0;
    fwd.set(this.window, isKnown ? s.windowSize : -1);
    if (isKnown && (flags & Flag.SYN) === 0) fwd.raise(this.maxWindow, s.windowSize);
  }

  #noteEdge({ s, fwd, flags, time, frame }: Moment): void {
    if ((flags & Flag.SYN) !== 0) {
      const mark = (flags & Flag.ACK) === 0 ? Did.SYN : Did.SYN_ACK;
      fwd.add(this.syns);
      if (fwd.get(this.syns) === 1) {
        fwd.set(this.synTime, time);
        fwd.set(this.synFrame, frame);
      }
      fwd.mark(this.marks, mark);
    }
    if ((flags & Flag.FIN) !== 0 && !fwd.has(this.marks, Did.FIN)) {
      fwd.mark(this.marks, Did.FIN);
      fwd.set(this.finTime, time);
      fwd.set(this.finFrame, frame);
      fwd.set(this.finEnd, seqAdd(s.seq, s.payloadLen + 1));
    }
    if ((flags & Flag.RST) !== 0 && !fwd.has(this.marks, Did.RST)) {
      fwd.mark(this.marks, Did.RST);
      fwd.set(this.rstTime, time);
      fwd.set(this.rstFrame, frame);
    }
  }
}

/** Of a connection as a whole. */
export class ConnectionFacts {
  readonly stream: Field;
  readonly firstTime: Field;
  readonly firstFrame: Field;
  /** `flow` of the client's direction. */
  readonly clientFlow: Field;
  /** 4 or 6; 0: nothing has been seen. */
  readonly version: Field;
  /** First word of the client's address, and of the server's. */
  readonly words: Field;
  /** The other three of each, with IPv6. */
  readonly moreWords: Field;
  /** Not 0: detectors of windows and keep-alives want to see all of it. */
  readonly watched: Field;
  readonly clientPort: Field;
  readonly serverPort: Field;

  constructor(layout: Layout) {
    this.stream = layout.field();
    this.firstTime = layout.field();
    this.firstFrame = layout.field();
    this.clientFlow = layout.field();
    this.version = layout.field();
    this.words = layout.fields(2);
    this.moreWords = layout.rareFields(6);
    this.watched = layout.field();
    this.clientPort = layout.field();
    this.serverPort = layout.field();
  }

  /** Enters the first segment. */
  begin(m: Moment): void {
    const { s, connection: c } = m;
    const { view, path } = s;
    c.set(this.stream, s.stream);
    c.set(this.firstTime, m.time);
    c.set(this.firstFrame, m.frame);
    c.set(this.clientFlow, s.dir === 0 ? s.flow : s.reverseFlow);
    c.set(this.version, path.ipVersion);
    c.set(this.clientPort, s.dir === 0 ? s.srcPort : s.dstPort);
    c.set(this.serverPort, s.dir === 0 ? s.dstPort : s.srcPort);
    const count = path.ipVersion === 4 ? 1 : 4;
    const srcAt = path.ipAt + (path.ipVersion === 4 ? 12 : 8);
    const [client, server] = s.dir === 0 ? [srcAt, path.dstAt] : [path.dstAt, srcAt];
    for (let i = 0; i < count; i++) {
      c.set(this.#wordAt(0, i), view.getUint32(client + i * 4));
      c.set(this.#wordAt(1, i), view.getUint32(server + i * 4));
    }
  }

  /** Where the i-th word of an address is kept. */
  #wordAt(end: 0 | 1, i: number): Field {
    return i === 0 ? this.words + end : this.moreWords - (end * 3 + i - 1);
  }

  /** The client's (0) or the server's (1) address and port. */
  endpoint(c: Row, end: 0 | 1): { version: 4 | 6; words: number[]; port: number } {
    const version = c.get(this.version) === 4 ? 4 : 6;
    const words = Array.from({ length: version === 4 ? 1 : 4 }, (_, i) =>
      c.get(this.#wordAt(end, i)),
    );
    return { version, words, port: c.get(end === 0 ? this.clientPort : this.serverPort) };
  }
}
