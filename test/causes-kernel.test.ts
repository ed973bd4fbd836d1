/** The causes of retransmissions against what the Linux kernel says it did. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { formatScore } from "./kernel/print.ts";
import { type CauseScore, runScenarios, scoreOf } from "./kernel/score.ts";
import { testWith } from "./needs.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-causes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Of all retransmissions; 95 % to 99 % on a busy machine. The rest: a lone FIN that the timer and a
 * probe send at the same moment, and RACK's two rules where the machine was slow.
 */
const LEAST = 0.9;

const sum = (causes: readonly CauseScore[], of: "kernel" | "ours" | "right"): number =>
  causes.reduce((total, cause) => total + cause[of], 0);

testWith(
  "root",
  "linux",
  "tun",
  "ip",
  "tshark",
)("every way in which Linux sends again is recognised at the sender", async () => {
  const truths = await runScenarios(folder);
  const score = scoreOf(folder, truths, "sender");
  process.stdout.write(formatScore("Captured at the sender", score));
  const { causes, needless, reordered } = score;
  for (const { name, kernel, ours } of score.counters) {
    // Probes for a tail that carry new data are counted there, and look like any other data.
    if (name !== "TCPLossProbes") {
      expect(Math.abs(kernel - ours)).toBeLessThanOrEqual(2 + kernel * (1 - LEAST));
    }
  }
  // Without tracefs there are the counters alone.
  if (truths.some(({ events }) => events === null)) return;
  expect(sum(causes, "right")).toBeGreaterThanOrEqual(LEAST * sum(causes, "kernel"));
  expect(sum(causes, "right")).toBeGreaterThanOrEqual(LEAST * sum(causes, "ours"));
  expect(causes.filter(({ right }) => right === 0)).toEqual([]);
  expect(needless.right).toBe(needless.ours);
  expect(needless.right).toBeGreaterThan(needless.kernel / 4);
  expect(reordered.right).toBe(reordered.ours);
});
