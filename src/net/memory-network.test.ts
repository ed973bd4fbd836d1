import { expect, test } from "vitest";
import { codeOf, isPending, RelaySink } from "../testing/conn-pair.ts";
import { testConn } from "../testing/conn-suite.ts";
import { testListener } from "../testing/listener-suite.ts";
import { REAL_CLOCK } from "../testing/real-clock.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Calls } from "./calls.ts";
import { MemoryNetwork } from "./memory-network.ts";

const relay = new RelaySink();
const network = new MemoryNetwork({ clock: REAL_CLOCK, calls: new Calls(relay) });
const observe = (sink: Parameters<RelaySink["add"]>[0]): (() => void) => relay.add(sink);

testListener("a network in memory", network, {
  addresses: ["127.0.0.1:0", ":0", "localhost:0", "[::1]:0", { port: 0 }, "0.0.0.0:0"],
  unknownHost: "no-such-host.invalid",
  observe,
  async makeSilent() {
    const listener = await network.listen("127.0.0.1:0", { backlog: 0 });
    return { address: listener.addr, stop: () => listener.close() };
  },
});

testConn(
  "a network in memory",
  async () => {
    await using listener = await network.listen(":0");
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

test("who listens on any address has the port of all", async () => {
  const net = new MemoryNetwork();
  await net.listen("0.0.0.0:80");
  expect(await codeOf(net.listen("127.0.0.1:80"))).toBe("in-use");
  expect(await codeOf(net.listen("[::1]:http"))).toBe("ok");
  expect(await codeOf(net.listen(":80"))).toBe("in-use");
  expect(await codeOf(net.dial("10.1.2.3:80"))).toBe("ok");
  expect(await codeOf(net.dial("[::2]:80"))).toBe("refused");
  expect(await codeOf(net.dial(":80"))).toBe("ok");
});

test("a dial waits while the listener's queue is full", async () => {
  const clock = new VirtualClock();
  const net = new MemoryNetwork({ clock });
  const listener = await net.listen(":80", { backlog: 1 });
  await net.dial(":80");
  const second = net.dial(":80");
  const third = codeOf(net.dial(":80", { timeoutMs: 100 }));
  expect(await isPending(second)).toBe(true);
  await listener.accept();
  await second;
  clock.advance(99);
  expect(await isPending(third)).toBe(true);
  clock.advance(1);
  expect(await third).toBe("timeout");
  const fourth = codeOf(net.dial(":80"));
  await isPending(fourth);
  listener.close();
  expect(await fourth).toBe("refused");
  expect(clock.pending).toBe(0);
});

test("a dial that was given up connects to nobody later", async () => {
  const net = new MemoryNetwork();
  const listener = await net.listen(":80", { backlog: 1 });
  await net.dial(":80");
  const controller = new AbortController();
  const dial = codeOf(net.dial(":80", controller));
  expect(await isPending(dial)).toBe(true);
  controller.abort();
  expect(await dial).toBe("aborted");
  await listener.accept();
  expect(await isPending(listener.accept())).toBe(true);
});

test("a dial that succeeded leaves no timer", async () => {
  const clock = new VirtualClock();
  const net = new MemoryNetwork({ clock });
  const listener = await net.listen(":80", { backlog: 1 });
  await net.dial(":80", { timeoutMs: 100 });
  expect(clock.pending).toBe(0);
  const waiting = net.dial(":80", { timeoutMs: 2 ** 40 });
  await isPending(waiting);
  expect(clock.pending).toBe(1);
  await listener.accept();
  await waiting;
  expect(clock.pending).toBe(0);
});
