import { expect, test } from "vitest";
import { Simulation, type Driven } from "./simulation.ts";

const MS = 1e6;

/** Works at the times given, and writes them down. */
function worker(sim: Simulation, times: readonly number[], log: string[], name: string): Driven {
  const left = [...times];
  return {
    pollAt: () => left[0] ?? Infinity,
    poll: () => void log.push(`${name}@${sim.nowNs}: ${left.shift()}`),
  };
}

test("time jumps from event to event; what is late is done now", () => {
  const sim = new Simulation();
  const log: string[] = [];
  sim.add(worker(sim, [5, 10, 3], log, "a"));
  sim.add(worker(sim, [-Infinity, 10], log, "b"));
  expect(sim.run()).toBe("quiet");
  expect(log).toEqual(["b@0: -Infinity", "a@5: 5", "a@10: 10", "b@10: 10", "a@10: 3"]);
});

test("a deadline stops it, and it can go on", () => {
  const sim = new Simulation();
  const log: string[] = [];
  sim.add(worker(sim, [5, 10], log, "a"));
  expect(sim.run(7)).toBe("deadline");
  expect([sim.nowNs, log.length]).toEqual([7, 1]);
  expect(sim.run(10)).toBe("quiet");
  expect(sim.step()).toBe(false);
  expect(sim.nowNs).toBe(10);
});

test("it is a clock: timers fire in the order of time, then of their making", () => {
  const sim = new Simulation();
  const log: string[] = [];
  sim.after(2, () => log.push(`two @${sim.now()}`));
  sim.after(1, () => {
    log.push(`one @${sim.now()}`);
    sim.after(0, () => log.push("at once"));
    sim.after(-5, () => log.push("never in the past"));
  });
  const cancel = sim.after(1.5, () => log.push("no"));
  cancel();
  cancel();
  sim.after(2, () => log.push("two, too"));
  sim.run();
  expect(log).toEqual(["one @1", "at once", "never in the past", "two @2", "two, too"]);
  expect(sim.nowNs).toBe(2 * MS);
});

test("work without end at one time is a mistake that is told", () => {
  const sim = new Simulation();
  sim.add({ pollAt: () => 0, poll: () => {} });
  expect(() => sim.run()).toThrow("there is no end of work");
});
