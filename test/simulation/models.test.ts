/**
 * The stack beside the known models of throughput, within 10 % where they apply; `models.ts` says which they are.
 * Deterministic: fixed seeds, virtual time. `SEQACK_SIMULATION=10` measures ten times as long.
 *
 * @module
 */
import { describe, expect, test } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import type { LossModel } from "../../src/stack/link/loss.ts";
import type { Profile } from "../../src/stack/tcp/profile.ts";
import { cubicPeriodic, renoPeriodic, renoRandom, walk } from "./models.ts";
import { MSS, runFlows, WIDE, type FlowInit } from "./run-flows.ts";

const MS = 1e6;
const SECOND = 1e9;

const TIMES = Number(process.env["SEQACK_SIMULATION"] ?? "1");
const TIMEOUT_MS = 120_000 * TIMES;

/** Losses of the ideal flows: their mean is known to a percent. */
const WALK_LOSSES = 20_000;

interface Measured {
  readonly congestion: Profile["congestion"];
  readonly p: number;
  readonly rttMs: number;
}

/** Segments in a round trip that `flow` gets through, over about `losses` of them. */
function windowOf(flow: FlowInit, loss: LossModel, seconds: number, seed: number): number {
  const bottleneck = { ...WIDE, loss };
  const untilNs = seconds * SECOND;
  const run = runFlows({ flows: [flow], bottleneck, seed, fromNs: untilNs / 5, untilNs });
  return ((run.flows[0]?.goodput ?? 0) / 8 / MSS) * (flow.rttNs / SECOND);
}

/** The mean of some seeds. */
function randomWindow({ congestion, p, rttMs }: Measured, expected: number): number {
  const seconds = ((100 * TIMES) / p / expected) * (rttMs / 1000);
  const flow = { congestion, rttNs: rttMs * MS };
  const windows = [1, 2, 3].map((seed) => windowOf(flow, { name: "uniform", p }, seconds, seed));
  return windows.reduce((a, b) => a + b, 0) / windows.length;
}

function expectWithin10(got: number, model: number): void {
  expect(got / model).toBeGreaterThan(0.9);
  expect(got / model).toBeLessThan(1.1);
}

describe("every 1/p-th packet lost", () => {
  test.each([10, 100, 200])(
    "Reno, and CUBIC where it is no faster, round trip %d ms: √(3/2p)",
    (rttMs) => {
      const p = 0.001;
      const rttNs = rttMs * MS;
      const model = renoPeriodic(p);
      const seconds = ((30 * TIMES) / p / model) * (rttMs / 1000);
      const loss: LossModel = { name: "periodic", every: 1 / p };
      expectWithin10(windowOf({ congestion: "reno", rttNs }, loss, seconds, 1), model);
      if (cubicPeriodic(p, rttMs / 1000) > model) return;
      expectWithin10(windowOf({ congestion: "cubic", rttNs }, loss, seconds, 1), model);
    },
    TIMEOUT_MS,
  );

  // The cycle of the model stands still where it is: from above, fast convergence goes below it; from below W_max
  // grows by the cube of the time that is left. So the flow begins in it, a little below the model's W_max.
  test.each([
    [100, 1e-4],
    [200, 1e-4],
    [200, 2e-4],
  ])(
    "CUBIC in its own region, round trip %d ms, p = %d: RFC 9438 §5.1",
    (rttMs, p) => {
      const model = cubicPeriodic(p, rttMs / 1000);
      expect(model).toBeGreaterThan(1.2 * renoPeriodic(p));
      const initialWindow = Math.floor((0.93 * model) / (1 - 0.3 / 4));
      const packets = Array.from({ length: 30 }, (_, i) => 2 + Math.round(i / p));
      const flow: FlowInit = { congestion: "cubic", rttNs: rttMs * MS, initialWindow };
      const seconds = (10 / p / model) * (rttMs / 1000);
      expectWithin10(windowOf(flow, { name: "list", packets }, seconds, 1), model);
    },
    TIMEOUT_MS,
  );
});

describe("packets lost by chance", () => {
  test.each([0.003, 0.001])(
    "Reno, p = %d: 1.31/√p",
    (p) => {
      const model = renoRandom(p);
      const measured: Measured = { congestion: "reno", p, rttMs: 100 };
      expectWithin10(randomWindow(measured, model), model);
    },
    TIMEOUT_MS,
  );

  test.each<[Profile["congestion"], number, number]>([
    ["reno", 100, 0.005],
    ["reno", 20, 0.003],
    ["cubic", 20, 0.003],
    ["cubic", 100, 0.003],
    ["cubic", 200, 0.001],
  ])(
    "%s, round trip %d ms, p = %d: as an ideal flow walks",
    (congestion, rttMs, p) => {
      const init = { congestion, p, rttS: rttMs / 1000, losses: WALK_LOSSES };
      const model = walk(init, new Prng(1));
      expectWithin10(randomWindow({ congestion, p, rttMs }, model), model);
    },
    TIMEOUT_MS,
  );
});

test("the ideal flow of Reno comes to the constant of the theory", () => {
  const p = 1e-5;
  const init = { congestion: "reno", p, rttS: 0.1, losses: WALK_LOSSES } as const;
  expect(walk(init, new Prng(1)) / renoRandom(p)).toBeCloseTo(1, 1);
});
