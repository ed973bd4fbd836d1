import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FIELDS } from "./registry.ts";

test("docs/fields.md lists every field", () => {
  const page = readFileSync("docs/fields.md", "utf8");
  expect(FIELDS.filter(({ name }) => !page.includes(`\`${name}\``))).toEqual([]);
});
