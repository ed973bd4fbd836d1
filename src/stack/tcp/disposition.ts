/**
 * What is to be done with a segment that arrived: what the functions of
 * `closed.ts`, `listen.ts`, `syn-sent.ts` and `synchronized.ts` return.
 *
 * @module
 */
import type { SeqNum } from "../../wire/seqnum.ts";
import type { TcpErrorCode } from "../types.ts";

/** The numbers of a segment without data that answers another one. */
export interface Reply {
  readonly seq: SeqNum;
  /** `null`: no ACK. */
  readonly ack: SeqNum | null;
  readonly flags: number;
}

/** Nothing is answered. */
export interface Drop {
  readonly do: "drop";
  readonly why: string;
}

/** A RST that answers. */
export interface SendReset {
  readonly do: "reply";
  readonly segment: Reply;
  readonly why: string;
}

/** An ACK with our own numbers answers; `isChallenge`: of RFC 5961, not too often. */
export interface SendAck {
  readonly do: "ack";
  readonly isChallenge: boolean;
  readonly why: string;
}

/** The connection is gone. */
export interface Close {
  readonly do: "close";
  /** The peer is told by a RST with our numbers. */
  readonly isToldToPeer?: boolean;
  readonly error: TcpErrorCode | null;
  readonly why: string;
}
