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

/** The same for both, or one would close its window where the other does not. */
const BUFFER = { whole: 256 * 1024, narrow: 1 << 20, lossy: 1 << 20, reordering: 1 << 20 } as const;
/**
 * What our stack does and the kernel does not. Behind a queue that overflows the rules 3 and 4 of
 * RFC 6675 §4 send again at the end of a transfer what may still be on its way; Linux waits for RACK
 * (RFC 8985) to tell, which our stack does not have.
 */
const KNOWN = {
  whole: [],
  narrow: ["D-SACK Sequence", "This frame is a (suspected) spurious retransmission"],
  lossy: [],
  reordering: [],
} as const satisfies Record<string, readonly string[]>;
/** For what is still on its way when the programs are done. */
const LINGER_MS = 300;

/** Both roles, and both ends of the link. */
async function found(scenarios: readonly Scenario[], far: "stack" | "kernel"): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), "seqack-verdicts-"));
  const kinds: Found = {};
  try {
    for (const scenario of scenarios) {
      const rigs = [run(scenario, far, "near"), run(scenario, far, "far")];
      for (const { nearCapture, farCapture } of await Promise.all(rigs))
        for (const capture of [nearCapture, farCapture]) addVerdicts(kinds, capture, folder);
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

testWith("root", "linux", "tun", "tshark").each(LINK_KINDS)(
  "tshark finds nothing with our stack that it does not find between kernels: %s links",
  async (kind) => {
    const scenarios = SCENARIOS.filter((scenario) => scenario.kind === kind);
    const kernels = await found(scenarios, "kernel");
    const ours = await found(scenarios, "stack");
    const report = Object.keys({ ...kernels, ...ours }).map(
      (name) =>
        `  ${name}: ${ours[name] ?? 0} with our stack, ${kernels[name] ?? 0} between kernels\n`,
    );
    process.stdout.write(`${kind}\n${report.toSorted().join("")}`);
    const known: readonly string[] = KNOWN[kind];
    expect(Object.keys(ours).filter((name) => !(name in kernels || known.includes(name)))).toEqual(
      [],
    );
  },
  180_000,
);
