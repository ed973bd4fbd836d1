import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { startTransfer, twoHosts } from "../../testing/two-hosts.ts";
import type { LaneOptions } from "../link/lane-options.ts";
import type { LinkOptions } from "../link/link.ts";
import { freebsd, generic, linux } from "../tcp/profile.ts";

const MS = 1e6;
const SECOND = 1e9;

/** Longer than any timer of TCP goes on for one segment. */
const LONG = 48 * 3600 * SECOND;

/** Who only reads asks in the end whether the other one is still there. */
const keepAlive = { idleNs: 3600 * SECOND, intervalNs: 75 * SECOND, count: 9 };

/** Configurations that are tried. */
const RUNS = 150;

/** `value` in some of the cases, else nothing. */
function some<T>(prng: Prng, p: number, value: () => T): T | undefined {
  return prng.chance(p) ? value() : undefined;
}

/** Any lane through which something gets. */
function lane(prng: Prng): LaneOptions {
  const ms = (max: number): number => prng.unit() * max * MS;
  const codel = some(prng, 0.3, () => ({}));
  const packets = 1 + prng.below(100);
  return {
    bitsPerSecond: some(prng, 0.6, () => 10 ** (5 + prng.unit() * 4)),
    delayNs: ms(prng.chance(0.2) ? 500 : 40),
    jitterNs: some(prng, 0.3, () => ms(50)),
    queue: some(prng, 0.6, () => ({ packets, codel, ecn: prng.chance(0.5) })),
    loss: some(prng, 0.5, () =>
      prng.chance(0.5)
        ? { name: "uniform", p: prng.unit() * 0.3 }
        : { name: "bursts", toBad: prng.unit() * 0.03, toGood: 0.1 + prng.unit() * 0.9 },
    ),
    reorder: some(prng, 0.3, () => ({ p: prng.unit() * 0.3, byNs: ms(60) })),
    duplicate: some(prng, 0.3, () => prng.unit() * 0.3),
    corrupt: some(prng, 0.2, () => prng.unit() * 0.1),
    mtu: some(prng, 0.2, () => 300 + prng.below(1200)),
  };
}

function linkOf(prng: Prng, seed: number): LinkOptions {
  return { seed, ...lane(prng), back: lane(prng) };
}

/** How a transfer over random link number `seed` ends; `"well"` if as it must. */
function outcome(seed: number): string {
  const prng = new Prng(seed);
  const link = linkOf(prng, seed);
  const profile = [linux, freebsd, generic][prng.below(3)]!;
  const hosts = twoHosts(link, { profile, options: { keepAlive } });
  const up = prng.below(120_000);
  const down = prng.below(40_000);
  const { client, server } = startTransfer(hosts, { up, down });
  if (hosts.sim.run(LONG) !== "quiet") return "timers without end";
  if (hosts.client.connections + hosts.server.connections > 0) return "connections left";
  if (hosts.link.forth.underWay + hosts.link.back.underWay > 0) return "packets left";
  const isWhole = client.received === down && server.received === up;
  const ends = [...client.events, ...server.events].filter((event) => event !== "connected");
  if (isWhole && ends.join() === "closed well,closed well") return "well";
  // A connection may fail on a bad link, if it says so: by its retries, or by the RST of one that did.
  const isTold = ends.some((event) => event === "closed timeout" || event === "closed reset");
  return isTold ? "well" : `${client.received}/${down} ${server.received}/${up} ${ends.join()}`;
}

test("on any link every byte arrives once and in order, or the connection says that it failed", () => {
  const outcomes = Array.from({ length: RUNS }, (_, seed) => `${seed}: ${outcome(seed)}`);
  expect(outcomes.filter((text) => !text.endsWith(": well"))).toEqual([]);
});
