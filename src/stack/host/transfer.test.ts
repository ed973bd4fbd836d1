import { expect, test } from "vitest";
import { startTransfer, twoHosts, type TwoHosts } from "../../testing/two-hosts.ts";
import type { LinkOptions } from "../link/link.ts";
import { freebsd } from "../tcp/profile.ts";
import type { Probe } from "../types.ts";

const MS = 1e6;
const SECOND = 1e9;
/** Long enough for every timer of a connection, TIME-WAIT too. */
const LONG = 3600 * SECOND;

/** Nothing is left: no connection, no timer, no packet. */
function expectEmpty({ sim, client, server, link }: TwoHosts): void {
  expect(sim.nextNs).toBe(Infinity);
  expect([client.connections, server.connections]).toEqual([0, 0]);
  expect([link.forth.underWay, link.back.underWay]).toEqual([0, 0]);
}

const WELL = ["connected", "closed well"];

test("a connection from its SYN to the end of TIME-WAIT on a clean link", () => {
  const hosts = twoHosts({ delayNs: 10 * MS });
  const { client, server, socket } = startTransfer(hosts, { up: 100_000, down: 50_000 });
  expect(hosts.sim.run(LONG)).toBe("quiet");
  expect([client.received, server.received]).toEqual([50_000, 100_000]);
  expect([client.events, server.events]).toEqual([WELL, WELL]);
  expect(socket.endpoint.state).toBe("CLOSED");
  expectEmpty(hosts);
});

const LINKS: readonly [string, LinkOptions][] = [
  ["uniform loss of 5 %", { loss: { name: "uniform", p: 0.05 } }],
  ["uniform loss of 20 %", { loss: { name: "uniform", p: 0.2 } }],
  ["bursts of loss", { loss: { name: "bursts", toBad: 0.01, toGood: 0.3 } }],
  ["reordering", { bitsPerSecond: 100e6, reorder: { p: 0.1, byNs: MS } }],
  ["jitter", { jitterNs: 20 * MS }],
  ["duplicates", { duplicate: 0.2 }],
  ["corruption", { corrupt: 0.05 }],
  ["a short queue", { bitsPerSecond: 10e6, queue: { packets: 20 } }],
  ["a short queue in bytes", { bitsPerSecond: 10e6, queue: { bytes: 30_000 } }],
  ["CoDel", { bitsPerSecond: 10e6, queue: { packets: 100, codel: {} } }],
  ["a narrow way", { mtu: 600 }],
  ["a narrow way back", { back: { mtu: 576 } }],
  ["a slow way back", { bitsPerSecond: 20e6, back: { bitsPerSecond: 200e3 } }],
  [
    "everything at once",
    {
      bitsPerSecond: 20e6,
      jitterNs: 2 * MS,
      queue: { packets: 50, codel: {} },
      loss: { name: "bursts", toBad: 0.01, toGood: 0.3 },
      reorder: { p: 0.02, byNs: 3 * MS },
      duplicate: 0.02,
      corrupt: 0.01,
    },
  ],
];

test.each(LINKS)("every byte arrives once and in order: %s", (_, link) => {
  const hosts = twoHosts({ delayNs: 5 * MS, ...link });
  const { client, server } = startTransfer(hosts, { up: 300_000, down: 100_000 });
  expect(hosts.sim.run(LONG)).toBe("quiet");
  expect([client.received, server.received]).toEqual([100_000, 300_000]);
  expect([client.events, server.events]).toEqual([WELL, WELL]);
  expectEmpty(hosts);
});

test.each(["2001:db8::2", "10.0.0.2"])("over either version of IP: %s", (to) => {
  const hosts = twoHosts({ delayNs: MS, mtu: 1300 });
  const { client, server } = startTransfer(hosts, { up: 200_000, down: 200_000, to });
  hosts.sim.run(LONG);
  expect([client.received, server.received]).toEqual([200_000, 200_000]);
  expectEmpty(hosts);
});

/** What the probe saw, and every packet that arrived. */
function journal(seed: number): string[] {
  const log: string[] = [];
  const hosts = twoHosts({
    seed,
    delayNs: 5 * MS,
    loss: { name: "uniform", p: 0.1 },
    corrupt: 0.02,
    probe: ({ name, id, atNs, packet }) => log.push(`${name} ${id} @${atNs} ${packet.join(",")}`),
  });
  startTransfer(hosts, { up: 30_000, down: 30_000 });
  hosts.sim.run(LONG);
  return log;
}

test("the same seed gives the same run to the byte", () => {
  expect(journal(3)).toEqual(journal(3));
  expect(journal(3)).not.toEqual(journal(4));
});

test("a host talks to itself without a link, in packets as long as IP can say", () => {
  const hosts = twoHosts({ loss: { name: "uniform", p: 1 } });
  const same = { ...hosts, client: hosts.server };
  const { client, server, socket } = startTransfer(same, { up: 1e6, down: 10, to: "127.0.0.1" });
  hosts.sim.run(LONG);
  expect([client.received, server.received]).toEqual([10, 1e6]);
  expect(socket.endpoint.status().advMss).toBe(65_495);
  expect(hosts.link.forth.counters.offered + hosts.link.back.counters.offered).toBe(0);
  expectEmpty(hosts);
});

test("without checksums nothing is written, and nothing looked at", () => {
  const hosts = twoHosts({ delayNs: MS }, { checksums: false });
  const { server } = startTransfer(hosts, { up: 100_000, down: 0 });
  hosts.sim.run(LONG);
  expect(server.received).toBe(100_000);
  expectEmpty(hosts);
});

test("a link that is cut ends the connection by a timeout, and nothing is left", () => {
  const hosts = twoHosts({ loss: { name: "uniform", p: 1 } });
  const { client, server } = startTransfer(hosts, { up: 10, down: 10 });
  hosts.sim.run(LONG);
  expect([client.events, server.events]).toEqual([["closed timeout"], []]);
  expectEmpty(hosts);
});

// While the FIN of who has nothing to send is on its way, all that it acknowledges comes with that FIN again.
test("a stack that repeats its FIN with each ACK is heard: no timeout where nothing was lost", () => {
  const timers: string[] = [];
  const probe: Probe = { onDecision: (d) => d.type === "timer" && timers.push(d.timer) };
  const link = { bitsPerSecond: 10e6, delayNs: 10 * MS, queue: { packets: 20 } };
  const hosts = twoHosts(link, { profile: freebsd, probe });
  const { client } = startTransfer(hosts, { up: 0, down: 1_000_000 });
  expect(hosts.sim.run(LONG)).toBe("quiet");
  expect(client.received).toBe(1_000_000);
  expect(timers).toEqual(["time-wait"]);
});
