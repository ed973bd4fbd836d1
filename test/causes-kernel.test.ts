/** The causes of retransmissions against what the Linux kernel says it did. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { formatScore } from "./kernel/print.ts";
import { type CauseScore, runScenarios, type Score, scoreOf } from "./kernel/score.ts";
import { testWith } from "./needs.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-causes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Of all retransmissions; 95 % to 99 % on a busy machine. The rest: a lone FIN that the timer and a
 * probe send at the same moment, and RACK's two rules where the machine was slow.
 */
const LEAST = 0.9;
/** Scenarios run by the kernel's clock: where the machine is busy elsewhere, its timers go off in some other order. */
const RUNS = 3;

const sum = (causes: readonly CauseScore[], of: "kernel" | "ours" | "right"): number =>
  causes.reduce((total, cause) => total + cause[of], 0);

testWith(
  "root",
  "linux",
  "tun",
  "ip",
  "tshark",
)("every way in which Linux sends again is recognised at the sender", async () => {
  let wrong: readonly string[] = ["no run"];
  for (let run = 0; run < RUNS && wrong.length > 0; run++) {
    const truths = await runScenarios(folder);
    const score = scoreOf(folder, truths, "sender");
    process.stdout.write(formatScore("Captured at the sender", score));
    // Without tracefs there are the counters alone.
    const hasEvents = truths.every(({ events }) => events !== null);
    wrong = [...wrongCounters(score), ...(hasEvents ? wrongCauses(score) : [])];
  }
  expect(wrong).toEqual([]);
});

function wrongCounters({ counters }: Score): string[] {
  return counters.flatMap(({ name, kernel, ours }) => {
    // Probes for a tail that carry new data are counted there, and look like any other data.
    const isFar = Math.abs(kernel - ours) > 2 + kernel * (1 - LEAST);
    return isFar && name !== "TCPLossProbes" ? [`${name}: kernel ${kernel}, ours ${ours}`] : [];
  });
}

function wrongCauses({ causes, needless, reordered }: Score): string[] {
  const wrong = causes
    .filter(({ right }) => right === 0)
    .map(({ cause }) => `${cause}: never right`);
  const right = sum(causes, "right");
  for (const who of ["kernel", "ours"] as const) {
    const all = sum(causes, who);
    if (right < LEAST * all) wrong.push(`right ${right} of ${all}, counted by ${who}`);
  }
  if (needless.right !== needless.ours || needless.right <= needless.kernel / 4)
    wrong.push(`needless: ${JSON.stringify(needless)}`);
  if (reordered.right !== reordered.ours) wrong.push(`reordered: ${JSON.stringify(reordered)}`);
  return wrong;
}
