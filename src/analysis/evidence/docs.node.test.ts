import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NOTES, VERDICTS } from "../verdicts/verdict.ts";
import { EXAMPLES } from "./examples.fixture.ts";
import { reasonField } from "./reason.ts";

const NAMES = [...VERDICTS, ...NOTES, "acks_frame", "bytes_in_flight", "rto"] as const;

/** By its heading. */
const SECTIONS = new Map(
  readFileSync("docs/verdicts.md", "utf8")
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

const isChinese = (sentence: string): boolean => /\p{Script=Han}/u.test(sentence);

test("docs/verdicts.md has a section for each verdict, note and number", () => {
  expect([...SECTIONS.keys()].toSorted()).toEqual([...NAMES].toSorted());
});

test.each(NAMES)("%s: its field, its rule, what it does not mean", (name) => {
  const section = SECTIONS.get(name)!;
  expect(section).toContain(`Field: \`${reasonField(name)}\``);
  expect(section).toContain("\n**Rule.** ");
  expect(section).toContain("\n**Does not mean** ");
});

test.each(NAMES)("%s: the sentences quoted are those that are said, all of them", (name) => {
  const quoted = [...SECTIONS.get(name)!.matchAll(/^> (.*)$/gm)].map(([, sentence]) => sentence!);
  const said = EXAMPLES.filter((example) => example.name === name);
  expect(quoted.filter((q) => !isChinese(q))).toEqual(said.map(({ en }) => en));
  const chinese = quoted.filter(isChinese);
  expect(chinese).toEqual([said[0]!.zh]);
});
