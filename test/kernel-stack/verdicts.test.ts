/**
 * What tshark finds in conversations of our stack with the kernel it finds as
 * well between two kernels, over the same links.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { FAR_IP, KERNEL_IP, Rig } from "./rig.ts";
import { LINK_KINDS, SCENARIOS, type Scenario } from "./scenarios.ts";
import { addVerdicts, type Found } from "./verdicts.ts";

/** The same for both, and small where nothing is lost: then windows close. */
const BUFFER = { whole: 64 * 1024, narrow: 1 << 20, lossy: 1 << 20, reordering: 1 << 20 } as const;
/** Windows are looked at scenario by scenario. */
const WINDOWS = new Set(["TCP Zero Window segment", "TCP window update"]);
/**
 * What two kernels show as well where something is lost or overtaken, but not in every run: what is needlessly sent
 * again, and the reset when that comes after the last ACK (RFC 9293 §3.10.7.1).
 */
const RARE = new Set([
  "D-SACK Sequence",
  "This frame is a (suspected) spurious retransmission",
  "Connection reset (RST)",
]);
/** Whether a window closes for a moment is a matter of who was quicker: so many frames say nothing. */
const MOST_BY_CHANCE = 8;
/**
 * The kernel's clock is the machine's: where this process waits for a
 * processor for ten milliseconds, a kernel probes and retransmits, whoever is
 * at the far end. What our stack does itself, it does in every run.
 */
const RUNS = 5;
/** For what is still on its way when the programs are done. */
const LINGER_MS = 300;

/** Both roles, and both ends of the link; what windows do is told with the scenario's name. */
async function found(scenarios: readonly Scenario[], far: "stack" | "kernel"): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), "seqack-verdicts-"));
  const kinds: Found = {};
  try {
    for (const scenario of scenarios) {
      const own: Found = {};
      const rigs = [run(scenario, far, "near"), run(scenario, far, "far")];
      for (const { nearCapture, farCapture } of await Promise.all(rigs))
        for (const capture of [nearCapture, farCapture]) addVerdicts(own, capture, folder);
      for (const [kind, count] of Object.entries(own)) {
        const name = WINDOWS.has(kind) ? `${scenario.name}: ${kind}` : kind;
        kinds[name] = (kinds[name] ?? 0) + count;
      }
    }
    return kinds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(
  scenario: Scenario,
  far: "stack" | "kernel",
  client: "near" | "far",
): Promise<Rig> {
  const { link } = scenario;
  const receiveBuffer = BUFFER[scenario.kind];
  const buffers = { kernel: { receiveBuffer }, options: { receiveBuffer } };
  await using rig = new Rig({ far, link, captures: true, ...buffers });
  const { pump } = rig;
  await scenario.run(
    client === "near"
      ? { client: rig.kernel, server: rig.far, serverIp: FAR_IP, pump }
      : { client: rig.far, server: rig.kernel, serverIp: KERNEL_IP, pump },
  );
  await new Promise<void>((resolve) => pump.after(LINGER_MS, resolve));
  return rig;
}

function comparison(ours: Found, kernels: Found): string {
  const lines = Object.keys({ ...kernels, ...ours }).map(
    (name) =>
      `  ${name}: ${ours[name] ?? 0} with our stack, ${kernels[name] ?? 0} between kernels\n`,
  );
  return lines.toSorted().join("");
}

testWith("root", "linux", "tun", "tshark").each(LINK_KINDS)(
  "tshark finds nothing with our stack that it does not find between kernels: %s links",
  async (kind) => {
    const scenarios = SCENARIOS.filter((scenario) => scenario.kind === kind);
    const kernels = new Set<string>();
    let suspects: readonly string[] | null = null;
    for (let i = 0; i < RUNS && suspects?.length !== 0; i++) {
      const between = await found(scenarios, "kernel");
      const ours = await found(scenarios, "stack");
      process.stdout.write(`${kind}\n${comparison(ours, between)}`);
      for (const name of Object.keys(between)) kernels.add(name);
      const isNew = (name: string): boolean => {
        const isRare = (kind !== "whole" && RARE.has(name)) || name.includes(": TCP ");
        const isByChance = isRare && (ours[name] ?? 0) <= MOST_BY_CHANCE;
        return name in ours && !kernels.has(name) && !isByChance;
      };
      suspects = (suspects ?? Object.keys(ours)).filter(isNew);
    }
    expect(suspects).toEqual([]);
  },
  600_000,
);
