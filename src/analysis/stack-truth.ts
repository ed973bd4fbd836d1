/**
 * What the two ends of a connection, and the link between them, wrote down
 * themselves: variables and decisions. Recordings of our own stack have them.
 *
 * @module
 */
import type { DecisionEvent, SampleEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Facts } from "./facts.ts";

/** One end's own account. Times are the events'. */
export interface EndTruth {
  readonly samples: readonly SampleEvent[];
  readonly decisions: readonly DecisionEvent[];
}

/** The account of a connection; {@link stackTruthOf}. */
export interface StackTruth {
  readonly ends: readonly [EndTruth, EndTruth];
  /** What befell the segments of each end on the way to the other. */
  readonly link: readonly [readonly DecisionEvent[], readonly DecisionEvent[]];
  /** The segment that left its sender as `decision` says; `null` when the capture does not show it. */
  rowOf(decision: DecisionEvent): Row | null;
}

/** What the recording tells of `f`'s connection; `null`: nothing, as in every recording of a kernel. */
export function stackTruthOf(f: Facts): StackTruth | null {
  const { decisions, samples } = f.trace;
  if (decisions.length === 0 && samples.length === 0) return null;
  const ends = [endTruth(f, 0), endTruth(f, 1)] as const;
  if (ends.every((e) => e.samples.length + e.decisions.length === 0)) return null;
  const own = decisions.filter((d) => d.by === "link" && endOf(f, d) !== null);
  const link = [
    own.filter((d) => endOf(f, d) === 0),
    own.filter((d) => endOf(f, d) === 1),
  ] as const;
  return { ends, link, rowOf: rowFinder(f) };
}

function endTruth(f: Facts, end: 0 | 1): EndTruth {
  const { decisions, samples } = f.trace;
  return {
    samples: samples.filter((s) => endOf(f, s) === end),
    decisions: decisions.filter((d) => d.by === "stack" && endOf(f, d) === end),
  };
}

/** Whose it is, by the names of both ends; `null`: another connection's. */
export function endOf(
  { names }: Facts,
  { local, remote }: Pick<DecisionEvent, "local" | "remote">,
): 0 | 1 | null {
  if (local === names[0] && remote === names[1]) return 0;
  return local === names[1] && remote === names[0] ? 1 : null;
}

const keyOf = (...parts: readonly (number | null)[]): string => parts.join(" ");

/** Finds rows by end, number, length and the time of sending. */
function rowFinder(f: Facts): (decision: DecisionEvent) => Row | null {
  const { dir, seq, payloadLen, time } = f.trace.segments.columns;
  const byKey = new Map<string, Row[]>();
  for (const row of f.rows) {
    const key = keyOf(dir[row]!, seq[row]!, payloadLen[row]!);
    const rows = byKey.get(key);
    if (rows === undefined) byKey.set(key, [row]);
    else rows.push(row);
  }
  return (decision) => {
    if (decision.sent === null) return null;
    const rows = byKey.get(keyOf(endOf(f, decision), decision.seq, decision.len)) ?? [];
    const at = f.trace.toTime(decision.sent);
    return rows.find((row) => time[row] === at) ?? null;
  };
}
