/**
 * The beginning and the end of a connection: round-trip time of the
 * handshake, fast open, who closes first.
 *
 * @module
 */
import { Flag } from "../../../wire/tcp.ts";
import type { Arrival } from "../arrival.ts";
import { Note } from "../verdict.ts";

const SYN_ACK = Flag.SYN | Flag.ACK;

/** All of it, for every segment with a sound header. */
export function noteHandshake(a: Arrival, relAck: number, isTimed: boolean): void {
  const { flags, connection, fwd } = a;
  if ((flags & SYN_ACK) === SYN_ACK) noteFastOpenAnswer(a, relAck);
  if ((flags & Flag.FIN) !== 0) noteFin(a);
  if ((flags & Flag.SYN) !== 0) {
    fwd.isSynUnanswered = true;
    if (flags !== (flags | Flag.ACK)) connection.synTime = isTimed ? a.time : null;
  } else if (a.hasAck) {
    const { synTime } = connection;
    // Whoever acknowledges first, and with whatever: data, FIN or RST.
    if (synTime !== null && connection.initialRtt === 0) connection.initialRtt = a.time - synTime;
    fwd.isSynUnanswered = false;
  }
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
