import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { Arrivals, type Arrival } from "./arrivals.ts";

test("what was pushed in any order leaves as a sort would have it", () => {
  const prng = new Prng(5);
  const arrivals = new Arrivals();
  const kept: Arrival[] = [];
  const packet = new Uint8Array(0);
  const left: (Arrival | null)[] = [];
  const sorted: (Arrival | null)[] = [];
  for (let serial = 0; serial < 3000; serial++) {
    const arrival = { packet, id: serial, atNs: prng.below(200), serial };
    arrivals.push(arrival);
    kept.push(arrival);
    if (!prng.chance(0.5)) continue;
    left.push(arrivals.shift());
    kept.sort((a, b) => a.atNs - b.atNs || a.serial - b.serial);
    sorted.push(kept.shift() ?? null);
  }
  expect(left).toEqual(sorted);
  expect(arrivals.length).toBe(kept.length);
});

test("nothing leaves an empty one", () => {
  const arrivals = new Arrivals();
  expect(arrivals.first).toBe(null);
  expect(arrivals.shift()).toBe(null);
});
