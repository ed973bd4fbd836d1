/**
 * Events of a recording: what a program did, on the same clock as the packets.
 *
 * @module
 */

/** Operations of the net API, as they appear in errors, events and reports. */
export type CallOp = "listen" | "accept" | "dial" | "read" | "write" | "closeWrite" | "close";

/** One call of a program, from its begin to its end. */
export interface CallEvent {
  readonly kind: "call";
  /** Unique in the recording; in the order of begins. */
  readonly id: number;
  readonly op: CallOp;
  /** Which end the caller is: `"server"` listened or accepted, `"client"` dialed. */
  readonly role: "client" | "server";
  /** The connection, the same number in all its calls; `null` in `listen` and in a call that got none. */
  readonly conn: number | null;
  /** Nanoseconds since 1970 on the packets' clock, taken before the call did anything. */
  readonly begin: bigint;
  /** Taken when the call had its result; `null` when it was still waiting as the recording ended. */
  readonly end: bigint | null;
  /** `host:port` as Go writes it; `null` while unknown. */
  readonly local: string | null;
  readonly remote: string | null;
  /** Bytes read or written; `null` in other calls, and in a read that met EOF. */
  readonly bytes: number | null;
  /** A read that met the peer's FIN. */
  readonly eof: boolean;
  /** Code of the {@link NetError}, `null` when it went well. */
  readonly error: string | null;
}

/** How well the events' clock agrees with the packets' clock. */
export interface ClockEvent {
  readonly kind: "clock";
  /** Where the events' times come from: `"clock_gettime"`, `"performance.now"`. */
  readonly source: string;
  /** A time of an event is at most this many nanoseconds off. */
  readonly errorNs: number;
}

/** Who took a decision: a TCP endpoint, the host around it, or the link between two. */
export type DecisionMaker = "stack" | "host" | "link";

/** What was decided about a segment, or what befell it. */
export type DecisionAct =
  /** A segment leaves; `why` is the reason: `"data"`, `"fast-retransmit"`, `"window-probe"` … */
  | "sent"
  /** It is not taken, or not carried on. */
  | "dropped"
  /** A part of it was not taken. */
  | "trimmed"
  /** The endpoint changed its state: `why` is `"ESTABLISHED: …"`. */
  | "state"
  /** A timer fired: `why` names it. */
  | "timer"
  /** Who answers loss changed: `why` is `"recovery: …"`. */
  | "recovery"
  /** What keeps waiting data back, from now on: `"cwnd"`, `"window"`, `"nagle"`, `"silly-window"`, `"send-buffer"`, `"nothing"`. */
  | "limited"
  /** The link set CE, turned a bit over, doubled it, or held it up so that others overtake it. */
  | "marked"
  | "corrupted"
  | "duplicated"
  | "held";

/** One decision of our own stack or link: the truth, which analysis of packets can only guess. */
export interface DecisionEvent {
  readonly kind: "decision";
  readonly by: DecisionMaker;
  readonly act: DecisionAct;
  /** Nanoseconds since 1970 on the packets' clock. */
  readonly time: bigint;
  /** `host:port` of the endpoint; of a link, and of a host that drops, the segment's sender. */
  readonly local: string;
  readonly remote: string;
  /** In few words, the same for the same reason; see {@link DecisionAct}. */
  readonly why: string;
  /** SEG.SEQ of the segment it is about; `null`: about none. */
  readonly seq: number | null;
  /** Its payload bytes. */
  readonly len: number | null;
  /** When it left its sender, as packets are timed there; `null` when not known. */
  readonly sent: bigint | null;
}

/** The variables of one end of a connection, by whoever holds them. Windows in bytes, scaled. */
export interface SampleEvent {
  readonly kind: "sample";
  /** Who tells: `"stack"` is our own. */
  readonly by: string;
  readonly time: bigint;
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  /** Payload bytes of a full segment that this end sends. */
  readonly mss: number;
  readonly cwnd: number;
  /** `null`: not known yet, without limit. */
  readonly ssthresh: number | null;
  /** As the peer offered it last. */
  readonly sndWnd: number;
  /** As this end offers it. */
  readonly rcvWnd: number;
  /** Bytes sent and not acknowledged. */
  readonly flight: number;
  /** Bytes that the program gave and that are not acknowledged. */
  readonly queued: number;
  /** `null` before the first measurement. */
  readonly srttNs: number | null;
  readonly rtoNs: number;
  /** Who answers loss: `"open"`, `"disorder"`, `"recovery"`, `"loss"`. */
  readonly recovery: string;
  /** The congestion control's name. */
  readonly congestion: string;
  /**
   * Bytes a second by which it spaces out what it sends; `null`: not paced (as our own stack), without limit
   * (`tcpi_pacing_rate` ~0), or not told.
   */
  readonly pacingRate: number | null;
}

/** Whatever a recording holds beside packets. */
export type RecordedEvent = CallEvent | ClockEvent | DecisionEvent | SampleEvent;
