import { expect, test } from "vitest";
import { ANSI, PLAIN } from "../report/paint.ts";
import { columnsOf, localeLang, paintFor } from "./io.ts";

test.each([
  [{ LANG: "zh_CN.UTF-8" }, "zh"],
  [{ LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
  [{ LANG: "en_US.UTF-8", LC_MESSAGES: "zh_TW" }, "zh"],
  [{ LANG: "zh_CN", LC_ALL: "" }, "zh"],
  [{}, "en"],
])("localeLang(%j) is %s", (env, lang) => {
  expect(localeLang(env)).toBe(lang);
});

test.each([
  [120, undefined, 120],
  [0, undefined, 80],
  [undefined, "100", 100],
  [undefined, "-3", 80],
  [undefined, undefined, 80],
  [10, undefined, 40],
])("columnsOf(%s, %s) is %i", (terminal, env, columns) => {
  expect(columnsOf(terminal, env)).toBe(columns);
});

test("colours only on a terminal, unless told otherwise", () => {
  expect(paintFor(true, {})).toBe(ANSI);
  expect(paintFor(false, {})).toBe(PLAIN);
  expect(paintFor(true, { NO_COLOR: "1" })).toBe(PLAIN);
  expect(paintFor(true, { TERM: "dumb" })).toBe(PLAIN);
  expect(paintFor(false, { FORCE_COLOR: "1" })).toBe(ANSI);
});
