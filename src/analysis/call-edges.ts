/**
 * The segments of the calls that open and close a connection.
 *
 * @module
 */
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { seqAdd, seqLeq } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";
import type { CallSegments } from "./call-segments.ts";
import type { ProgramEnd } from "./match.ts";
import type { StreamBytes } from "./offsets.ts";
import { startsOf } from "./starts.ts";

/** The opening segments of a stream; `null`: not seen. */
export interface Handshake {
  /** The client's first SYN. */
  readonly syn: Row | null;
  /** The server's first SYN with ACK. */
  readonly synAck: Row | null;
  /** The client's first acknowledgement of the server's SYN; it may carry data. */
  readonly ack: Row | null;
  /** The RST that answered the SYN, when nothing but SYNs stands before it and no SYN-ACK behind it. */
  readonly refusal: Row | null;
  /** First SYN of the server, with or without ACK. */
  readonly serverSyn: Row | null;
  /** SYNs of each end sent again, with or without ACK; a first SYN-ACK is none, whatever was before. */
  readonly resent: readonly [readonly Row[], readonly Row[]];
  /** Both ends sent a SYN before they had the other's (RFC 9293 §3.5). */
  readonly isSimultaneous: boolean;
}

/** Finds the handshake among the segments of `stream` that count from its start. */
export function handshakeOf(trace: Trace, stream: number): Handshake {
  const { dir, flags, seq, ack } = trace.segments.columns;
  const first: [Row | null, Row | null] = [null, null];
  const resent: [Row[], Row[]] = [[], []];
  const hasAnswered: [boolean, boolean] = [false, false];
  let isSimultaneous = false;
  let answer: Row | null = null;
  let final: Row | null = null;
  let refusal: Row | null = null;
  let hasSpoken = false;
  const { elsewhere } = startsOf(trace, stream);
  for (const row of trace.rowsOf(stream)) {
    if (elsewhere.has(row)) continue;
    const d = dir[row] === 0 ? 0 : 1;
    const f = flags[row]!;
    hasSpoken ||= d === 0 && (f & (Flag.SYN | Flag.RST)) === 0;
    if ((f & Flag.SYN) !== 0) {
      const isAnswer = (f & Flag.ACK) !== 0 && !hasAnswered[d];
      hasAnswered[d] ||= isAnswer;
      if (first[d] === null) first[d] = row;
      else if (!isAnswer) resent[d].push(row);
      if (d === 1 && (f & Flag.ACK) === 0) isSimultaneous = true;
      if (d === 1 && (f & Flag.ACK) !== 0) {
        answer ??= row;
        refusal = null;
      }
    } else if ((f & Flag.RST) !== 0) {
      if (d === 1 && first[0] !== null && first[1] === null && !hasSpoken) refusal ??= row;
    } else if (d === 0 && final === null && first[1] !== null && (f & Flag.ACK) !== 0) {
      if (seqLeq(seqAdd(seq[first[1]]!, 1), ack[row]!)) final = row;
    }
  }
  const [syn, serverSyn] = first;
  return { syn, serverSyn, synAck: answer, ack: final, refusal, resent, isSimultaneous };
}

/** What `dial` and `accept` have to do with: the handshake. */
export function openingSegments(
  { stream, end }: ProgramEnd,
  call: CallEvent,
  h: Handshake,
): CallSegments {
  const all = [h.syn, h.serverSyn, h.synAck, h.ack, h.refusal].filter((row) => row !== null);
  const rows = [...new Set(all)].toSorted((a, b) => a - b);
  const common = { call, stream, end, range: null, rows };
  if (call.op === "accept") return { ...common, resent: [], made: [], ackedBy: h.ack };
  const syn = end === 0 ? h.syn : h.serverSyn;
  const resent = h.resent[end].filter((row) => row !== h.synAck);
  const made = syn === null ? [] : [syn, ...resent];
  return { ...common, resent, made, ackedBy: end === 0 ? h.synAck : h.ack };
}

/**
 * `closeWrite` and `close`: the first of them made the FIN; a `close` that made
 * none may have made a RST instead (bytes unread or unsent, linger 0).
 */
export function closingSegments(
  trace: Trace,
  { stream, end, calls }: ProgramEnd,
  bytes: StreamBytes,
): CallSegments[] {
  const { dir, flags } = trace.segments.columns;
  const isOf = (flag: number) => (row: Row) => dir[row] === end && (flags[row]! & flag) !== 0;
  const [fin, ...finsAgain] = bytes.rows.filter(isOf(Flag.FIN));
  const resets: Row[] = Array.from(bytes.rows.filter(isOf(Flag.RST)));
  const nothing = { stream, end, range: null, rows: [], resent: [], made: [], ackedBy: null };
  let isFinGiven = fin === undefined;
  const found: CallSegments[] = [];
  for (const call of calls) {
    if (call.op !== "close" && call.op !== "closeWrite") continue;
    if (!isFinGiven && fin !== undefined) {
      isFinGiven = true;
      const ackedBy = firstAck(trace, end, bytes, bytes.dirs[end].finAt + 1);
      const made = [fin, ...finsAgain];
      found.push({ ...nothing, call, rows: [fin], resent: finsAgain, made, ackedBy });
    } else if (call.op === "close" && resets.length > 0) {
      const rows = resets.splice(0);
      found.push({ ...nothing, call, rows, made: rows });
    } else found.push({ ...nothing, call });
  }
  return found;
}

/** The first acknowledgement, from the other end, of the first `upTo` bytes (the FIN counts one) of `end`. */
function firstAck(
  trace: Trace,
  end: 0 | 1,
  { rows, ackTo }: StreamBytes,
  upTo: number,
): Row | null {
  const { dir, flags } = trace.segments.columns;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (dir[row] !== end && ackTo[i]! >= upTo && (flags[row]! & Flag.RST) === 0) return row;
  }
  return null;
}
