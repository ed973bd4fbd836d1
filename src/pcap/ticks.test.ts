import fc from "fast-check";
import { expect, test } from "vitest";
import { TickClock, ticksPerSecond } from "./ticks.ts";

const word = fc.integer({ min: 0, max: 0xffff_ffff });

function set(clock: TickClock, resol: number, high: number, low: number): void {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  clock.read(resol, view, 0, false);
}

test("every resolution gives the seconds and nanoseconds that big integers give", () => {
  const clock = new TickClock(); // one for all runs: what it keeps from the last count must not show
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), word, word, (resol, high, low) => {
      set(clock, resol, high, low);
      const count = (BigInt(high) << 32n) + BigInt(low);
      const ticks = ticksPerSecond(resol);
      const sec = Number(count / ticks);
      // Beyond 2^53 doubles are not exact, and the reader does not hand such times over.
      expect(Math.abs(clock.sec - sec)).toBeLessThanOrEqual(
        Number.isSafeInteger(sec) ? 0 : sec / 2 ** 50,
      );
      expect(clock.nsec).toBe(Number(((count % ticks) * 1_000_000_000n) / ticks));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  [9, 1_795_346_848_968_662_988n, 1_795_346_848, 968_662_988],
  [6, 1_795_346_848_968_662n, 1_795_346_848, 968_662_000],
  [0x80 + 20, 1n << 20n, 1, 0],
  [0, 1_795_346_848n, 1_795_346_848, 0],
  [127, 0xffff_ffff_ffff_ffffn, 0, 0],
])("if_tsresol %i, count %i", (resol, count, sec, nsec) => {
  const clock = new TickClock();
  set(clock, resol, Number(count >> 32n), Number(count & 0xffff_ffffn));
  expect([clock.sec, clock.nsec]).toEqual([sec, nsec]);
});
