/**
 * The detectors, by what they want to see.
 *
 * @module
 */
import { ANY_KIND, KINDS } from "./kind.ts";
import type { Detector, Moment } from "./moment.ts";

/** Some detectors, and what each does with a segment: to look it up in two dozen classes takes longer than most of them. */
interface Group {
  readonly detectors: readonly Detector[];
  readonly looks: readonly ((this: Detector, m: Moment) => void)[];
}

/** See the module. */
export class Crowd {
  readonly #all: readonly Detector[];
  /** By the kinds of a segment; made when there is such a segment. */
  readonly #byKind: (Group | null)[] = Array.from({ length: KINDS }, () => null);

  constructor(all: readonly Detector[]) {
    this.#all = all;
  }

  /** Shows the segment, which is of these kinds, to those that want to see it, in their order. */
  show(m: Moment, kind: number): void {
    const { detectors, looks } = (this.#byKind[kind] ??= this.#groupOf(kind));
    for (let i = 0; i < looks.length; i++) looks[i]!.call(detectors[i]!, m);
  }

  #groupOf(kind: number): Group {
    const detectors: Detector[] = [];
    const looks: Group["looks"][number][] = [];
    for (const detector of this.#all) {
      // oxlint-disable-next-line typescript/unbound-method -- called with its detector
      const { wants = ANY_KIND, onSegment } = detector;
      if (onSegment === undefined || (wants & kind) === 0) continue;
      detectors.push(detector);
      looks.push(onSegment);
    }
    return { detectors, looks };
  }
}
