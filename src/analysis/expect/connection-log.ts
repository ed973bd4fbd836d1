/**
 * What the assertions look at, connection by connection. Objects and lists of
 * frames: recordings of tests are short.
 *
 * @module
 */
import { formatEndpoint } from "../../trace/endpoint.ts";
import { seqAdd, seqDiff } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { type ConnectionFacts, Did, type SideFacts } from "../findings/facts.ts";
import type { Detector, Ending, Moment, Workbench } from "../findings/moment.ts";
import { Verdict } from "../verdicts/verdict.ts";

/** What a connection was like. Times in nanoseconds. */
export interface ConnectionSummary {
  /** `tcp.stream`. */
  readonly stream: number;
  /** `"10.0.0.1:40000"`. */
  readonly client: string;
  readonly server: string;
  readonly firstFrame: number;
  /** From the first SYN to the acknowledgement of the SYN-ACK; `null` when not captured whole. */
  readonly handshakeNs: number | null;
  /** The round trip of the handshake: from the last SYN. */
  readonly rttNs: number | null;
  /** From the end of the handshake to the first data of the server; `null` when there is none. */
  readonly firstByteNs: number | null;
  readonly firstByteFrame: number;
  /** Bytes that each side sent, counted once however often they were sent. */
  readonly clientBytes: number;
  readonly serverBytes: number;
  /** Frames that sent again what had been sent. */
  readonly retransmissions: readonly number[];
  readonly zeroWindows: readonly number[];
  readonly resets: readonly number[];
  /** Whether both sides sent a FIN and acknowledged the other's, and nobody reset. */
  readonly isClosed: boolean;
}

interface Log {
  firstFrame: number;
  synTime: number;
  openTime: number;
  rttNs: number;
  byteTime: number;
  byteFrame: number;
  readonly bytes: [number, number];
  readonly retransmissions: number[];
  readonly zeroWindows: number[];
  readonly resets: number[];
}

const SYN_ACK = Flag.SYN | Flag.ACK;

/** See the module. */
export class ConnectionLog implements Detector {
  /** Connections in the order of their numbers, once the recording has ended. */
  readonly summaries: ConnectionSummary[] = [];
  readonly #facts: SideFacts;
  readonly #connectionFacts: ConnectionFacts;
  readonly #logs = new Map<number, Log>();

  constructor({ facts, connectionFacts }: Workbench) {
    this.#facts = facts;
    this.#connectionFacts = connectionFacts;
  }

  onSegment(m: Moment): void {
    const { s, flags, frame, bits, isAgain } = m;
    const log = this.#logOf(m);
    if (isAgain) log.retransmissions.push(frame);
    if ((bits & Verdict.ZERO_WINDOW) !== 0) log.zeroWindows.push(frame);
    if ((flags & Flag.RST) !== 0) log.resets.push(frame);
    this.#time(m, log);
    if (s.payloadLen > 0) log.bytes[s.dir] += this.#newBytes(m);
  }

  #time(m: Moment, log: Log): void {
    const { s, flags, time, v } = m;
    if ((flags & SYN_ACK) === Flag.SYN && log.synTime < 0) log.synTime = time;
    const isSynAck = (flags & Flag.SYN) !== 0;
    const opens = m.rev.has(this.#facts.marks, Did.SYN_ACK) && s.dir === 0 && !isSynAck;
    if (opens && log.openTime < 0) {
      log.openTime = time;
      log.rttNs = v.initialRttNs;
    }
    if (s.dir === 1 && s.payloadLen > 0 && log.byteTime < 0) {
      log.byteTime = time;
      log.byteFrame = m.frame;
    }
  }

  /** Those behind all that was sent before. */
  #newBytes({ s, fwd }: Moment): number {
    if (!fwd.has(this.#facts.marks, Did.NUMBERED)) return s.payloadLen;
    const beyond = seqDiff(seqAdd(s.seq, s.payloadLen), fwd.get(this.#facts.next));
    return Math.max(0, Math.min(s.payloadLen, beyond));
  }

  #logOf({ flow, frame }: Moment): Log {
    const slot = flow >>> 1;
    let log = this.#logs.get(slot);
    if (log === undefined) {
      const times = { synTime: -1, openTime: -1, rttNs: 0, byteTime: -1, byteFrame: 0 };
      const lists = { retransmissions: [], zeroWindows: [], resets: [] };
      log = { firstFrame: frame, bytes: [0, 0], ...times, ...lists };
      this.#logs.set(slot, log);
    }
    return log;
  }

  onEnd({ connection, sides }: Ending): void {
    const slot = sides[0].flow >>> 1;
    const log = this.#logs.get(slot);
    this.#logs.delete(slot);
    if (log === undefined) return;
    const c = this.#connectionFacts;
    const isOpened = log.openTime >= 0 && log.synTime >= 0;
    this.summaries.push({
      stream: connection.get(c.stream),
      client: formatEndpoint(c.endpoint(connection, 0)),
      server: formatEndpoint(c.endpoint(connection, 1)),
      firstFrame: log.firstFrame,
      handshakeNs: isOpened ? log.openTime - log.synTime : null,
      rttNs: isOpened && log.rttNs > 0 ? log.rttNs : null,
      firstByteNs: isOpened && log.byteTime >= 0 ? log.byteTime - log.openTime : null,
      firstByteFrame: log.byteFrame,
      clientBytes: log.bytes[0],
      serverBytes: log.bytes[1],
      retransmissions: log.retransmissions,
      zeroWindows: log.zeroWindows,
      resets: log.resets,
      isClosed:
        log.resets.length === 0 && sides.every(({ row, other }) => this.#hasLeft(row, other)),
    });
  }

  #hasLeft(row: Moment["fwd"], other: Moment["fwd"]): boolean {
    const { marks, finEnd, lastAck } = this.#facts;
    if (!row.has(marks, Did.FIN) || !other.has(marks, Did.ACK)) return false;
    return seqDiff(other.get(lastAck), row.get(finEnd)) >= 0;
  }
}
