/**
 * Keeps what is found: of each kind the {@link MAX_KEPT} heaviest, and a count
 * of the others.
 *
 * @module
 */
import { type FindingId, SEVERITIES, type Severity } from "./catalogue.ts";
import type { Finding } from "./finding.ts";

/** Findings of one kind that are kept: more than anybody reads. */
export const MAX_KEPT = 100;

interface Kept {
  readonly weight: number;
  readonly finding: Finding;
}

interface Kind {
  readonly kept: Kept[];
  /** Index of the lightest, once there are {@link MAX_KEPT}. */
  lightest: number;
  readonly dropped: Record<Severity, number>;
}

/** See the module. */
export class FindingCollector {
  readonly #kinds = new Map<FindingId, Kind>();

  /** Keeps the finding or only counts it; `make` is called when it is kept. */
  add(id: FindingId, severity: Severity, weight: number, make: () => Finding): void {
    let kind = this.#kinds.get(id);
    if (kind === undefined) {
      kind = { kept: [], lightest: 0, dropped: { error: 0, warning: 0, note: 0 } };
      this.#kinds.set(id, kind);
    }
    const { kept, dropped } = kind;
    if (kept.length === MAX_KEPT) {
      const least = kept[kind.lightest]!;
      if (weight <= least.weight) return void dropped[severity]++;
      dropped[least.finding.severity]++;
      kept.splice(kind.lightest, 1);
    }
    kept.push({ weight, finding: make() });
    if (kept.length === MAX_KEPT) kind.lightest = lightestOf(kept);
  }

  /** Those kept, worst first, then by kind (the one seen first), then by connection. */
  findings(): Finding[] {
    const all = [...this.#kinds.values()].flatMap(({ kept }) =>
      kept.map(({ finding }) => finding).toSorted((a, b) => placeOf(a) - placeOf(b)),
    );
    return all.toSorted((a, b) => rankOf(a) - rankOf(b));
  }

  /** Those that were only counted. */
  more(): { id: FindingId; severity: Severity; count: number }[] {
    return [...this.#kinds].flatMap(([id, { dropped }]) =>
      SEVERITIES.map((severity) => ({ id, severity, count: dropped[severity] })).filter(
        ({ count }) => count > 0,
      ),
    );
  }
}

function rankOf({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

function placeOf({ stream }: Finding): number {
  return stream ?? -1;
}

function lightestOf(kept: readonly Kept[]): number {
  let lightest = 0;
  for (let i = 1; i < kept.length; i++) {
    if (kept[i]!.weight < kept[lightest]!.weight) lightest = i;
  }
  return lightest;
}
