/**
 * Why a segment is what the analysis says: a sentence for each verdict, note
 * and number.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import type { TcpBase } from "../../wire/tcp-describe.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import type { NoteName, VerdictName } from "../verdicts/verdict.ts";
import type { LastWord } from "./last-words.ts";

/** Numbers that get a sentence, by their fields `tcp.analysis.*`. */
export type NumberName = "acks_frame" | "bytes_in_flight" | "rto";

/** What the causes of a segment say, by their fields `seqack.*`. */
export type CauseName = "cause" | "spurious" | "reordered_frame";

/** One sentence about a segment. */
export interface Reason {
  /** What it is the reason of. */
  readonly name: VerdictName | NoteName | NumberName | CauseName;
  readonly kind: "verdict" | "note" | "cause" | "number";
  /** The frame that was compared, which the sentence names; 0: none. */
  readonly frame: number;
  /** No capital at the start and no full stop. */
  readonly text: Text;
}

/** The field that says the same: `tcp.analysis.retransmission`. */
export function reasonField(name: Reason["name"]): string {
  if (name === "cause" || name === "spurious" || name === "reordered_frame")
    return `seqack.${name}`;
  if (name === "dsack") return "tcp.options.sack.dsack";
  if (name === "fin_active" || name === "fin_passive") return `tcp.connection.${name}`;
  return `tcp.analysis.${name}`;
}

/** What a sentence is made of. */
export interface Case {
  readonly s: SegmentRecord;
  readonly v: SegmentVerdicts;
  /** What positions are counted from: 0 for numbers as on the wire. */
  readonly base: TcpBase;
  /** What the sender of the segment, and its receiver, said last before it. */
  readonly sender: LastWord;
  readonly receiver: LastWord;
}

/** The evidence of one verdict or note. */
export interface Proof {
  readonly frame: number;
  /** Since the frame, in words; `null` when the clock was set back. */
  readonly since: string | null;
  readonly from: number;
  readonly to: number;
}
