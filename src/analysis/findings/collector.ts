/**
 * Keeps what is found: of each kind the {@link MAX_KEPT} heaviest, and a count
 * of the others. In which order connections end makes no difference.
 *
 * @module
 */
import { type FindingId, SEVERITIES, type Severity } from "./catalogue.ts";
import type { Finding } from "./finding.ts";

/** Findings of one kind that are kept: more than anybody reads. */
export const MAX_KEPT = 100;

/** What is found, before its words. */
export interface Found {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly weight: number;
  /** `null`: it is about the whole capture. */
  readonly stream: number | null;
}

interface Kept {
  readonly weight: number;
  readonly stream: number;
  readonly finding: Finding;
}

interface Kind {
  readonly kept: Kept[];
  /** Index of the first to go, once there are {@link MAX_KEPT}. */
  least: number;
  readonly dropped: Record<Severity, number>;
  /** The first connection it was found in, and how many things were found in that one before. */
  stream: number;
  nth: number;
}

/** See the module. What is found in a connection comes at once. */
export class FindingCollector {
  readonly #kinds = new Map<FindingId, Kind>();
  #stream = -1;
  #nth = 0;

  /** Keeps the finding or only counts it; `make` is called when it is kept. */
  add(found: Found, make: () => Finding): void {
    const { severity, weight } = found;
    // What is about the whole capture comes last.
    const stream = found.stream ?? Infinity;
    const { kept, dropped, least } = this.#kindOf(found.id, stream);
    if (kept.length === MAX_KEPT) {
      const last = kept[least]!;
      if (!isBefore({ weight, stream }, last)) return void dropped[severity]++;
      dropped[last.finding.severity]++;
      kept.splice(least, 1);
    }
    kept.push({ weight, stream, finding: make() });
    if (kept.length === MAX_KEPT) this.#kinds.get(found.id)!.least = leastOf(kept);
  }

  /** Those kept, worst first, then by kind (the one of the first connection), then by connection. */
  findings(): Finding[] {
    const all = this.#inOrder().flatMap(([, { kept }]) =>
      kept.toSorted((a, b) => compared(a.stream, b.stream)).map(({ finding }) => finding),
    );
    return all.toSorted((a, b) => rankOf(a) - rankOf(b));
  }

  /** Those that were only counted. */
  more(): { id: FindingId; severity: Severity; count: number }[] {
    return this.#inOrder().flatMap(([id, { dropped }]) =>
      SEVERITIES.map((severity) => ({ id, severity, count: dropped[severity] })).filter(
        ({ count }) => count > 0,
      ),
    );
  }

  /** The kind of the first connection first, of one connection in the order in which they were told. */
  #inOrder(): (readonly [FindingId, Kind])[] {
    return [...this.#kinds].toSorted(
      ([, a], [, b]) => compared(a.stream, b.stream) || a.nth - b.nth,
    );
  }

  #kindOf(id: FindingId, stream: number): Kind {
    if (stream !== this.#stream) this.#nth = 0;
    this.#stream = stream;
    const nth = this.#nth++;
    let kind = this.#kinds.get(id);
    if (kind === undefined) {
      kind = { kept: [], least: 0, dropped: { error: 0, warning: 0, note: 0 }, stream, nth };
      this.#kinds.set(id, kind);
    } else if (stream < kind.stream) {
      kind.stream = stream;
      kind.nth = nth;
    }
    return kind;
  }
}

function rankOf({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

/** Two numbers of connections, which may both be infinite. */
function compared(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

type Place = Pick<Kept, "weight" | "stream">;

/** Whether `a` is kept rather than `b`: the heavier one, then that of the earlier connection. */
function isBefore(a: Place, b: Place): boolean {
  return a.weight === b.weight ? a.stream < b.stream : a.weight > b.weight;
}

function leastOf(kept: readonly Kept[]): number {
  let least = 0;
  for (let i = 1; i < kept.length; i++) if (!isBefore(kept[i]!, kept[least]!)) least = i;
  return least;
}
