/**
 * Conversations at random, in which every rule meets every other one, beside
 * tshark: all fields of TCP of every segment are the same.
 *
 * `SEQACK_FUZZ=500` compares so many captures (of 2,000 segments) instead of a dozen.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type ConversationTraits, randomConversations } from "../../../test/fuzz/conversations.ts";
import { testWith } from "../../../test/needs.ts";
import { compareCapture, TCP_PARITY } from "../../../test/parity.ts";
import { VERDICTS } from "./verdict.ts";

const CAPTURES = Number(process.env["SEQACK_FUZZ"] ?? 12);

/** What capture `seed` is like: each wildness with each way to have options, whole and cut. */
function traitsOf(seed: number): ConversationTraits {
  return {
    segments: 2000,
    wildness: [2, 5, 20, 100][seed % 4]!,
    snapLen: [262_144, 68, 96, 262_144, 58][seed % 5]!,
    options: (["any", "sound", "none"] as const)[seed % 3]!,
    isSelfAllowed: seed % 2 === 0,
  };
}

testWith("tshark")(
  "every verdict and number of conversations at random is tshark's",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "seqack-random-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "random.pcap");
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (let seed = 0; seed < CAPTURES; seed++) {
      writeFileSync(path, Buffer.concat(randomConversations(seed, traitsOf(seed))));
      const { fields, differing } = await compareCapture(path, { fields: TCP_PARITY });
      for (const name of differing) wrong.push(`seed ${seed} ${name} ${fields.get(name)!.example}`);
      for (const [name, { equal }] of fields) if (equal > 0) seen.add(name);
    }
    expect(wrong).toEqual([]);
    expect(VERDICTS.filter((name) => !seen.has(`tcp.analysis.${name}`))).toEqual([]);
  },
  3_600_000,
);
