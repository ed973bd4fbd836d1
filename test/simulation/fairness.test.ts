/**
 * How flows share a bottleneck. `shares.txt` has what was measured.
 *
 * @module
 */
import { expect, test } from "vitest";
import type { Profile } from "../../src/stack/tcp/profile.ts";
import { bdpPackets, runFlows, type FlowInit } from "./run-flows.ts";

const MS = 1e6;
const SECOND = 1e9;
const RATE = 10e6;
const RTT_NS = 50 * MS;

/** Of Jain: 1 when all get the same, 1/n when one gets all. */
function jain(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  return sum ** 2 / (shares.length * shares.reduce((a, b) => a + b * b, 0));
}

/** What flows get in the second half of a minute, in Mbit/s; each begins half a second after the one before. */
function share(flows: readonly FlowInit[], codel: boolean = false): number[] {
  const packets = Math.round(bdpPackets(RATE, RTT_NS));
  const queue = codel ? { packets: 1000, codel: {} } : { packets };
  const run = runFlows({
    flows: flows.map((flow, i) => ({ ...flow, startNs: i * (SECOND / 2) })),
    bottleneck: { bitsPerSecond: RATE, queue },
    seed: 1,
    fromNs: 30 * SECOND,
    untilNs: 60 * SECOND,
  });
  return run.flows.map(({ goodput }) => goodput / 1e6);
}

const flow = (congestion: Profile["congestion"], rttMs: number = RTT_NS / MS): FlowInit => ({
  congestion,
  rttNs: rttMs * MS,
});
const some = (n: number, congestion: Profile["congestion"]): FlowInit[] =>
  Array.from({ length: n }, () => flow(congestion));

const CASES: readonly (readonly [string, readonly FlowInit[], boolean])[] = [
  ["two of reno", some(2, "reno"), false],
  ["two of cubic", some(2, "cubic"), false],
  ["two of reno, CoDel", some(2, "reno"), true],
  ["two of cubic, CoDel", some(2, "cubic"), true],
  ["ten of reno", some(10, "reno"), false],
  ["ten of cubic", some(10, "cubic"), false],
];

const line = (name: string, shares: readonly number[]): string =>
  `${name.padEnd(28)} ${jain(shares).toFixed(3)}  ${shares.map((mbit) => mbit.toFixed(2)).join(" ")}`;

test("who has the same round trip gets the same: Jain's index above 0.95", async () => {
  const shares = CASES.map(([name, flows, codel]) => ({ name, got: share(flows, codel) }));
  const others = [
    { name: "reno, cubic", got: share([flow("reno"), flow("cubic")]) },
    { name: "reno of 50 and 100 ms", got: share([flow("reno"), flow("reno", 100)]) },
    { name: "cubic of 50 and 100 ms", got: share([flow("cubic"), flow("cubic", 100)]) },
  ];
  const text = [
    `Flows on ${RATE / 1e6} Mbit/s with a queue of one bandwidth-delay product at ${RTT_NS / MS} ms, or CoDel: Jain's index and Mbit/s.`,
    "",
    ...shares.map(({ name, got }) => line(name, got)),
    "",
    "Not the same, and no bar:",
    "",
    ...others.map(({ name, got }) => line(name, got)),
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("shares.txt");
  expect(shares.filter(({ got }) => jain(got) <= 0.95)).toEqual([]);
}, 240_000);
