/**
 * How much of a connection has been seen: `tcp.completeness`.
 *
 * @module
 */
import { Flag } from "../../../wire/tcp.ts";
import type { Arrival } from "../arrival.ts";
import { Completeness } from "../result.ts";

const SYN_ACK = Flag.SYN | Flag.ACK;

/** Adds the segment to what was seen. */
export function countCompleteness(a: Arrival, isFirst: boolean): void {
  const { connection } = a;
  connection.completeness |= isFirst ? ofFirst(a) : ofLater(a);
}

/** A stream that does not begin with a SYN begins with nothing. */
function ofFirst({ flags, len }: Arrival): number {
  if ((flags & SYN_ACK) !== Flag.SYN) return 0;
  return Completeness.SYN | (len > 0 ? Completeness.DATA : 0);
}

/** A SYN that comes later adds nothing. */
function ofLater({ flags, len }: Arrival): number {
  let bits = 0;
  if ((flags & SYN_ACK) === SYN_ACK) bits |= Completeness.SYN_ACK;
  else if ((flags & Flag.ACK) !== 0) bits |= len > 0 ? Completeness.DATA : Completeness.ACK;
  if ((flags & Flag.FIN) !== 0 && (flags & Flag.ACK) !== 0) bits |= Completeness.FIN;
  if ((flags & Flag.RST) !== 0) bits |= Completeness.RST;
  return bits;
}
