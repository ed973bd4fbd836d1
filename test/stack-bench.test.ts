/** What `bench/stack.ts` starts still runs: what is compiled is called by names that no compiler checks there. */
import { expect, test } from "vitest";
import { runBulk, runMany } from "../bench/stack/ours.ts";

test.each(["endpoints", "hosts", "loopback"] as const)("a transfer over %s ends", (over) => {
  const bytes = 200_000;
  const checksums = over === "hosts";
  const done = runBulk({ over, mss: 1460, bytes, checksums, buffer: 65_535 });
  expect(done.bytes).toBe(bytes);
  expect(done.cpuS).toBeGreaterThan(0);
  expect(done.segments).toBeGreaterThan(3);
});

test("many connections are opened, talk and end", () => {
  const { phases, memory } = runMany({ count: 50, turns: 2 });
  // SYN, SYN-ACK, ACK; FIN, ACK, FIN, ACK, of which two may be one.
  expect(phases.open.segments).toBe(150);
  expect(phases.close.segments).toBeGreaterThanOrEqual(150);
  expect(Object.keys(memory)).toContain("server");
});
