import { afterAll, expect, test } from "vitest";
import { codeOf, RelaySink } from "../testing/conn-pair.ts";
import { testConn } from "../testing/conn-suite.ts";
import { testListener } from "../testing/listener-suite.ts";
import { REAL_CLOCK } from "../testing/real-clock.ts";
import { SimulationPump } from "./simulation-pump.ts";
import { twoHosts } from "../testing/two-hosts.ts";
import { Loopback } from "../stack/device/loopback.ts";
import { Host } from "../stack/host/host.ts";
import type { LinkOptions } from "../stack/link/link.ts";
import { linux } from "../stack/tcp/profile.ts";
import { Calls } from "./calls.ts";
import { StackNetwork } from "./stack-network.ts";
import type { Network } from "./types.ts";

const MS = 1e6;
const SECOND = 1e9;

/** At 20 % loss each way a handshake of seven attempts fails once in a thousand, at either end. */
const PATIENT = { ...linux, synRetries: 15, synAckRetries: 15 };

/** Who only reads hears of a RST that was lost by asking. */
const keepAlive = { idleNs: 600 * SECOND, intervalNs: SECOND, count: 30 };

const relay = new RelaySink();
const observe = (sink: Parameters<RelaySink["add"]>[0]): (() => void) => relay.add(sink);

/** One network of two hosts: it listens on one and dials from the other. */
function networkOver(link: LinkOptions): Network {
  const { sim, client, server } = twoHosts(link, { profile: PATIENT, options: { keepAlive } });
  const pump = new SimulationPump(sim);
  afterAll(() => pump.stop());
  const driver = { nowNs: () => sim.nowNs, wake: () => pump.wake() };
  const shared = { ...driver, clock: REAL_CLOCK, calls: new Calls(relay) };
  const listens = new StackNetwork({ ...shared, host: server });
  const dials = new StackNetwork({ ...shared, host: client });
  return {
    listen: (address, options) => listens.listen(address, options),
    dial: (address, options) => dials.dial(address, options),
  };
}

const LINKS: readonly [string, LinkOptions][] = [
  ["a clean link", { delayNs: 10 * MS }],
  ["a link that loses 20 %", { delayNs: 10 * MS, seed: 5, loss: { name: "uniform", p: 0.2 } }],
];

for (const [name, link] of LINKS) {
  const network = networkOver(link);

  testListener(`our stack on ${name}`, network, {
    addresses: ["10.0.0.2:0", "[2001:db8::2]:0"],
    unknownHost: "no-such-host.invalid",
    observe,
  });

  testConn(
    `our stack on ${name}`,
    async () => {
      await using listener = await network.listen("10.0.0.2:0");
      const [a, b] = await Promise.all([network.dial(listener.addr), listener.accept()]);
      const stop = async (): Promise<void> => {
        a.close();
        b.close();
        await Promise.all([a.closed, b.closed]);
      };
      return { a, b, stop };
    },
    { observe },
  );
}

/** A network of one host, on the virtual clock alone. */
function alone(link: LinkOptions): { readonly network: Network; readonly stop: () => void } {
  const { sim, client } = twoHosts(link);
  const pump = new SimulationPump(sim);
  const driver = { nowNs: () => sim.nowNs, wake: () => pump.wake() };
  const network = new StackNetwork({ ...driver, host: client, clock: pump });
  return { network, stop: () => pump.stop() };
}

test("a dial that nobody answers ends when its time is over, or the stack gives up", async () => {
  const { network, stop } = alone({ delayNs: MS });
  expect(await codeOf(network.dial("10.0.0.9:80", { timeoutMs: 20 }))).toBe("timeout");
  expect(await codeOf(network.dial("10.0.0.9:80"))).toBe("timeout");
  stop();
});

test("a dial that nobody answers can be given up", async () => {
  const { network, stop } = alone({ delayNs: MS });
  const controller = new AbortController();
  const dial = codeOf(network.dial("10.0.0.9:80", controller));
  controller.abort();
  expect(await dial).toBe("aborted");
  stop();
});

test("a dial where no address leads is unreachable, a listen elsewhere no address", async () => {
  const { client } = twoHosts();
  const host = new Host({ addresses: ["10.0.0.1"], device: new Loopback(), profile: linux });
  const driver = { nowNs: () => 0, wake() {}, clock: REAL_CLOCK };
  const four = new StackNetwork({ ...driver, host });
  expect(await codeOf(four.dial("[2001:db8::2]:80"))).toBe("unreachable");
  const both = new StackNetwork({ ...driver, host: client });
  expect(await codeOf(both.listen("10.0.0.77:80"))).toBe("bad-address");
  expect(await codeOf(both.listen("localhost:80"))).toBe("ok");
});
