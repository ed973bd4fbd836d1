/** Every verdict and number of every segment of the corpus, beside tshark's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { compareFairly } from "../../../test/parity.ts";
import { VERDICTS } from "./verdict.ts";

/** Captures that tshark reads otherwise, for a reason. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "the-tcpdump-group+tcpdump/tests__timestamp_invalid_micro.pcap":
    "tshark prints microseconds beyond a second oddly",
  "the-tcpdump-group+tcpdump/tests__timestamp_invalid_nano.pcap":
    "tshark prints nanoseconds beyond a second oddly",
  "seladb+PcapPlusPlus/Tests__Fuzzers__RegressionTests__regression_samples__clusterfuzz-testcase-minimized-FuzzTarget-5755755617189888":
    "claims 3.6 GB on the wire; tshark stops at 2^31",
};

/** Every capture where time does not matter, else one in five: tshark takes a third of a second to start. */
const STEP = process.env["CI"] === undefined ? 5 : 1;

interface Listed {
  readonly file: string;
  /** Which verdicts tshark gives in it. */
  readonly verdicts: readonly string[];
}

/** The captures with TCP in them. */
function captures(): Listed[] {
  const [head, ...lines] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const at = (name: string): number => head!.indexOf(name);
  return lines
    .filter((l) => Number(l[at("tcp_segments")]) > 0)
    .filter((l) => OTHERWISE[l[at("file")]!] === undefined)
    .map((l) => ({
      file: l[at("file")]!,
      verdicts: VERDICTS.filter((name) => Number(l[at(name)]) > 0),
    }));
}

/** One in so many, and the first capture with each verdict. */
function chosen(): Listed[] {
  const seen = new Set<string>();
  return captures().filter(({ verdicts }, i) => {
    const isNew = verdicts.some((name) => !seen.has(name));
    for (const name of verdicts) seen.add(name);
    return isNew || i % STEP === 0;
  });
}

testWith("tshark", "shared")(
  "every verdict, every number and every note of the corpus is tshark's",
  async () => {
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (const { file } of chosen()) {
      const { fields, differing } = await compareFairly(join(SHARED, "corpus", file));
      for (const name of differing.filter((n) => n.startsWith("tcp.")))
        wrong.push(`${file} ${name} ${fields.get(name)!.example}`);
      for (const [name, { equal }] of fields) if (equal > 0) seen.add(name);
    }
    expect(wrong).toEqual([]);
    expect(VERDICTS.filter((name) => !seen.has(`tcp.analysis.${name}`))).toEqual([]);
  },
  600_000,
);
