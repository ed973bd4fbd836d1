import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { testWith } from "../../test/needs.ts";
import { fileName, hasLostBytes, nameOf, visibleName, wordsWithoutLoss } from "./file-name.ts";
import { openError } from "./input-error.ts";
import { openOutput } from "./output.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-name-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("bytes that are no UTF-8 go through a name and come back", () => {
  const odd = Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0x80, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x80]);
  const name = nameOf(odd);
  expect(fileName(name)).toEqual(odd);
  expect(visibleName(name)).toBe(String.raw`a\xffé\x80\xed\xa0\x80😀`);
});

test("a name that is UTF-8 is itself", () => {
  const name = nameOf(Buffer.from("aé😀"));
  expect([name, fileName(name), visibleName(name)]).toEqual(["aé😀", "aé😀", "aé😀"]);
  expect(visibleName("a\u001b")).toBe(String.raw`a\x1b`);
});

test("words that the system does not tell as they are stay what they were", () => {
  expect(wordsWithoutLoss(["a", "b\ufffd"])).toEqual(["a", "b\ufffd"]);
  expect(wordsWithoutLoss([])).toEqual([]);
});

test("a file that is missing because its name lost bytes: what to do is said", () => {
  const error = Object.assign(new Error("ENOENT"), { code: "ENOENT" });
  expect(hasLostBytes("a\ufffd")).toBe(true);
  expect(openError("a\ufffd", error).text.en).toContain("pass the file as standard input");
  expect(openError("a", error).text.en).toBe("Cannot read a: no such file.");
});

testWith("linux")("files of such names are written, in place and whole", async () => {
  const inside = Buffer.from(`${folder}/\xff.out`, "latin1");
  writeFileSync(inside, "old");
  for (const whole of [false, true]) {
    const output = await openOutput(nameOf(inside), { whole });
    await output.write(Buffer.from("new"));
    await output.close();
    const names = readdirSync(folder, "buffer").map((name) => name.toString("latin1"));
    expect(names).toEqual(["\xff.out"]);
  }
});
