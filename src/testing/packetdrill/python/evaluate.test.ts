import { expect, test } from "vitest";
import { runCode, type CheckFailure, type PyValue } from "./evaluate.ts";
import { parseCode } from "./parse-code.ts";

const NAMES = new Map<string, PyValue>([
  ["tcpi_snd_cwnd", 10],
  ["tcpi_options", 7],
  ["TCPI_OPT_SACK", 2],
]);

function run(text: string, variables = new Map<string, PyValue>()): CheckFailure | null {
  const code = parseCode(text, (at, why) => new SyntaxError(`${at}: ${why}`));
  return runCode(code, variables, NAMES);
}

test.each([
  "assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd",
  "assert 9 <= tcpi_snd_cwnd <= 10 and not 1 == 2",
  "assert (tcpi_options & TCPI_OPT_SACK) != 0",
  "assert 1 + 2 * 3 == 7; assert 7 // 2 == 3; assert -7 % 4 == 1",
  "assert False or True",
  'assert "%d of %s" % (1, 2) == "1 of 2"',
  'print("a", tcpi_snd_cwnd,) # says nothing\nx = 3\nx += 2\nassert x == 5',
  "assert 1 < \\\n 2",
  "assert (1 +\n 2) == 3",
  "assert max(1, 2) == 2 and min(1, 2) == abs(-1)",
  "assert 1 << 4 == 16 and 0x10 == 16 and 6 | 1 == 7",
])("%j holds", (text) => {
  expect(run(text)).toBeNull();
});

test.each([
  ["assert tcpi_snd_cwnd == 9", "tcpi_snd_cwnd == 9", "tcpi_snd_cwnd = 10", 0],
  ["\nassert 1 == 2, 'never'", "1 == 2", "never", 1],
  ["assert tcpi_unknown == 1", "a check that can be run", "the name tcpi_unknown is not known", 0],
  ["f(1)", "a check that can be run", "the function f is not known", 0],
])("%j fails", (text, expected, got, line) => {
  expect(run(text)).toEqual({ expected, got, line });
});

test("what a block assigns is there for the next one", () => {
  const variables = new Map<string, PyValue>();
  expect(run("cwnd = tcpi_snd_cwnd", variables)).toBeNull();
  expect(run("cwnd += 1; assert cwnd == 11", variables)).toBeNull();
});
