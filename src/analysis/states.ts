/**
 * The states of both ends (RFC 9293 §3.3.2) as the segments of a stream imply
 * them.
 *
 * A capture sees segments, not states. Each end is taken to be where the
 * segments it **sent** put it; what it has **received** is presumed at the
 * moment of capture, unless what it sends afterwards shows that it had not
 * got it yet (segments that crossed on the way, or were lost behind the
 * point of capture).
 *
 * @module
 */
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { seqAdd, seqLeq, type SeqNum } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";

/** States spelled as RFC 9293; a {@link StateTrack} holds indices of this array. */
export const STATES = [
  "CLOSED",
  "LISTEN",
  "SYN-SENT",
  "SYN-RECEIVED",
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
  "TIME-WAIT",
] as const;

/** Name of a state. */
export type StateName = (typeof STATES)[number];

/** States of both ends of a stream after each of its segments. */
export interface StateTrack {
  /** Before the first segment: client, then server. */
  readonly initial: readonly [StateName, StateName];
  /** For the i-th segment of the stream, the index in {@link STATES} of each end's state. */
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** Walks the segments of `stream`. */
export function trackStates(trace: Trace, stream: number): StateTrack {
  const rows = trace.rowsOf(stream);
  const isSelf = trace.isSelfConnected(stream);
  const walk = new StateWalk(trace, rows, isSelf);
  const client = new Uint8Array(rows.length);
  const server = new Uint8Array(rows.length);
  const initial: [StateName, StateName] = [walk.ends[0].state, walk.ends[1].state];
  for (const [i, row] of rows.entries()) {
    walk.pass(row, i, isSelf);
    client[i] = STATES.indexOf(walk.ends[0].state);
    server[i] = STATES.indexOf(walk.ends[isSelf ? 0 : 1].state);
  }
  return { initial, client, server };
}

interface End {
  state: StateName;
  /** Number behind the SYN it sent, `null` before. */
  synEnd: SeqNum | null;
  /** Number behind the FIN it sent. */
  finEnd: SeqNum | null;
  /** Segment of the stream with which the peer's FIN has surely or presumably arrived; Infinity: never. */
  finArrives: number;
  /** A RST has ended the connection. */
  isReset: boolean;
}

class StateWalk {
  readonly ends: [End, End];
  readonly #trace: Trace;

  constructor(trace: Trace, rows: Uint32Array, isSelf: boolean) {
    this.#trace = trace;
    const { flags, dir } = trace.segments.columns;
    const first = rows[0];
    const isOpening = first !== undefined && (flags[first]! & Flag.SYN) !== 0;
    const refuses = rows.find((r) => dir[r] === 1);
    const isRefused = refuses !== undefined && (flags[refuses]! & Flag.RST) !== 0;
    const serverStart = isRefused ? "CLOSED" : "LISTEN";
    const isAnswer = isOpening && dir[first] === 1;
    this.ends = [
      newEnd(isOpening ? (isAnswer ? "SYN-SENT" : "CLOSED") : "ESTABLISHED"),
      newEnd(isOpening ? serverStart : "ESTABLISHED"),
    ];
    this.ends[0].finArrives = finArrival(trace, rows, 0, isSelf);
    this.ends[1].finArrives = finArrival(trace, rows, 1, isSelf);
  }

  /** The `i`-th segment of the stream goes from one end to the other. */
  pass(row: Row, i: number, isSelf: boolean): void {
    const { dir, flags } = this.#trace.segments.columns;
    const from = dir[row] === 0 ? 0 : 1;
    const sender = this.ends[from];
    const receiver = this.ends[isSelf ? from : from === 0 ? 1 : 0];
    if ((flags[row]! & Flag.RST) !== 0) {
      for (const end of this.ends) {
        end.state = "CLOSED";
        end.isReset = true;
      }
      return;
    }
    // What left before the reset arrived changes nothing any more.
    if (sender.isReset && (flags[row]! & Flag.SYN) === 0) return;
    if (sender !== receiver && sender.finArrives === i) takesFin(sender);
    this.#sends(row, sender);
    this.#arrives(row, receiver, i);
  }

  #sends(row: Row, end: End): void {
    const { flags, seq, payloadLen } = this.#trace.segments.columns;
    const f = flags[row]!;
    if ((f & Flag.SYN) !== 0) {
      end.isReset = false;
      end.synEnd = seqAdd(seq[row]!, 1);
      end.state = (f & Flag.ACK) === 0 ? "SYN-SENT" : "SYN-RECEIVED";
    }
    if ((f & Flag.FIN) !== 0) {
      end.finEnd = seqAdd(seq[row]!, payloadLen[row]! + 1);
      end.state = afterSendingFin(end.state);
    }
  }

  #arrives(row: Row, end: End, i: number): void {
    if (end.isReset) return;
    const { flags, ack } = this.#trace.segments.columns;
    const f = flags[row]!;
    if ((f & Flag.ACK) !== 0) {
      const number = ack[row]!;
      const isSynAcked = end.synEnd !== null && seqLeq(end.synEnd, number);
      if (end.state === "SYN-RECEIVED" && isSynAcked) end.state = "ESTABLISHED";
      if (end.state === "SYN-SENT" && (f & Flag.SYN) !== 0 && (isSynAcked || end.synEnd === null)) {
        end.state = "ESTABLISHED";
      }
      if (end.finEnd !== null && seqLeq(end.finEnd, number)) end.state = afterFinAcked(end.state);
    }
    if (end.finArrives === i) takesFin(end);
  }
}

function newEnd(state: StateName): End {
  return { state, synEnd: null, finEnd: null, finArrives: Infinity, isReset: false };
}

function takesFin(end: End): void {
  end.state = afterReceivingFin(end.state);
}

/** A FIN sent again shows that its end had not seen the acknowledgement: one step back. */
function afterSendingFin(state: StateName): StateName {
  switch (state) {
    case "CLOSE-WAIT":
    case "LAST-ACK":
    case "CLOSED":
      return "LAST-ACK";
    case "CLOSING":
    case "TIME-WAIT":
      return "CLOSING";
    case "SYN-SENT":
    case "LISTEN":
      return state;
    case "SYN-RECEIVED":
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
      return "FIN-WAIT-1";
  }
}

function afterFinAcked(state: StateName): StateName {
  if (state === "FIN-WAIT-1") return "FIN-WAIT-2";
  if (state === "CLOSING") return "TIME-WAIT";
  return state === "LAST-ACK" ? "CLOSED" : state;
}

function afterReceivingFin(state: StateName): StateName {
  if (state === "ESTABLISHED" || state === "SYN-RECEIVED") return "CLOSE-WAIT";
  if (state === "FIN-WAIT-1") return "CLOSING";
  return state === "FIN-WAIT-2" ? "TIME-WAIT" : state;
}

/**
 * With which segment of the stream the FIN of the other end arrives at `end`:
 * with the FIN itself; when `end` then still sends acknowledgements below it,
 * with the next segment from the other end after the last of those, at the
 * latest with its own acknowledgement of the FIN. Infinity: there is none.
 */
function finArrival(trace: Trace, rows: Uint32Array, end: 0 | 1, isSelf: boolean): number {
  const { dir, flags, seq, ack, payloadLen } = trace.segments.columns;
  let finEnd: SeqNum | null = null;
  let arrives = Infinity;
  for (const [i, row] of rows.entries()) {
    const isOwn = dir[row] === end && !isSelf;
    const f = flags[row]!;
    if (finEnd === null) {
      if (isOwn || (f & Flag.FIN) === 0) continue;
      finEnd = seqAdd(seq[row]!, payloadLen[row]! + 1);
      arrives = i;
    } else if (!isOwn) {
      if (arrives === Infinity) arrives = i;
    } else if ((f & Flag.ACK) !== 0 && (f & Flag.RST) === 0) {
      if (seqLeq(finEnd, ack[row]!)) return Math.min(arrives, i);
      arrives = Infinity;
    }
  }
  return arrives;
}
