/** Our own packetdrill scripts, by mechanism: each holds with every profile of the stack, or with the one that it is about. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mutationsOf } from "../src/testing/packetdrill/mutations.ts";
import {
  describeOutcome,
  parseText,
  runParsed,
  runText,
} from "../src/testing/packetdrill/run-text.ts";

const FOLDER = new URL("scripts/", import.meta.url).pathname;
const scripts = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pkt"))
  .toSorted();

const PROFILES = ["linux", "freebsd", "generic"] as const;
/** Scripts of one profile's own policy lie in the folder of its name. */
const profilesOf = (name: string): readonly (typeof PROFILES)[number][] => {
  const own = PROFILES.find((profile) => name.startsWith(`${profile}/`));
  return own === undefined ? PROFILES : [own];
};

test.each(scripts.flatMap((name) => profilesOf(name).map((p) => [name, p] as const)))(
  "%s with the profile %s",
  (name, profile) => {
    const outcome = runText(readFileSync(join(FOLDER, name), "utf8"), name, {
      profile,
      wholeProfile: true,
    });
    expect(describeOutcome(name, outcome)).toBe(`PASS ${name}`);
  },
);

test.each(scripts)("%s with one thing wrong fails, on the line that is wrong", (name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const [profile = "linux"] = profilesOf(name);
  for (const { what, line, script } of mutationsOf(parseText(text, name))) {
    const outcome = runParsed(script, { text, path: name }, { profile });
    const got = outcome.kind === "pass" ? "pass" : outcome.line;
    expect({ what, line: got }).toEqual({ what, line });
  }
});
