import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FINDINGS } from "./catalogue.ts";

test("docs/findings.md lists every finding with its severity, and no other", () => {
  const page = readFileSync("docs/findings.md", "utf8");
  const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (\w+)/gm)].map(([, id, severity]) => [
    id!,
    severity!,
  ]);
  expect(Object.fromEntries(rows)).toEqual(FINDINGS);
});
