/**
 * The beginning and the end of a connection: round-trip time of the
 * handshake, fast open, who closes first.
 *
 * @module
 */
import type { SegmentRecord } from "../../../trace/segment.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { Arrival } from "../arrival.ts";
import { Note } from "../verdict.ts";

const SYN_ACK = Flag.SYN | Flag.ACK;

/** All of it, for every segment with a sound header. */
export function noteHandshake(a: Arrival, s: SegmentRecord): void {
  const { flags, connection } = a;
  if ((flags & (Flag.SYN | Flag.FIN)) !== 0) noteBeginOrEnd(a, s);
  if ((flags & SYN_ACK) !== Flag.ACK) return;
  // Whoever acknowledges first, and with whatever: data, FIN or RST.
  if (connection.initialRtt === 0 && connection.hasSynTime) {
    connection.initialRtt = a.time - connection.synTime;
  }
  a.fwd.isSynUnanswered = false;
}

function noteBeginOrEnd(a: Arrival, s: SegmentRecord): void {
  const { flags, connection } = a;
  if ((flags & SYN_ACK) === SYN_ACK) noteFastOpenAnswer(a, s.relAck);
  if ((flags & Flag.FIN) !== 0) noteFin(a);
  if ((flags & Flag.SYN) === 0) return;
  a.fwd.isSynUnanswered = true;
  // A SYN with a number that is known has been looked up, found or not.
  if (s.isSynAgain) a.result.hasRecord = true;
  const isTimed = s.packet.sec !== 0 || s.packet.nsec !== 0;
  if ((flags & Flag.ACK) === 0) connection.setSynTime(isTimed ? a.time : null);
}

/** RFC 7413 §4.2.2: whether the server took the data of the SYN. */
function noteFastOpenAnswer(a: Arrival, relAck: number): void {
  if (relAck > 1) a.give(Note.TFO_ACK, 0, 0);
  else if (a.connection.hasFastOpenData) a.give(Note.TFO_IGNORED, 0, 0);
}

function noteFin(a: Arrival): void {
  if (a.rev.isClosing) return a.give(Note.FIN_PASSIVE, 0, 0);
  a.fwd.isClosing = true;
  a.give(Note.FIN_ACTIVE, 0, 0);
}
