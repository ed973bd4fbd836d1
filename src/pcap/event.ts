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

/** Whatever a recording holds beside packets. */
export type RecordedEvent = CallEvent | ClockEvent;
