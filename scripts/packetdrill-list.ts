/**
 * A list of scripts with what is known of each (`packetdrill-dev.tsv`), and how many pass.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One script of the list. */
export interface ListedScript {
  readonly path: string;
  /** `A`: any TCP of the RFCs; `B`: policy of one kernel. */
  readonly grade: string;
  readonly suite: string;
  readonly group: string;
  /** `--name=value` of the runner. */
  readonly options: readonly string[];
}

/** Reads the table at `path`; the scripts lie in `root`, in a folder `owner+name` for each suite. */
export function readList(path: string, root: string): ListedScript[] {
  const [head, ...rows] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = (head ?? "").split("\t");
  return rows.map((row) => {
    const cells = row.split("\t");
    const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
    const origin = cell("origin");
    const colon = origin.indexOf(":");
    const suite = origin.slice(0, colon);
    return {
      path: join(root, suite.replaceAll("/", "+"), origin.slice(colon + 1)),
      grade: cell("class"),
      suite,
      group: cell("subject_group"),
      options: cell("runner_options")
        .split(" ")
        .filter((option) => option.startsWith("--")),
    };
  });
}

/** How many of a list pass, by class and by suite; scripts that are not there count apart. */
export class ListTotals {
  readonly #counts = new Map<string, { passed: number; failed: number; absent: number }>();

  /** `hasPassed` `null`: the file is not there. */
  add(script: ListedScript, hasPassed: boolean | null): void {
    for (const key of [`class ${script.grade}`, `class ${script.grade}, ${script.suite}`]) {
      const count = this.#counts.get(key) ?? { passed: 0, failed: 0, absent: 0 };
      this.#counts.set(key, count);
      if (hasPassed === null) count.absent++;
      else if (hasPassed) count.passed++;
      else count.failed++;
    }
  }

  lines(): string[] {
    return [...this.#counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { passed, failed, absent }]) => {
        const missing = absent === 0 ? "" : `, ${absent} not there`;
        const percent = ((100 * passed) / Math.max(1, passed + failed)).toFixed(1);
        return `${key}: ${passed} of ${passed + failed} pass (${percent} %)${missing}`;
      });
  }
}

/** Whether the script lies where the list says. */
export function isThere(script: ListedScript): boolean {
  return existsSync(script.path);
}
