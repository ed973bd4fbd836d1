/**
 * A segment for an endpoint in SYN-RECEIVED or any later state: whether it is
 * taken, and what is answered if not (RFC 9293 §3.10.7.4, first to fifth).
 *
 * @module
 */
import { seqAdd, seqDiff, seqLeq, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment, TcpState } from "../types.ts";
import type { Close, Drop, SendAck, SendReset } from "./disposition.ts";
import { segmentLen } from "./segment-len.ts";

/** What of the TCB decides. */
export interface Synchronized {
  readonly state: TcpState;
  /** In SYN-RECEIVED: from LISTEN, where a refusal leads back to. */
  readonly isPassive: boolean;
  readonly sndUna: SeqNum;
  readonly sndNxt: SeqNum;
  /** MAX.SND.WND: the largest window that the peer has offered (RFC 5961 §5.2). */
  readonly maxSndWnd: number;
  readonly irs: SeqNum;
  readonly rcvNxt: SeqNum;
  /** As offered: bytes from RCV.NXT to the edge that the peer knows, or further (`Profile.takesWholeBuffer`). */
  readonly rcvWnd: number;
  /** RFC 5961's answers are given. */
  readonly blindProtection: boolean;
}

/** On with the sixth check. */
export interface Process {
  readonly do: "process";
}

/** Back to LISTEN, without a word to the user. */
export interface BackToListen {
  readonly do: "listen";
  readonly why: string;
}

/** Our SYN-ACK seems lost: the peer's SYN came again. */
export interface RepeatSynAck {
  readonly do: "repeat-syn-ack";
}

/** What may follow from the first five checks. */
export type Arrival = Drop | SendAck | SendReset | Close | BackToListen | RepeatSynAck | Process;

const PROCESS: Process = { do: "process" };
const NOT_ACCEPTABLE: SendAck = { do: "ack", isChallenge: false, why: "outside the window" };

/** RFC 9293 §3.10.7.4, the checks in its order. PAWS comes before it (`paws.ts`). */
export function arrivesSynchronized(s: Synchronized, segment: TcpSegment): Arrival {
  return (
    checkSequence(s, segment) ??
    checkReset(s, segment) ??
    checkSyn(s, segment) ??
    checkAck(s, segment) ??
    PROCESS
  );
}

/** First, check the sequence number. */
function checkSequence(s: Synchronized, segment: TcpSegment): Arrival | null {
  if (isAcceptable(s, segment)) return null;
  if ((segment.flags & Flag.RST) !== 0) return { do: "drop", why: "RST outside the window" };
  if (s.state === "SYN-RECEIVED" && segment.seq === s.irs && (segment.flags & Flag.SYN) !== 0) {
    // The RFC answers by an ACK; as others do, the SYN-ACK is sent again, which is what the peer misses.
    if (segment.ack === null) return { do: "repeat-syn-ack" };
    // Both opened at once (RFC 9293 figure 8): behind the SYN, this acknowledges ours.
    if (segment.ack === s.sndNxt) return null;
  }
  return NOT_ACCEPTABLE;
}

/** RFC 9293 §3.4, table 6. */
function isAcceptable(s: Synchronized, segment: TcpSegment): boolean {
  const len = segmentLen(segment);
  const first = seqDiff(segment.seq, s.rcvNxt);
  if (len === 0) return s.rcvWnd === 0 ? first === 0 : first >= 0 && first < s.rcvWnd;
  // A closed window takes no data, but ACK, URG and RST of a segment that begins where it should.
  if (s.rcvWnd === 0) return first === 0;
  const last = first + len - 1;
  return (first >= 0 && first < s.rcvWnd) || (last >= 0 && first < 0);
}

/** Second, check the RST bit. */
function checkReset(s: Synchronized, segment: TcpSegment): Arrival | null {
  if ((segment.flags & Flag.RST) === 0) return null;
  // RFC 5961 §3.2: only the exact number resets.
  if (s.blindProtection && segment.seq !== s.rcvNxt) {
    return { do: "ack", isChallenge: true, why: "RST that is not exact" };
  }
  switch (s.state) {
    case "SYN-RECEIVED":
      if (s.isPassive) return { do: "listen", why: "RST" };
      return { do: "close", error: "refused", why: "RST" };
    case "TIME-WAIT":
      // RFC 1337 §3: it must not end TIME-WAIT early.
      return { do: "drop", why: "RST in TIME-WAIT" };
    case "CLOSED":
    case "LISTEN":
    case "SYN-SENT":
    case "CLOSING":
    case "LAST-ACK":
    // The RFC would not tell a user who has closed; but our FIN, and data before it, may be lost.
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
      return { do: "close", error: "reset", why: "RST" };
  }
}

/** Third, security: not kept. Fourth, check the SYN bit. */
function checkSyn(s: Synchronized, segment: TcpSegment): Arrival | null {
  if ((segment.flags & Flag.SYN) === 0) return null;
  if (s.state === "SYN-RECEIVED") {
    if (segment.seq === s.irs && segment.ack === s.sndNxt) return null;
    if (s.isPassive) return { do: "listen", why: "SYN in the window" };
  }
  // RFC 5961 §4.2, whatever the number.
  if (s.blindProtection) return { do: "ack", isChallenge: true, why: "SYN" };
  // Its number is an old one, the rest of the segment is not.
  if (seqLt(segment.seq, s.rcvNxt)) return NOT_ACCEPTABLE;
  // RFC 793 page 71: an error, and the peer is told.
  return { do: "close", error: "reset", why: "SYN in the window", isToldToPeer: true };
}

/** Fifth, check the ACK field, as far as it decides whether the segment is taken. */
function checkAck(s: Synchronized, segment: TcpSegment): Arrival | null {
  const { ack } = segment;
  if (ack === null) return { do: "drop", why: "no ACK" };
  if (s.state === "SYN-RECEIVED") {
    if (seqLt(s.sndUna, ack) && seqLeq(ack, s.sndNxt)) return null;
    return {
      do: "reply",
      segment: { seq: ack, ack: null, flags: Flag.RST },
      why: "unacceptable ACK",
    };
  }
  if (seqLt(s.sndNxt, ack))
    return { do: "ack", isChallenge: true, why: "ACK of what was never sent" };
  // RFC 5961 §5.2.
  if (s.blindProtection && seqLt(ack, seqAdd(s.sndUna, -s.maxSndWnd))) {
    return { do: "ack", isChallenge: true, why: "ACK far too old" };
  }
  return null;
}
