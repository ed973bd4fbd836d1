/**
 * What one flow gets: congestion control × queue × loss × round trip, with fixed seeds. `goodput.txt` is the
 * table: a change of the stack shows as a difference there. `SEQACK_SIMULATION=10` measures ten times as
 * long, and writes `goodput-10.txt`.
 *
 * @module
 */
import { expect, test } from "vitest";
import type { QueueOptions } from "../../src/stack/link/lane-options.ts";
import type { Profile } from "../../src/stack/tcp/profile.ts";
import { bdpPackets, runFlows } from "./run-flows.ts";

const MS = 1e6;
const SECOND = 1e9;
const RATE = 10e6;
/** Without the time of slow start. */
const FROM_NS = 2 * SECOND;
const TIMES = Number(process.env["SEQACK_SIMULATION"] ?? "1");

const CONTROLS: readonly Profile["congestion"][] = ["reno", "cubic"];
/** Of the bandwidth-delay product; the limit of CoDel is far above what it lets stand. */
const QUEUES: readonly (readonly [string, (bdp: number) => QueueOptions])[] = [
  ["0.5 BDP", (bdp) => ({ packets: Math.ceil(bdp / 2) })],
  ["2 BDP", (bdp) => ({ packets: Math.ceil(2 * bdp) })],
  ["CoDel", () => ({ packets: 1000, codel: {} })],
];
const LOSSES = [0, 0.0001, 0.001, 0.01, 0.05];
const RTTS_MS = [10, 50, 100, 200];

const HEAD =
  "cc     queue    loss     RTT ms   goodput Mbit/s  share %  resent %  timeouts  cwnd  queue ms";

interface Cell {
  readonly congestion: Profile["congestion"];
  readonly queue: (typeof QUEUES)[number];
  readonly p: number;
  readonly rttMs: number;
}

/** One line of the table. */
function row({ congestion, queue: [name, queueOf], p, rttMs }: Cell): string {
  const rttNs = rttMs * MS;
  const run = runFlows({
    flows: [{ congestion, rttNs }],
    bottleneck: {
      bitsPerSecond: RATE,
      queue: queueOf(bdpPackets(RATE, rttNs)),
      loss: { name: "uniform", p },
    },
    seed: 1,
    fromNs: FROM_NS,
    untilNs: FROM_NS + 8 * SECOND * TIMES,
  });
  const { goodput = 0, resent = 0, timeouts = 0, meanCwnd = 0 } = run.flows[0] ?? {};
  return [
    congestion.padEnd(6),
    name.padEnd(8),
    `${p * 100} %`.padEnd(8),
    String(rttMs).padStart(6),
    (goodput / 1e6).toFixed(3).padStart(16),
    ((100 * goodput) / RATE).toFixed(1).padStart(8),
    (100 * resent).toFixed(2).padStart(9),
    String(timeouts).padStart(9),
    meanCwnd.toFixed(1).padStart(7),
    (run.meanQueueNs / MS).toFixed(1).padStart(9),
  ].join(" ");
}

test(
  "the goodput table",
  async () => {
    const lines = [
      `One flow on ${RATE / 1e6} Mbit/s, ${8 * TIMES} seconds after the first 2.`,
      "",
      HEAD,
    ];
    for (const congestion of CONTROLS)
      for (const queue of QUEUES)
        for (const p of LOSSES)
          for (const rttMs of RTTS_MS) lines.push(row({ congestion, queue, p, rttMs }));
    const file = TIMES === 1 ? "goodput.txt" : `goodput-${TIMES}.txt`;
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(file);
    expect(lines).toHaveLength(3 + 2 * 3 * 5 * 4);
  },
  180_000 * TIMES,
);
