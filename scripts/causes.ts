/**
 * `npx tsx scripts/causes.ts`: makes Linux send again in every way it knows,
 * and prints how right seqack's causes are, per cause, beside Wireshark's
 * verdicts and the kernel's own counters. Needs root, `/dev/net/tun` and tshark.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatScore } from "../test/kernel/print.ts";
import { runScenarios, scoreOf } from "../test/kernel/score.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-causes-"));
try {
  const truths = await runScenarios(folder);
  const isTraced = truths.every(({ events }) => events !== null);
  if (!isTraced) console.error("There is no tracefs: only the kernel's counters are compared.");
  console.log(formatScore("Captured at the sender", scoreOf(folder, truths, "sender")));
  console.log(formatScore("Captured at the receiver", scoreOf(folder, truths, "receiver")));
} finally {
  rmSync(folder, { recursive: true });
}
