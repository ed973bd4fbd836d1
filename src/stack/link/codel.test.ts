import { expect, test } from "vitest";
import { Codel } from "./codel.ts";
import { PacketQueue } from "./packet-queue.ts";

const MS = 1e6;
const NO_LIMIT = { packets: Infinity, bytes: Infinity };

interface Bench {
  readonly queue: PacketQueue;
  readonly codel: Codel;
  /** Packets dropped (or marked), by id and time in ms. */
  readonly signals: string[];
}

function bench(drops: boolean = true): Bench {
  const queue = new PacketQueue(NO_LIMIT);
  const signals: string[] = [];
  const codel = new Codel(queue, {}, ({ id }, nowNs) => {
    signals.push(`${id} @${Math.round(nowNs / MS)}`);
    return drops;
  });
  return { queue, codel, signals };
}

/** Packets of 1000 bytes, one a millisecond in, one every `everyMs` out, from `from` to `until`. */
function overload({ queue, codel }: Bench, until: number, everyMs: number, from: number = 0): void {
  for (let ms = from; ms < until; ms++) {
    queue.push({ packet: new Uint8Array(1000), id: ms, sinceNs: ms * MS });
    if (ms % everyMs === 0) codel.dequeue(ms * MS);
  }
}

test("a queue that drains is left alone, however full it was for a moment", () => {
  const b = bench();
  for (let id = 0; id < 90; id++) b.queue.push({ packet: new Uint8Array(1000), id, sinceNs: 0 });
  for (let ms = 0; ms < 90; ms++) b.codel.dequeue(ms * MS);
  expect(b.signals).toEqual([]);
});

test("the first drop comes an interval after the wait passed the target, then at interval / sqrt(count)", () => {
  const b = bench();
  overload(b, 400, 2);
  // Every second packet leaves: the wait passes 5 ms at 10 ms, and the interval ends at 110.
  const times = b.signals.map((signal) => Number(/@(\d+)/.exec(signal)![1]));
  expect(times[0]).toBe(110);
  // 110 + 100/sqrt(1), then + 100/sqrt(2) …, each at the next time that something leaves.
  expect(times.slice(1, 4)).toEqual([210, 282, 340]);
});

test("it stops when the wait is below the target, and begins again where it left off", () => {
  const b = bench();
  overload(b, 500, 2);
  const before = b.signals.length;
  for (let ms = 500; b.queue.length > 0; ms++) b.codel.dequeue((500 + (ms % 2)) * MS);
  expect(b.signals.length - before).toBeLessThan(2);
  overload(b, 900, 2, 600);
  const again = b.signals.filter((s) => Number(/@(\d+)/.exec(s)![1]) >= 600);
  const times = again.map((signal) => Number(/@(\d+)/.exec(signal)![1]));
  expect(times[0]).toBe(710);
  // Count goes on from what the last round had reached, so the second comes sooner than 100 ms.
  expect(times[1]! - times[0]!).toBeLessThan(80);
});

test("one packet alone is never dropped: the link must not starve (RFC 8289 §4.1)", () => {
  const b = bench();
  for (let ms = 0; ms < 1000; ms += 10) {
    b.queue.push({ packet: new Uint8Array(1000), id: ms, sinceNs: (ms - 50) * MS });
    b.codel.dequeue(ms * MS);
  }
  expect(b.signals).toEqual([]);
});

test("a mark takes the place of a drop, and the packet goes on", () => {
  const b = bench(false);
  let left = 0;
  for (let ms = 0; ms < 400; ms++) {
    b.queue.push({ packet: new Uint8Array(1000), id: ms, sinceNs: ms * MS });
    if (ms % 2 === 0 && b.codel.dequeue(ms * MS) !== null) left++;
  }
  expect(left).toBe(200);
  expect(b.signals.length).toBeGreaterThanOrEqual(4);
});

test("an empty queue gives nothing", () => {
  const b = bench();
  expect(b.codel.dequeue(0)).toBe(null);
});
