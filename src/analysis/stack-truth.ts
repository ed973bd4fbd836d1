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
  const decisions = [decisionsOf(f, 0), decisionsOf(f, 1)] as const;
  const ends = [endTruth(f, 0, decisions[0]), endTruth(f, 1, decisions[1])] as const;
  if (ends.every((e) => e.samples.length + e.decisions.length === 0)) return null;
  const link = [ofLink(decisions[0]), ofLink(decisions[1])] as const;
  return { ends, link, rowOf: rowFinder(f) };
}

function decisionsOf({ trace, names }: Facts, end: 0 | 1): readonly DecisionEvent[] {
  return trace.decisionsOf(names[end], names[end === 0 ? 1 : 0]);
}

function endTruth(
  { trace, names }: Facts,
  end: 0 | 1,
  decisions: readonly DecisionEvent[],
): EndTruth {
  const samples = trace.samplesOf(names[end], names[end === 0 ? 1 : 0]);
  return { samples, decisions: decisions.filter((d) => d.by === "stack") };
}

function ofLink(decisions: readonly DecisionEvent[]): readonly DecisionEvent[] {
  return decisions.filter((d) => d.by === "link");
}

const keyOf = (...parts: readonly (number | null)[]): string => parts.join(" ");

/** Finds rows by end, number, length and the time of sending. */
function rowFinder(f: Facts): (decision: DecisionEvent) => Row | null {
  const { dir, seq, payloadLen, time } = f.trace.segments.columns;
  const byKey = new Map<string, Row>();
  for (const row of f.rows) {
    const key = keyOf(dir[row]!, seq[row]!, payloadLen[row]!, time[row]!);
    if (!byKey.has(key)) byKey.set(key, row);
  }
  return ({ local, seq: at, len, sent }) => {
    if (sent === null) return null;
    return byKey.get(keyOf(local === f.names[0] ? 0 : 1, at, len, f.trace.toTime(sent))) ?? null;
  };
}
