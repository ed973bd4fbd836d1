/**
 * What the page and its worker say to each other: everything, in this file.
 *
 * The page opens inputs, asks questions by number and takes answers back; the worker tells of its
 * progress by itself. All of it can be cloned; long columns are typed arrays whose memory moves.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";
import type { Reason } from "../../analysis/evidence/reason.ts";
import type { FindingsReport } from "../../analysis/findings/finding.ts";
import type { StateStep } from "../../analysis/state-steps.ts";
import type { StateName } from "../../analysis/states.ts";
import type { Story } from "../../analysis/story.ts";
import type { HeaderLayout } from "../../wire/layout/field.ts";
import type {
  BlockQuery,
  ByteBlock,
  ByteRowPage,
  ByteSpot,
  ByteView,
} from "./bytes/byte-streams.ts";
import type { DirectionSums } from "./bytes/direction.ts";
import type { ByteSpan } from "./bytes/spans.ts";
import type {
  ConversationOrder,
  ConversationPage,
  ConversationQuery,
} from "./conversation-list.ts";
import type {
  Graph,
  GraphOf,
  GraphPoint,
  GraphQuery,
  GraphRows,
  GraphRowsQuery,
  NearQuery,
} from "./graph/graph.ts";
import type { Ladder } from "./ladder.ts";
import type { Overview } from "./overview.ts";
import type { RowPage } from "./rows.ts";
import type { StreamColumns } from "./stream-columns.ts";

/** An input to open: a file that was chosen, or an address beside the page. */
export interface Input<File = unknown> {
  readonly name: string;
  /** Bytes; `null` when not known, as of a capture that goes on. */
  readonly size: number | null;
  readonly from: { readonly file: File } | { readonly url: string };
}

/** What went wrong, as a value. */
export interface Problem {
  readonly text: Text;
  /** Where: a character of the filter, or a byte of the file; `null` when nowhere. */
  readonly position: number | null;
  /** Characters of the filter at fault. */
  readonly length: number;
}

/** How far the reading is. */
export interface Progress {
  /** `reading`; then `done`, `stopped` by the reader, or `failed`: what came before is there all the same. */
  readonly phase: "reading" | "done" | "stopped" | "failed";
  /** Tells recordings apart, however they were opened; `null`: not known yet, or never, as of a capture that goes on. */
  readonly fingerprint: string | null;
  /** Bytes read of all inputs, and of how many; `null`: nobody knows. */
  readonly bytes: number;
  readonly size: number | null;
  readonly packets: number;
  readonly segments: number;
  readonly streams: number;
  /** Calls of the recorded program. */
  readonly calls: number;
  /** Nanoseconds from the first packet to the latest. */
  readonly durationNs: number;
  /** Nanoseconds since 1970 of time 0. */
  readonly epoch: bigint;
  /** Why reading ended early, and what was wrong on the way; at most {@link MAX_PROBLEMS}. */
  readonly problems: readonly Problem[];
}

/** Before anything was. */
export const NOTHING_READ: Progress = {
  phase: "reading",
  fingerprint: null,
  bytes: 0,
  size: null,
  packets: 0,
  segments: 0,
  streams: 0,
  calls: 0,
  durationNs: 0,
  epoch: 0n,
  problems: [],
};

/** Problems that are told; the count of the others is in the last one. */
export const MAX_PROBLEMS = 20;

/** A frame in full. */
export interface FrameDetails {
  readonly frame: number;
  /** Nanoseconds since the recording's first packet. */
  readonly time: number;
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  readonly origLen: number;
  /** What was captured; shorter than `capLen` of the file when the recording was too large to keep. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `null` when it is no TCP segment. */
  readonly stream: number | null;
  readonly dir: 0 | 1;
  /** One line, as `seqack read` prints it behind the time. */
  readonly line: string;
  /** Every header from the outside in, bit by bit; `at` counts in {@link bytes}. */
  readonly headers: readonly HeaderLayout[];
  readonly comments: readonly string[];
}

/** Why a segment is what it is. */
export interface Explanation {
  readonly reasons: readonly Reason[];
  /** What its sender's own stack wrote down of it; `null`: nothing. */
  readonly note: Text | null;
}

/** States of both ends of a stream. */
export interface StatePath {
  /** Whether the first segment opens the connection; else what was before is not known. */
  readonly isFromStart: boolean;
  /** At most `MAX_STATE_STEPS`. */
  readonly steps: readonly StateStep[];
  readonly names: readonly StateName[];
  readonly initial: readonly [StateName, StateName];
  /** Index in `names` after each segment of the stream. */
  readonly client: Uint8Array;
  readonly server: Uint8Array;
  readonly frames: Uint32Array;
}

/** Questions by name: what is asked, and what is answered. */
export interface Questions {
  /** Rows `[from, from + count)` of the list, of all frames or of those that the filter passed. */
  readonly rows: {
    readonly ask: { readonly from: number; readonly count: number; readonly filtered: boolean };
    readonly answer: RowPage;
  };
  /** Where in the list a frame is: its row, the next one when the filter hides it; -1 without any. */
  readonly rowOfFrame: {
    readonly ask: { readonly frame: number; readonly filtered: boolean };
    readonly answer: number;
  };
  /** The first row of the list that is not before a time, in nanoseconds since the first packet; -1 without any. */
  readonly rowOfTime: {
    readonly ask: { readonly time: number; readonly filtered: boolean };
    readonly answer: number;
  };
  /** Filters all frames; the empty filter ends the filtering. Progress comes by `filtering`. */
  readonly filter: {
    readonly ask: { readonly text: string };
    readonly answer: { readonly matches: number };
  };
  readonly frame: {
    readonly ask: { readonly frame: number };
    readonly answer: FrameDetails | null;
  };
  /** Why the frame's segment is what it is: its verdicts, causes and numbers in sentences. */
  readonly reasons: {
    readonly ask: { readonly frame: number };
    readonly answer: Explanation;
  };
  readonly conversations: { readonly ask: ConversationQuery; readonly answer: ConversationPage };
  /** Where in that list a stream is; -1: it is not in it. */
  readonly rowOfStream: {
    readonly ask: ConversationOrder & { readonly stream: number };
    readonly answer: number;
  };
  /** Columns of a stream's segments `[from, from + count)`. */
  readonly stream: {
    readonly ask: { readonly stream: number; readonly from: number; readonly count: number };
    readonly answer: StreamColumns;
  };
  /** Both byte streams as a whole, the client's first; `null`: no such stream. */
  readonly byteSums: {
    readonly ask: { readonly stream: number };
    readonly answer: readonly [DirectionSums, DirectionSums] | null;
  };
  /** Rows `[from, from + count)` of a byte stream. */
  readonly byteRows: {
    readonly ask: ByteView & { readonly from: number; readonly count: number };
    readonly answer: ByteRowPage;
  };
  /** Where a segment's bytes are; `null` when it has none. `dir` of the view is not looked at. */
  readonly byteSpot: {
    readonly ask: ByteView & { readonly frame: number };
    readonly answer: ByteSpot | null;
  };
  /** The next place of these bytes at or after an offset, and its row; `null`: there is none. */
  readonly byteFind: {
    readonly ask: ByteView & { readonly from: number; readonly pattern: Uint8Array<ArrayBuffer> };
    readonly answer: { readonly offset: number; readonly row: number } | null;
  };
  /** Captured bytes of a stream, holes left out. */
  readonly byteBlock: { readonly ask: BlockQuery; readonly answer: ByteBlock };
  /** What a byte belongs to. */
  readonly byteOwners: {
    readonly ask: { readonly stream: number; readonly dir: 0 | 1; readonly at: number };
    readonly answer: readonly ByteSpan[];
  };
  readonly story: { readonly ask: { readonly stream: number }; readonly answer: Story | null };
  readonly states: { readonly ask: { readonly stream: number }; readonly answer: StatePath | null };
  /** What `seqack findings` says of everything read so far; of one stream alone unless `null`. */
  readonly findings: {
    readonly ask: { readonly stream: number | null };
    readonly answer: FindingsReport;
  };
  /** The next frame, after `frame` or before it, that a finding rests on: 0 when there is none. */
  readonly nextFinding: {
    readonly ask: { readonly frame: number; readonly step: 1 | -1; readonly stream: number | null };
    readonly answer: number;
  };
  /** All conversations over time, in so many parts. */
  readonly overview: { readonly ask: { readonly bins: number }; readonly answer: Overview };
  /** What can be seen of a graph; `null` for a stream that is not there. */
  readonly graph: { readonly ask: GraphQuery; readonly answer: Graph | null };
  /** The point of the graph next to the pointer. */
  readonly graphNear: { readonly ask: NearQuery; readonly answer: GraphPoint | null };
  /** The points of a frame in the graph. */
  readonly graphPoints: {
    readonly ask: GraphOf & { readonly frame: number };
    readonly answer: readonly GraphPoint[];
  };
  readonly graphRows: { readonly ask: GraphRowsQuery; readonly answer: GraphRows };
  /** The segment of the stream after `frame` or before it; its first or last one when `frame` is not of it; 0: none. */
  readonly neighbour: {
    readonly ask: { readonly stream: number; readonly frame: number; readonly step: 1 | -1 };
    readonly answer: number;
  };
  /** A connection as a ladder; at most `MAX_LADDER_SEGMENTS` of its segments. */
  readonly ladder: { readonly ask: { readonly stream: number }; readonly answer: Ladder | null };
  /** The next frame, after `frame` or before it, of whose segment there is something to say: 0 when there is none. */
  readonly nextVerdict: {
    readonly ask: { readonly frame: number; readonly step: 1 | -1; readonly stream: number | null };
    readonly answer: number;
  };
}

/** Name of a question. */
export type Question = keyof Questions;

/** One question with what it asks. */
export type Asking = {
  [Q in Question]: { readonly question: Q; readonly ask: Questions[Q]["ask"] };
}[Question];

/** The page to the worker. */
export type ToWorker =
  | { readonly kind: "open"; readonly session: number; readonly inputs: readonly Input[] }
  /** Ends the reading; what was read stays. */
  | { readonly kind: "stop" }
  | ({ readonly kind: "ask"; readonly id: number } & Asking)
  | { readonly kind: "cancel"; readonly id: number };

/** The worker to the page. Reports bear the number that their recording was opened with. */
export type ToPage =
  | { readonly kind: "progress"; readonly session: number; readonly progress: Progress }
  | {
      readonly kind: "filtering";
      readonly session: number;
      readonly done: number;
      readonly total: number;
      readonly matches: number;
    }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Questions[Question]["answer"] }
  | { readonly kind: "failed"; readonly id: number; readonly problem: Problem };
