/**
 * Fields of the analysis: `tcp.analysis.*`, `tcp.completeness`, and the notes
 * that stand elsewhere. What Wireshark does not show has no value.
 *
 * @module
 */
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import { ANY_VERDICT, Note, Verdict, VERDICTS } from "../verdicts/verdict.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";

/** A field with one value or, for `null`, none. */
function early(
  name: string,
  type: FieldType,
  read: (v: SegmentVerdicts) => FieldValue | null,
): Field {
  return {
    name,
    type,
    read({ verdicts }, out) {
      const value = verdicts === null ? null : read(verdicts);
      if (value !== null) out.push(value);
    },
  };
}

/** A field behind the options: none where those were cut off. */
function late(
  name: string,
  type: FieldType,
  read: (v: SegmentVerdicts) => FieldValue | null,
): Field {
  return early(name, type, (v) => (v.isShown ? read(v) : null));
}

const ifAny = (value: number): number | null => (value === 0 ? null : value);

/**
 * Nanoseconds as a value, when there are any. Spans beyond 2^53 ns, 104 days, are
 * known to the microsecond.
 */
function span(ns: number): bigint | null {
  if (ns === 0) return null;
  return Number.isSafeInteger(ns) ? BigInt(ns) : BigInt(Math.round(ns / 1000)) * 1000n;
}

/** Its name, and its number behind it: what is said twice is there twice. */
const TWICE: ReadonlySet<string> = new Set(["duplicate_ack"]);

function verdictField(name: string, bit: number): Field {
  return {
    name: `tcp.analysis.${name}`,
    type: "none",
    read({ verdicts }, out) {
      if (verdicts === null || !verdicts.isShown || (verdicts.bits & bit) === 0) return;
      out.push(1);
      if (TWICE.has(name)) out.push(1);
    },
  };
}

const noteField = (name: string, bit: number): Field =>
  early(name, "none", (v) => ifAny((v.bits & bit) === 0 ? 0 : 1));

/** A kind of segment that opens or closes a connection. */
function kindField(name: string, mask: number, flags: number): Field {
  return {
    name: `tcp.connection.${name}`,
    type: "none",
    read({ segment }, out) {
      if (segment === null || segment.headerLen < TCP_MIN_HEADER_LEN) return;
      if ((segment.tcpFlags & mask) === flags) out.push(1);
    },
  };
}

const has = (v: SegmentVerdicts, bit: number): boolean => (v.bits & bit) !== 0;

const SYN_ACK = Flag.SYN | Flag.ACK;

/** See the module. */
export const TCP_ANALYSIS_FIELDS: readonly Field[] = [
  early("tcp.completeness", "uint", (v) => v.completeness),
  kindField("syn", SYN_ACK, Flag.SYN),
  kindField("synack", SYN_ACK, SYN_ACK),
  kindField("fin", Flag.FIN, Flag.FIN),
  kindField("rst", Flag.RST, Flag.RST),
  noteField("tcp.connection.fin_active", Note.FIN_ACTIVE),
  noteField("tcp.connection.fin_passive", Note.FIN_PASSIVE),
  late("tcp.analysis", "none", (v) => (v.hasRecord ? 1 : null)),
  late("tcp.analysis.flags", "none", (v) => (has(v, ANY_VERDICT) ? 1 : null)),
  ...VERDICTS.map((name, i) => verdictField(name, 1 << i)),
  late("tcp.analysis.duplicate_ack_num", "uint", (v) => ifAny(v.duplicateAckNum)),
  late("tcp.analysis.duplicate_ack_frame", "uint", (v) =>
    has(v, Verdict.DUPLICATE_ACK) ? v.duplicateAckFrame : null,
  ),
  late("tcp.analysis.acks_frame", "uint", (v) => ifAny(v.acksFrame)),
  late("tcp.analysis.ack_rtt", "time", (v) => span(v.ackRttNs)),
  late("tcp.analysis.initial_rtt", "time", (v) => (v.hasRecord ? span(v.initialRttNs) : null)),
  late("tcp.analysis.bytes_in_flight", "uint", (v) => ifAny(v.bytesInFlight)),
  late("tcp.analysis.push_bytes_sent", "uint", (v) => (v.bytesInFlight > 0 ? v.pushBytes : null)),
  late("tcp.analysis.rto", "time", (v) => span(v.rtoNs)),
  late("tcp.analysis.rto_frame", "uint", (v) => (v.rtoNs === 0 ? null : v.rtoFrame)),
  noteField("tcp.analysis.tfo_ack", Note.TFO_ACK),
  noteField("tcp.analysis.tfo_ignored", Note.TFO_IGNORED),
];
