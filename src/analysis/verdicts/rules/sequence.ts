/**
 * The sequence analysis of one segment, step by step.
 *
 * @module
 */
import type { SegmentRecord } from "../../../trace/segment.ts";
import type { Arrival } from "../arrival.ts";
import { countFromNewAck, judgeAckLostSegment } from "./ack-lost-segment.ts";
import { judgeAcksAndWindows } from "./acks-and-windows.ts";
import { countFlight } from "./flight.ts";
import { acknowledge, rememberSent } from "./remember.ts";
import { judgeRetransmission } from "./retransmission.ts";

/** All steps in their order, for a segment whose length is known. */
export function analyzeSequence(a: Arrival, s: SegmentRecord): void {
  if (a.hasAck) a.rev.isFlightUnsure = false;
  judgeAcksAndWindows(a, s);
  countFromNewAck(a);
  judgeAckLostSegment(a);
  judgeRetransmission(a);
  rememberSent(a);
  acknowledge(a);
  countFlight(a, s);
}
