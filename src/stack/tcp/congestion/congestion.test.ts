import { expect, test } from "vitest";
import { generic } from "../profile.ts";
import type { CongestionControl } from "./congestion-control.ts";
import { Cubic } from "./cubic.ts";
import { Reno } from "./reno.ts";

const MSS = 1000;
const RTT_NS = 100e6;

/** One round trip in which the whole window is acknowledged, a segment at a time. */
function round(cc: CongestionControl, nowNs: number): void {
  const { cwnd } = cc;
  for (let acked = 0; acked < cwnd; acked += MSS) {
    cc.onAck({ nowNs, ackedBytes: MSS, flight: cwnd, srttNs: RTT_NS, isCwndLimited: true });
  }
}

test.each([
  ["reno", () => new Reno(MSS, generic)],
  ["cubic", () => new Cubic(MSS, generic)],
] as const)(
  "%s doubles a round trip in slow start, and not unless its window is used",
  (_, make) => {
    const cc = make();
    round(cc, 0);
    expect(cc.cwnd).toBe(20 * MSS);
    cc.onAck({ nowNs: 1, ackedBytes: MSS, flight: MSS, srttNs: RTT_NS, isCwndLimited: false });
    expect(cc.cwnd).toBe(20 * MSS);
  },
);

test("reno: half, and then a segment a round trip (RFC 5681 §3.1)", () => {
  const cc = new Reno(MSS, generic);
  cc.onCongestion(10 * MSS);
  expect([cc.cwnd, cc.ssthresh]).toEqual([5 * MSS, 5 * MSS]);
  for (let i = 1; i <= 4; i++) {
    round(cc, i * RTT_NS);
    expect(cc.cwnd).toBe((5 + i) * MSS);
  }
  cc.onTimeout(9 * MSS);
  expect([cc.cwnd, cc.ssthresh]).toEqual([MSS, 4500]);
});

test("cubic: to 0.7, back to W_max after K seconds, and past it (RFC 9438 §4.2)", () => {
  const cc = new Cubic(MSS, generic);
  while (cc.cwnd < 1000 * MSS) round(cc, 0);
  const wMax = cc.cwnd / MSS;
  cc.onCongestion(cc.cwnd);
  expect(cc.cwnd / MSS).toBeCloseTo(0.7 * wMax, 0);
  const k = Math.cbrt((wMax * 0.3) / 0.4);
  let nowNs = 0;
  for (; nowNs < k * 1e9; nowNs += RTT_NS) round(cc, nowNs);
  expect(cc.cwnd / MSS / wMax).toBeGreaterThan(0.98);
  expect(cc.cwnd / MSS / wMax).toBeLessThan(1.02);
  for (; nowNs < 2 * k * 1e9; nowNs += RTT_NS) round(cc, nowNs);
  expect(cc.cwnd / MSS).toBeGreaterThan(wMax * 1.2);
});

test("cubic in a small window is as fast as reno (RFC 9438 §4.3)", () => {
  const cc = new Cubic(MSS, generic);
  cc.onCongestion(10 * MSS);
  const before = cc.cwnd;
  for (let i = 0; i < 20; i++) round(cc, i * 10e6);
  expect((cc.cwnd - before) / MSS).toBeGreaterThan(8);
});

test("both fall back to the initial window after an idle time, and no lower than a segment", () => {
  for (const cc of [new Reno(MSS, generic), new Cubic(MSS, generic)]) {
    round(cc, 0);
    cc.onIdle();
    expect(cc.cwnd).toBe(10 * MSS);
    cc.onTimeout(MSS);
    cc.onMss(9000);
    expect(cc.cwnd).toBe(9000);
  }
});
