/**
 * Checks that calls and segments stand in an order that can be: nothing is
 * sent before the call that sends it, nothing is had before it arrived.
 *
 * @module
 */
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import type { CallMap } from "./calls.ts";
import type { CallSegments } from "./call-segments.ts";

/** One pair of moments that have an order. */
export interface OrderCheck {
  readonly call: CallSegments;
  readonly row: Row;
  /** `sent`: the call begins before the segment; `had`: the call ends after it. */
  readonly kind: "sent" | "had";
  /** Nanoseconds from the first to the second moment; negative when they stand the wrong way round. */
  readonly marginNs: number;
}

/** What {@link checkCausality} found. */
export interface Causality {
  /** Pairs compared. */
  readonly checked: number;
  /** Pairs that stand the wrong way round by more than the clocks' error. */
  readonly violations: readonly OrderCheck[];
  /** The smallest margin; `null` when nothing was compared. */
  readonly worst: OrderCheck | null;
  /** What the recording says the clocks may differ; `null` when it does not, then 0 is taken. */
  readonly errorNs: number | null;
}

/** Compares the times of all calls with those of their segments. */
export function checkCausality(trace: Trace, calls: CallMap): Causality {
  const errorNs = trace.clock?.errorNs ?? null;
  const violations: OrderCheck[] = [];
  let checked = 0;
  let worst: OrderCheck | null = null;
  for (const stream of new Set(calls.ends.map((e) => e.stream))) {
    for (const call of calls.ofStream(stream)) {
      for (const check of checksOf(trace, call)) {
        checked++;
        if (worst === null || check.marginNs < worst.marginNs) worst = check;
        if (check.marginNs < -(errorNs ?? 0)) violations.push(check);
      }
    }
  }
  return { checked, violations, worst, errorNs };
}

function checksOf(trace: Trace, c: CallSegments): OrderCheck[] {
  const { time } = trace.segments.columns;
  const checks: OrderCheck[] = [];
  const first = c.made[0];
  if (first !== undefined) {
    const marginNs = time[first]! - trace.toTime(c.call.begin);
    checks.push({ call: c, row: first, kind: "sent", marginNs });
  }
  const last = lastNeeded(trace, c);
  if (last !== null && c.call.end !== null) {
    const marginNs = trace.toTime(c.call.end) - time[last]!;
    checks.push({ call: c, row: last, kind: "had", marginNs });
  }
  return checks;
}

/** The segment without which the call could not have ended as it did. */
function lastNeeded(trace: Trace, { call, rows, ackedBy }: CallSegments): Row | null {
  if (call.error !== null) return null;
  // A SYN with data may be accepted before the handshake is complete (RFC 7413 §3.1).
  const isFastOpen = rows[0] !== undefined && trace.segments.columns.payloadLen[rows[0]]! > 0;
  if (call.op === "accept" && isFastOpen) return null;
  if (call.op === "dial" || call.op === "accept") return ackedBy;
  return call.op === "read" ? (rows.at(-1) ?? null) : null;
}
