import { expect, test } from "vitest";
import { Lane } from "./lane.ts";
import type { LaneOptions } from "./lane-options.ts";
import type { LinkEvent } from "./link-event.ts";

const MS = 1e6;
/** 1000 bytes take 1 ms. */
const ONE_MS_EACH = 8e6;

/** A packet of IPv4, numbered; `ecn` 2 is ECT(0). */
function packet(number: number, length: number = 1000, ecn: number = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = 0x45;
  bytes[1] = ecn;
  bytes[length - 1] = number & 255;
  return bytes;
}

const numberOf = (bytes: Uint8Array): number => bytes.at(-1)!;

/** Polls when the lane says until nothing is left: `number@ms`. */
function drain(lane: Lane): string[] {
  const out: string[] = [];
  for (let at = lane.pollAt(); at < Infinity; at = lane.pollAt()) {
    for (let p = lane.poll(at); p !== null; p = lane.poll(at))
      out.push(`${numberOf(p)}@${at / MS}`);
  }
  return out;
}

/** Sends `count` packets at once and drains. */
function burst(options: LaneOptions, count: number, seed: number = 1): string[] {
  const lane = new Lane(options, seed);
  for (let i = 0; i < count; i++) lane.send(packet(i), 0);
  return drain(lane);
}

test("without options a packet arrives at once", () => {
  expect(burst({}, 2)).toEqual(["0@0", "1@0"]);
});

test("rate and delay: the n-th packet of a burst waits for n others, exactly", () => {
  const lane = { bitsPerSecond: ONE_MS_EACH, delayNs: 20 * MS };
  expect(burst(lane, 3)).toEqual(["0@21", "1@22", "2@23"]);
});

test("a packet that comes when the wire is free waits for nothing", () => {
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH }, 1);
  lane.send(packet(0), 0);
  lane.send(packet(1), 10 * MS);
  expect(drain(lane)).toEqual(["0@1", "1@11"]);
});

test("the queueing delay is what lies in front, whatever the sizes", () => {
  const waits: number[] = [];
  const probe = (e: LinkEvent): void => {
    if (e.name === "sending") waits.push(e.waitedNs / MS);
  };
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH, probe }, 1);
  for (const length of [1000, 500, 1500, 40]) lane.send(packet(0, length), 0);
  drain(lane);
  expect(waits).toEqual([0, 1, 1.5, 3]);
});

test("times are whole nanoseconds, and rounding does not pile up", () => {
  const lane = new Lane({ bitsPerSecond: 7e6, queue: { packets: 5000 } }, 1);
  for (let i = 0; i < 3000; i++) lane.send(packet(0), 0);
  let last = 0;
  for (let at = lane.pollAt(); at < Infinity; at = lane.pollAt()) {
    expect(Number.isInteger(at)).toBe(true);
    if (lane.poll(at) !== null) last = at;
  }
  expect(last).toBe(Math.ceil((3000 * 8000 * 1e9) / 7e6));
});

test.each([
  ["packets", { packets: 2 }],
  ["bytes", { bytes: 2000 }],
])("drop-tail by %s: one on the wire, two wait, the others are dropped", (_, queue) => {
  const drops: number[] = [];
  const probe = (e: LinkEvent): void => {
    if (e.name === "dropped" && e.why === "queue-full") drops.push(e.id);
  };
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH, queue, probe }, 1);
  for (let i = 0; i < 5; i++) lane.send(packet(i), 0);
  expect(drops).toEqual([3, 4]);
  expect(drain(lane)).toEqual(["0@1", "1@2", "2@3"]);
  expect(lane.counters).toMatchObject({ offered: 5, arrived: 3, queueFull: 2, bytes: 3000 });
});

test("a queue of nothing passes one packet at a time", () => {
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH, queue: { packets: 0 } }, 1);
  expect(lane.send(packet(0), 0)).toBe(null);
  expect(lane.send(packet(1), 0)).toBe("queue-full");
  expect(lane.send(packet(2), 1 * MS)).toBe(null);
});

test("packets longer than the MTU are dropped", () => {
  const lane = new Lane({ mtu: 999 }, 1);
  expect(lane.send(packet(0), 0)).toBe("too-big");
  expect(lane.send(packet(1, 999), 0)).toBe(null);
  expect(lane.counters.tooBig).toBe(1);
});

/** Milliseconds that packets of a sender that listens to drops wait for the wire. */
function meanWait(codel: boolean): number {
  let waits = 0;
  let sent = 0;
  const probe = (e: LinkEvent): void => {
    if (e.name !== "sending" || e.atNs < 2000 * MS) return;
    waits += e.waitedNs;
    sent++;
  };
  const queue = codel ? { packets: 200, codel: {} } : { packets: 200 };
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH, queue, probe }, 1);
  // A sender that a drop slows down for a while: 10 % above the rate, else 10 % below it.
  let slowUntil = 0;
  let seen = 0;
  for (let at = 0; at < 6000 * MS; at += (at < slowUntil ? 1.1 : 0.9) * MS) {
    lane.send(packet(0), at);
    while (lane.poll(at) !== null);
    const { codel: dropped, queueFull } = lane.counters;
    if (dropped + queueFull > seen) slowUntil = at + 100 * MS;
    seen = dropped + queueFull;
  }
  return waits / sent / MS;
}

test("CoDel keeps the wait near its target where drop-tail lets it stand", () => {
  expect(meanWait(true)).toBeLessThan(12);
  expect(meanWait(false)).toBeGreaterThan(180);
});

/** A lane with CoDel and marks, after 400 ms of twice its rate. */
function overloaded(ecn: number): Lane {
  const queue = { packets: 500, codel: {}, ecn: true };
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH, queue }, 1);
  for (let ms = 0; ms < 400; ms += 0.5) lane.send(packet(0, 1000, ecn), ms * MS);
  return lane;
}

test("CoDel marks what can be marked and drops the others (RFC 3168)", () => {
  const capable = overloaded(2);
  expect(capable.counters.marked).toBeGreaterThan(2);
  expect(capable.counters.codel).toBe(0);
  expect(overloaded(0).counters).toMatchObject({ marked: 0 });
  let ce = 0;
  for (let at = capable.pollAt(); at < Infinity; at = capable.pollAt())
    for (let p = capable.poll(at); p !== null; p = capable.poll(at)) if (p[1] === 3) ce++;
  expect(ce).toBe(capable.counters.marked);
});

test("jitter keeps the order, and its mean and its spread are those of a uniform distribution", () => {
  const jitterNs = 10 * MS;
  const lane = new Lane({ delayNs: 5 * MS, jitterNs }, 3);
  let sum = 0;
  let squares = 0;
  const count = 20_000;
  for (let i = 0; i < count; i++) {
    const at = i * 100 * MS;
    lane.send(packet(0), at);
    const delay = lane.pollAt() - at;
    lane.poll(lane.pollAt());
    sum += delay;
    squares += delay * delay;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(squares / count - mean * mean);
  const expected = jitterNs / Math.sqrt(12);
  expect(Math.abs(mean - 10 * MS)).toBeLessThan((5 * expected) / Math.sqrt(count));
  expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.02);
  const dense = burst({ delayNs: 5 * MS, jitterNs }, 200, 4);
  expect(dense.map((p) => Number.parseInt(p, 10))).toEqual(
    Array.from({ length: 200 }, (_, i) => i),
  );
});

test("a packet that is held up is overtaken by those of its delay", () => {
  const lane = new Lane({ bitsPerSecond: ONE_MS_EACH, reorder: { p: 0.25, byNs: 2.5 * MS } }, 9);
  for (let i = 0; i < 200; i++) lane.send(packet(i), 0);
  const order = drain(lane).map((p) => Number.parseInt(p, 10));
  const late = order.filter((n, i) => order.slice(0, i).some((earlier) => earlier > n));
  expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect(lane.counters.held).toBeGreaterThan(30);
  expect(late.length).toBeGreaterThan(20);
  expect(late.length).toBeLessThanOrEqual(lane.counters.held);
});

test("duplicates and corruption at their rates; one bit, in a copy", () => {
  const lane = new Lane({ duplicate: 0.1, corrupt: 0.05 }, 11);
  const sent = packet(7);
  const count = 20_000;
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    lane.send(sent, i);
    for (let p = lane.poll(i); p !== null; p = lane.poll(i)) {
      const bits = p.reduce((n, byte, at) => n + ones(byte ^ packet(7)[at]!), 0);
      expect(bits).toBeLessThan(2);
      wrong += bits;
    }
    if (i > 500) break;
  }
  expect(sent).toEqual(packet(7));
  for (let i = 1000; i < count; i++) lane.send(sent, i);
  while (lane.poll(count) !== null);
  const { offered, arrived, duplicated, corrupted } = lane.counters;
  expect(wrong).toBeGreaterThan(0);
  expect(arrived).toBe(offered + duplicated);
  expect(duplicated / offered).toBeCloseTo(0.1, 1);
  expect(corrupted / offered).toBeCloseTo(0.05, 1);
});

function ones(byte: number): number {
  return byte.toString(2).replaceAll("0", "").length;
}

const EVERYTHING: LaneOptions = {
  bitsPerSecond: 5e6,
  delayNs: 10 * MS,
  jitterNs: 3 * MS,
  queue: { packets: 20, codel: {} },
  loss: { name: "bursts", toBad: 0.02, toGood: 0.3 },
  reorder: { p: 0.05, byNs: 4 * MS },
  duplicate: 0.03,
  corrupt: 0.02,
};

/** All that happens in a run over everything, in which somebody looks `looks` times a millisecond. */
function journal(seed: number, looks: number): string[] {
  const events: string[] = [];
  const probe = ({ name, id, atNs, packet: bytes }: LinkEvent): void => {
    if (name !== "arrived" || looks === 0) events.push(`${name} ${id} @${atNs} ${bytes.join(",")}`);
  };
  const lane = new Lane({ ...EVERYTHING, probe }, seed);
  for (let ms = 0; ms < 300; ms++) {
    lane.send(packet(ms, 50 + 4 * ms), ms * MS);
    for (let i = 0; i < looks; i++) lane.poll((ms + i / looks) * MS);
  }
  drain(lane);
  return events;
}

test("the same seed gives the same run to the byte, another seed another", () => {
  expect(journal(1, 0)).toEqual(journal(1, 0));
  expect(journal(1, 0)).not.toEqual(journal(2, 0));
});

test("how often somebody looks changes nothing", () => {
  expect(journal(3, 5)).toEqual(journal(3, 1));
});

function lossOf(options: LaneOptions): number[] {
  const lost: number[] = [];
  const probe = (e: LinkEvent): void => void (e.name === "dropped" && lost.push(e.id));
  const lane = new Lane({ loss: { name: "uniform", p: 0.1 }, ...options, probe }, 4);
  for (let i = 0; i < 500; i++) lane.send(packet(i), i);
  return lost;
}

test("each kind of chance has its own numbers: adding jitter changes no loss", () => {
  const plain = lossOf({});
  expect(plain.length).toBeGreaterThan(20);
  expect(lossOf({ jitterNs: MS, duplicate: 0.5, corrupt: 0.5 })).toEqual(plain);
});

test("every packet has one fate", () => {
  const lane = new Lane(EVERYTHING, 8);
  for (let ms = 0; ms < 2000; ms++) lane.send(packet(ms), ms * MS);
  drain(lane);
  const { offered, arrived, duplicated, queueFull, codel, lost, tooBig } = lane.counters;
  expect(offered + duplicated).toBe(arrived + queueFull + codel + lost + tooBig);
  expect(lane.underWay).toBe(0);
  expect(Math.min(duplicated, queueFull + codel, lost)).toBeGreaterThan(0);
});

test.each<[string, LaneOptions]>([
  ["rate", { bitsPerSecond: 0 }],
  ["rate", { bitsPerSecond: Number.NaN }],
  ["delay", { delayNs: -1 }],
  ["jitter", { jitterNs: Infinity }],
  ["MTU", { mtu: 67 }],
  ["probability", { loss: { name: "uniform", p: 1.5 } }],
  ["probability", { loss: { name: "bursts", toBad: -1, toGood: 0.5 } }],
  ["probability", { corrupt: -0.1 }],
  ["queue of packets", { queue: { packets: -1 } }],
])("a link needs a %s that can be", (what, options) => {
  expect(() => new Lane(options, 1)).toThrow(`Cannot make a link with a ${what} of`);
});
