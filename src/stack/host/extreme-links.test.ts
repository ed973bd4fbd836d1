/** Links that hardly are any: all of it arrives once and in order, or the right error does. */
import { expect, test } from "vitest";
import { startTransfer, twoHosts, type TwoHosts } from "../../testing/two-hosts.ts";
import type { LinkOptions } from "../link/link.ts";

const MS = 1e6;
const SECOND = 1e9;
const LONG = 7 * 24 * 3600 * SECOND;

function expectNothingLeft({ sim, client, server, link }: TwoHosts): void {
  expect([client.connections, server.connections, sim.nextNs]).toEqual([0, 0, Infinity]);
  expect([link.forth.underWay, link.back.underWay]).toEqual([0, 0]);
}

const ARRIVES: readonly [string, LinkOptions][] = [
  ["up to ten seconds more for each packet, by chance", { jitterNs: 10 * SECOND }],
  ["ten seconds away, and ten more by chance", { delayNs: 10 * SECOND, jitterNs: 10 * SECOND }],
  ["every packet twice", { duplicate: 1 }],
  ["every packet behind those that follow", { reorder: { p: 1, byNs: 500 * MS } }],
  [
    "half of them behind a thousand others",
    { bitsPerSecond: 1e8, reorder: { p: 0.5, byNs: 100 * MS } },
  ],
  ["half of them lost", { loss: { name: "uniform", p: 0.5 } }],
  ["half of them with a wrong bit", { corrupt: 0.5 }],
  ["a queue of one packet", { bitsPerSecond: 1e6, queue: { packets: 1 } }],
  ["packets of 100 bytes", { mtu: 100 }],
];

test.each(ARRIVES)("%s", (_, link) => {
  const hosts = twoHosts({ seed: 5, delayNs: MS, ...link });
  const { client, server } = startTransfer(hosts, { up: 50_000, down: 20_000 });
  expect(hosts.sim.run(LONG)).toBe("quiet");
  expect([client.received, server.received]).toEqual([20_000, 50_000]);
  expectNothingLeft(hosts);
});

test.each([0.8, 0.9, 0.95])("%d of all lost: arrived or timed out, at both ends", (p) => {
  for (let seed = 1; seed <= 10; seed++) {
    const hosts = twoHosts({ seed, delayNs: MS, loss: { name: "uniform", p } });
    const { client, server } = startTransfer(hosts, { up: 5000, down: 5000 });
    expect(hosts.sim.run(LONG)).toBe("quiet");
    for (const user of [client, server]) {
      const isWhole = user.received === 5000;
      expect(isWhole || !user.events.includes("closed well")).toBe(true);
    }
    expectNothingLeft(hosts);
  }
});
