/** Our own packetdrill scripts, by mechanism: each holds with every profile of the stack. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeOutcome, runText } from "../src/testing/packetdrill/run-text.ts";

const FOLDER = new URL("scripts/", import.meta.url).pathname;
const scripts = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pkt"))
  .toSorted();

test.each(
  scripts.flatMap((name) =>
    (["linux", "freebsd", "generic"] as const).map((p) => [name, p] as const),
  ),
)("%s with the profile %s", (name, profile) => {
  const outcome = runText(readFileSync(join(FOLDER, name), "utf8"), name, {
    profile,
    wholeProfile: true,
  });
  expect(describeOutcome(name, outcome)).toBe(`PASS ${name}`);
});
