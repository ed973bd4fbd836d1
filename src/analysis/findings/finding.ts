/**
 * A finding: something about a connection, or about the capture, that somebody
 * should know, with what it rests on.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";
import type { FindingId, Severity } from "./catalogue.ts";

/**
 * `"certain"`: it follows from the frames named. `"likely"`: they are what it looks like, and
 * another explanation is possible, which the cause names.
 */
export type Certainty = "certain" | "likely";

/** What a finding rests on. */
export interface Evidence {
  /** Frame numbers as Wireshark counts, rising; the first ones when there are many. */
  readonly frames: readonly number[];
  /** When it was first seen, nanoseconds since the first packet; `null`: at no single time. */
  readonly atNs: number | null;
  /** Counts, bytes (`…Bytes`) and times (`…Ns`) by name. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** What is said of a finding. */
export interface FindingWords {
  /** What happened. */
  readonly sentence: Text;
  /** Why it happens. */
  readonly cause: Text;
  /** What can be done about it. */
  readonly advice: Text;
}

/** See the module. */
export interface Finding extends FindingWords {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** `tcp.stream`; `null` when it is about the whole capture. */
  readonly stream: number | null;
  /** `"10.0.0.1:40000"`; empty when it is about the whole capture. */
  readonly client: string;
  readonly server: string;
  readonly evidence: Evidence;
}

/** Everything that was found, and what was looked at. */
export interface FindingsReport {
  /** Worst first; of each kind the first connections first. */
  readonly findings: readonly Finding[];
  /** Findings of a kind that were too many to be kept. */
  readonly more: readonly {
    readonly id: FindingId;
    readonly severity: Severity;
    readonly count: number;
  }[];
  readonly looked: Looked;
}

/** What was looked at. */
export interface Looked {
  readonly packets: number;
  readonly segments: number;
  readonly connections: number;
  /** From the first packet to the last, nanoseconds. */
  readonly spanNs: number;
}
