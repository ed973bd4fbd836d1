import { expect, test } from "vitest";
import { measureClock, monotonicClock, realtimeNs } from "./clock.ts";

const NS_PER_MS = 1_000_000n;

test("the packets' clock is the wall clock, and goes on", () => {
  const before = BigInt(Date.now()) * NS_PER_MS;
  const first = realtimeNs();
  const second = realtimeNs();
  const after = BigInt(Date.now() + 1) * NS_PER_MS;
  expect(first).toBeGreaterThanOrEqual(before);
  expect(second).toBeGreaterThanOrEqual(first);
  expect(second).toBeLessThanOrEqual(after);
});

test("its error is measured and stated", () => {
  const { kind, source, errorNs } = measureClock();
  expect(kind).toBe("clock");
  expect(["clock_gettime", "performance.now"]).toContain(source);
  expect(errorNs).toBeGreaterThan(0);
});

test("without koffi the clock stands as far off as it says", () => {
  const clock = monotonicClock();
  const before = realtimeNs();
  const read = clock.now();
  const after = realtimeNs();
  const error = BigInt(clock.offsetErrorNs());
  expect(read).toBeGreaterThanOrEqual(before - error);
  expect(read).toBeLessThanOrEqual(after + error);
});
