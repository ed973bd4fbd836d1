/** The demo as a user runs it, and tshark as the witness of what it says. */
// oxlint-disable vitest/no-standalone-expect -- testWith(...) is test
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stringWidth from "string-width";
import { afterAll, expect, test } from "vitest";
import { visible } from "../src/base/visible.ts";
import { faultsOf, tsharkFields, type ToldStep } from "./demo-oracle.ts";
import { missing, testWith } from "./needs.ts";
import { MAIN, seqack } from "./seqack.ts";

/** More than a handful: `DEMO_RUNS=200 npx vitest run --project node test/demo.test.ts`. */
const RUNS = Number(process.env["DEMO_RUNS"] ?? 5);
/** Root captures at once, others in a namespace of their own. */
const live = testWith("linux", missing("root") === null ? "root" : "userns", "tshark");
const folder = mkdtempSync(join(tmpdir(), "seqack-demo-"));

afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly file: string;
  readonly stdout: string;
}

function run(name: string, columns = 80, lang = "en"): Run {
  const file = join(folder, name);
  const env = { COLUMNS: String(columns) };
  const { status, stdout, stderr } = seqack(["demo", "-w", file, "--lang", lang], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return { file, stdout };
}

function stepsOf(file: string): readonly ToldStep[] {
  const { stdout } = seqack(["story", file, "-T", "json"]);
  const stories: { steps: ToldStep[] }[] = JSON.parse(stdout);
  return stories[0]?.steps ?? [];
}

/** How far calls and packets may stand apart, as the demo itself states it. */
function statedErrorNs({ stdout }: Run): bigint {
  const [, micros] = / read to ±([\d.]+) µs: /.exec(stdout.replaceAll("\n", " ")) ?? [];
  expect(micros, "the clock's error is shown").toBeDefined();
  return BigInt(Math.round(Number(micros) * 1000));
}

live(
  `the six steps name the right call and the right segments in each of ${RUNS} runs`,
  () => {
    for (let i = 0; i < RUNS; i++) {
      const one = run("run.pcapng");
      expect(faultsOf(one.file, stepsOf(one.file), statedErrorNs(one))).toEqual([]);
    }
  },
  60_000 + RUNS * 10_000,
);

live.each(["en", "zh"])("what it prints in %s is plain text within 80 and 120 columns", (lang) => {
  for (const columns of [80, 120]) {
    const { file, stdout } = run("plain.pcapng", columns, lang);
    expect(visible(stdout.replaceAll("\n", ""))).toBe(stdout.replaceAll("\n", ""));
    const lines = stdout.split("\n").filter((line) => !line.includes(file));
    expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
    expect(stdout).toContain(lang === "zh" ? "六个步骤" : "The six steps");
  }
});

live("tshark reads the same segments under the same frame numbers", () => {
  const { file } = run("frames.pcapng");
  const fields = ["frame.number", "frame.time_epoch", "tcp.srcport", "tcp.dstport"];
  fields.push("tcp.flags", "tcp.seq", "tcp.ack", "tcp.len", "tcp.window_size");
  const args = ["read", file, "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
  expect(seqack(args).stdout).toBe(tsharkFields(file, fields));
});

const SAYS_STACK = "What follows was not sent by this machine's kernel";

testWith("linux", "userns")(
  "where nothing can be captured it runs on our own stack, and says so",
  () => {
    // A user that is nobody: neither privileges nor a namespace of its own.
    const file = join(folder, "nobody.pcapng");
    const args = ["--user", process.execPath, MAIN, "demo", "-w", file];
    const { status, stdout, stderr } = spawnSync("unshare", args, { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const told = stdout.replaceAll("\n", " ");
    expect(told).toContain(SAYS_STACK);
    expect(told).toContain("CAP_NET_RAW is missing");
    expect(told).toContain("What helps: ");
    expect(stepsOf(file).map((s) => s.number)).toEqual([1, 2, 3, 4, 5, 6]);
  },
);

test.each(["en", "zh"])("on our own stack it shows the same, within 80 columns, in %s", (lang) => {
  const file = join(folder, "stack.pcapng");
  const env = { COLUMNS: "80" };
  const { status, stdout } = seqack(["demo", "--stack", "-w", file, "--lang", lang], { env });
  expect(status).toBe(0);
  expect(stdout).toContain(lang === "zh" ? "六个步骤" : "The six steps");
  expect(stdout).not.toContain(lang === "zh" ? "错误一侧" : "the wrong side");
  const lines = stdout.split("\n").filter((line) => !line.includes(file));
  expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
});

testWith("tshark")("the six steps on our own stack are right as tshark sees them", () => {
  const file = join(folder, "stack.pcapng");
  seqack(["demo", "--stack", "-w", file]);
  expect(faultsOf(file, stepsOf(file), 0n)).toEqual([]);
});

live("tshark as the witness notices what is wrong", () => {
  const { file } = run("witness.pcapng");
  const told = stepsOf(file);
  const [listens, dials, , asks, answers, closes] = told;
  const wrong = (number: number, change: Partial<ToldStep>): string[] => {
    const steps = told.map((s) => (s.number === number ? Object.assign({}, s, change) : s));
    return faultsOf(file, steps, 0n);
  };
  expect(wrong(1, { frames: [1] })).toHaveLength(1);
  expect(wrong(4, { frames: asks!.frames.slice(1) })).toHaveLength(1);
  expect(wrong(6, { frames: [...closes!.frames, 1] })).toHaveLength(1);
  expect(wrong(5, { calls: answers!.calls.toReversed() })).not.toEqual([]);
  expect(wrong(1, { calls: dials!.calls })).not.toEqual([]);
  expect(wrong(2, { calls: listens!.calls })).not.toEqual([]);
  expect(wrong(4, { calls: asks!.calls.map(tooLate) })).not.toEqual([]);
});

function tooLate(call: ToldStep["calls"][number]): ToldStep["calls"][number] {
  return { ...call, begin: "9".repeat(19) };
}
