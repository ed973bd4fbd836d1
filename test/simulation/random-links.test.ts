/**
 * Random links, hosts and programs: no connection locks up. Another number of them:
 *
 * ```sh
 * SEQACK_RANDOM_LINKS=100000 npx vitest run --project node test/simulation/random-links.test.ts
 * SEQACK_RANDOM_LINKS=100000-200000 npx vitest …   # other seeds
 * ```
 *
 * @module
 */
import { expect, test } from "vitest";
import { outcome } from "../../src/testing/random-links/outcome.ts";

/** Seeds, from … to, the last one not included. */
function seeds(text: string): [number, number] {
  const [first = 0, last] = text.split("-").map(Number);
  return last === undefined ? [0, first] : [first, last];
}

const [FROM, TO] = seeds(process.env["SEQACK_RANDOM_LINKS"] ?? "2000");

/** An hour for 100,000 of them, on a slow machine. */
const TIMEOUT_MS = 60_000 + 36 * (TO - FROM);

/** What came of all: which cases were wrong, and which ends there were at all. */
interface Tally {
  readonly wrong: Readonly<Record<number, readonly string[]>>;
  readonly ends: ReadonlySet<string>;
}

function tally(): Tally {
  const wrong: Record<number, readonly string[]> = {};
  const ends = new Set<string>();
  for (let seed = FROM; seed < TO; seed++) {
    const result = outcome(seed);
    for (const program of [result.client, result.server])
      for (const end of program.ends) ends.add(end);
    if (result.wrong.length > 0) wrong[seed] = result.wrong;
  }
  return { wrong, ends };
}

test(
  `${TO - FROM} random links: every byte once and in order, or the right error, and nothing is left`,
  () => {
    const { wrong, ends } = tally();
    expect(wrong).toEqual({});
    expect([...ends].toSorted()).toEqual(["aborted", "reset", "timeout", "well"]);
  },
  TIMEOUT_MS,
);
