/**
 * What a stack wrote down itself of the segments that it sent: why each left,
 * and its variables then. Recordings of `seqack lab` have them, those of a kernel
 * do not. `docs/lab.md` tells what they mean.
 *
 * @module
 */
import type { SampleEvent } from "../../pcap/event.ts";
import type { StackNote } from "../stack-notes.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";

/** A field with one value or, for `null`, none. */
function note(name: string, type: FieldType, read: (n: StackNote) => FieldValue | null): Field {
  return {
    name,
    type,
    read({ stack }, out) {
      const value = stack === null ? null : read(stack);
      if (value !== null) out.push(value);
    },
  };
}

/** A variable of the sender. */
function variable(
  name: string,
  type: FieldType,
  read: (s: SampleEvent) => FieldValue | null,
): Field {
  return note(`seqack.stack.${name}`, type, ({ sample }) =>
    sample === null ? null : read(sample),
  );
}

/** See the module. */
export const STACK_FIELDS: readonly Field[] = [
  note("seqack.stack", "none", () => 1),
  note("seqack.stack.why", "string", ({ why }) => why),
  note("seqack.stack.limited", "string", ({ limited }) => limited),
  variable("state", "string", (s) => s.state),
  variable("mss", "uint", (s) => s.mss),
  variable("cwnd", "uint", (s) => s.cwnd),
  variable("ssthresh", "uint", (s) => s.ssthresh),
  variable("snd_wnd", "uint", (s) => s.sndWnd),
  variable("rcv_wnd", "uint", (s) => s.rcvWnd),
  variable("flight", "uint", (s) => s.flight),
  variable("queued", "uint", (s) => s.queued),
  variable("srtt", "time", (s) => (s.srttNs === null ? null : BigInt(s.srttNs))),
  variable("rto", "time", (s) => BigInt(s.rtoNs)),
  variable("recovery", "string", (s) => s.recovery),
  variable("congestion", "string", (s) => s.congestion),
  variable("pacing_rate", "uint", (s) => s.pacingRate),
];
