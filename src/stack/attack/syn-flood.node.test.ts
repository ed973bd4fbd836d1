/** A SYN flood of a million: too long for a browser's test. */
import { expect, test } from "vitest";
import { AttackedHost, NOTHING_LEFT } from "../../testing/attacked-host.ts";
import { SynFlood } from "../../testing/syn-flood.ts";

const MILLION = 1_000_000;

test("a million SYNs: bounded half-open connections, one answer each, nothing left", () => {
  const rig = new AttackedHost();
  const listener = rig.host.listen("0.0.0.0", 80);
  const flood = new SynFlood();
  let most = 0;
  for (let i = 0; i < MILLION; i++) {
    // A hundred thousand a second.
    rig.nowNs += 10_000;
    rig.gets(flood.next());
    most = Math.max(most, rig.host.connections);
  }
  expect([most, listener.tcp.halfOpen]).toEqual([1024, 1024]);
  expect(rig.host.counters.gaveWay).toBe(MILLION - 1024);
  expect([rig.sentPackets, rig.host.counters.received]).toEqual([MILLION, MILLION]);
  rig.runUntil(rig.nowNs + 3600e9);
  expect(rig.left).toEqual(NOTHING_LEFT);
}, 300_000);
