/** docs/rfc.md is a map: what it points at exists, and no RFC that the stack names is missing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const page = readFileSync("docs/rfc.md", "utf8");
const STACK = join("src", "stack");
/** Where a name of the page may stand. */
const PLACES = ["src/stack/tcp", "src/stack", "src", "."];

const sources = readdirSync(STACK, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

test("every file that docs/rfc.md names exists", () => {
  const names = [...page.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !PLACES.some((place) => existsSync(join(place, name))))).toEqual(
    [],
  );
});

test("each row of a table names a test", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && line.includes("`"));
  expect(rows.filter((row) => !row.includes(".test.ts`"))).toEqual([]);
});

test("every RFC that the stack names stands in docs/rfc.md", () => {
  const known = new Set(page.match(/\b\d{3,4}\b/g));
  const missing = new Set<string>();
  for (const file of sources) {
    const text = readFileSync(join(STACK, file), "utf8");
    for (const [, number] of text.matchAll(/\bRFC (\d{3,4})\b/g))
      if (!known.has(number!)) missing.add(`RFC ${number} of ${file}`);
  }
  expect([...missing]).toEqual([]);
});

test("every attack stands in docs/rfc.md", () => {
  const tests = sources
    .filter((file) => file.startsWith("attack"))
    .map((f) => f.replace("\\", "/"));
  expect(tests.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
});
