import fc from "fast-check";
import { expect, test } from "vitest";
import { rankOf, RttHistograms } from "./rtt.ts";

test("a percentile is within 6.25 % of the sample of its rank, or within 64 ns", () => {
  const times = fc.array(fc.double({ min: 1, max: 1.3e11, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
      const histograms = new RttHistograms();
      const histogram = histograms.take();
      for (const ns of samples) histograms.add(histogram, ns);
      const rank = rankOf(share, samples.length);
      const exact = samples.toSorted((a, b) => a - b)[rank - 1]!;
      const wrong = Math.abs(histograms.valueAt(histogram, rank) - exact);
      expect(wrong).toBeLessThanOrEqual(Math.max(64, exact * 0.0625 + 64));
    }),
  );
});

test("a histogram that was given back is empty when it is taken again", () => {
  const histograms = new RttHistograms();
  const first = histograms.take();
  histograms.add(first, 1e6);
  histograms.giveBack(first);
  expect(histograms.take()).toBe(first);
  histograms.add(first, 1e3);
  expect(histograms.valueAt(first, 1)).toBeLessThan(2000);
});

test("hours are counted as the longest there is", () => {
  const histograms = new RttHistograms();
  const histogram = histograms.take();
  histograms.add(histogram, 1e15);
  expect(histograms.valueAt(histogram, 1)).toBeGreaterThan(1e11);
});
