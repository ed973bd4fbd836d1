/**
 * Fields of seqack's own, beyond what Wireshark has: why bytes were sent
 * again, what was needless, the states of both ends. `docs/causes.md` tells what
 * they mean.
 *
 * @module
 */
import { Cause, CAUSES, DECISIONS, isRetransmission, PROOFS } from "../causes/cause.ts";
import type { SegmentCauses } from "../causes/result.ts";
import { STATES } from "../connection-states.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";

/** A field with one value or, for `null`, none. */
function one(name: string, type: FieldType, read: (c: SegmentCauses) => FieldValue | null): Field {
  return {
    name,
    type,
    read({ causes }, out) {
      const value = causes === null ? null : read(causes);
      if (value !== null) out.push(value);
    },
  };
}

const ifAny = (value: number): number | null => (value === 0 ? null : value);

const span = (ns: number): bigint | null => (ns === 0 ? null : BigInt(Math.round(ns)));

/** See the module. */
export const SEQACK_FIELDS: readonly Field[] = [
  one("seqack.cause", "string", (c) => (c.cause === Cause.NONE ? null : CAUSES[c.cause]!)),
  one("seqack.retransmission", "none", (c) => (isRetransmission(c.cause) ? 1 : null)),
  one("seqack.decided_by", "string", (c) => (c.decidedBy === 0 ? null : DECISIONS[c.decidedBy]!)),
  one("seqack.sent_frame", "uint", (c) => ifAny(c.sentFrame)),
  one("seqack.sent_delta", "time", (c) => span(c.sentNs)),
  one("seqack.trigger_frame", "uint", (c) => ifAny(c.triggerFrame)),
  one("seqack.trigger_delta", "time", (c) => span(c.triggerNs)),
  one("seqack.attempt", "uint", (c) => ifAny(c.attempt)),
  one("seqack.timer", "time", (c) => span(c.timerNs)),
  one("seqack.rto", "time", (c) => span(c.rtoNs)),
  one("seqack.srtt", "time", (c) => span(c.srttNs)),
  one("seqack.dup_acks", "uint", (c) => ifAny(c.dupAcks)),
  one("seqack.sacked_bytes", "uint", (c) => ifAny(c.sackedBytes)),
  one("seqack.spurious", "string", (c) => (c.spurious === 0 ? null : PROOFS[c.spurious]!)),
  one("seqack.spurious_frame", "uint", (c) => ifAny(c.spuriousFrame)),
  one("seqack.spurious_cause", "string", (c) =>
    c.spurious === 0 ? null : CAUSES[c.spuriousCause]!,
  ),
  one("seqack.reordered_frame", "uint", (c) => ifAny(c.reorderedFrame)),
  one("seqack.wire_segments", "uint", (c) => ifAny(c.wireSegments)),
  one("seqack.state.client", "string", (c) => STATES[c.clientState]!),
  one("seqack.state.server", "string", (c) => STATES[c.serverState]!),
];
