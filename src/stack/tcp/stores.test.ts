import { describe, expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { seqAdd } from "../../wire/seqnum.ts";
import { ByteQueue } from "./byte-queue.ts";
import { initialSequence } from "./isn.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { Receiver } from "./receiver.ts";
import { RingPool } from "./ring-pool.ts";
import { SeqRanges } from "./seq-ranges.ts";

const bytes = (from: number, n: number): Uint8Array =>
  Uint8Array.from({ length: n }, (_, i) => from + i);

test.each([1, 100, 1448])("a byte queue is an array that forgets its front (%i)", (unit) => {
  const prng = new Prng(1);
  const pool = new RingPool();
  const queue = new ByteQueue(pool);
  let naive: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const n = prng.below(prng.chance(0.1) ? 5000 : 300);
    if (prng.chance(0.5)) {
      queue.append(bytes(i, n + 3), n, unit);
      naive.push(...bytes(i, n));
    } else {
      const dropped = Math.min(n, naive.length);
      if (dropped > 0) queue.drop(dropped);
      naive = naive.slice(dropped);
    }
    expect(queue.length).toBe(naive.length);
    const from = prng.below(naive.length + 1);
    const len = prng.below(naive.length - from + 1);
    expect(queue.slice(from, len)).toEqual(Uint8Array.from(naive.slice(from, from + len)));
  }
});

test("what a byte queue gave stays as it is until it is dropped, however much comes", () => {
  const queue = new ByteQueue(new RingPool());
  queue.append(bytes(0, 100), 100, 50);
  const kept = queue.slice(10, 50);
  queue.append(bytes(7, 5000), 5000, 50);
  new ByteQueue(new RingPool()).append(bytes(9, 2000), 2000, 50);
  expect([...kept]).toEqual([...bytes(10, 50)]);
});

test("a queue that is empty holds no memory, and the next one gets it", () => {
  const pool = new RingPool();
  const queue = new ByteQueue(pool);
  queue.append(bytes(0, 3000), 3000, 1000);
  expect(pool.kept).toBe(0);
  queue.drop(3000);
  expect(pool.kept).toBe(4096);
  new ByteQueue(pool).append(bytes(0, 3000), 3000, 500);
  expect(pool.kept).toBe(0);
});

test("a pool keeps no more than its limit", () => {
  const pool = new RingPool(5000);
  const blocks = [pool.take(1), pool.take(3000), pool.take(2000)];
  for (const block of blocks) pool.give(block);
  expect([pool.kept, ...blocks.map((b) => b.bytes.length)]).toEqual([4096, 2048, 4096, 2048]);
});

describe("ranges of sequence numbers", () => {
  const BASE = 2 ** 32 - 300;

  test("are a set of numbers, over the wrap", () => {
    const prng = new Prng(2);
    for (let run = 0; run < 200; run++) {
      const ranges = new SeqRanges(1000);
      const naive = new Set<number>();
      for (let i = 0; i < 20; i++) {
        const left = prng.below(600);
        const right = left + 1 + prng.below(60);
        let fresh = 0;
        for (let n = left; n < right; n++) if (!naive.has(n)) fresh++;
        for (let n = left; n < right; n++) naive.add(n);
        expect(ranges.add(seqAdd(BASE, left), seqAdd(BASE, right))).toBe(fresh);
      }
      const below = prng.below(600);
      ranges.dropBelow(seqAdd(BASE, below));
      for (const n of naive) if (n < below) naive.delete(n);
      expect(ranges.total).toBe(naive.size);
      const [from, to] = [100, 400];
      expect(ranges.within(seqAdd(BASE, from), seqAdd(BASE, to))).toBe(
        [...naive].filter((n) => n >= from && n < to).length,
      );
      let missing = 0;
      ranges.gaps(
        seqAdd(BASE, from),
        seqAdd(BASE, to),
        (left, right) => (missing += (right - left) | 0),
      );
      expect(missing).toBe(to - from - ranges.within(seqAdd(BASE, from), seqAdd(BASE, to)));
    }
  });

  test("are no more than the limit", () => {
    const ranges = new SeqRanges(2);
    expect([ranges.add(0, 10), ranges.add(20, 30), ranges.add(40, 50), ranges.add(10, 20)]).toEqual(
      [10, 10, -1, 10],
    );
    expect(ranges.list.length).toBe(1);
  });
});

test("a receiver puts any order of overlapping pieces together, the first copy of a byte counting", () => {
  const prng = new Prng(3);
  const pool = new RingPool();
  for (let run = 0; run < 300; run++) {
    const rcv = new Receiver(5000, 1000, pool);
    const irs = 2 ** 32 - 1 - prng.below(2000);
    rcv.begin(irs);
    const first: (number | undefined)[] = [];
    for (let i = 0; i < 60 && rcv.buffer.length < 1500; i++) {
      const at = i > 40 ? rcv.buffer.length : prng.below(1500);
      const piece = bytes(prng.below(256), 1 + prng.below(200));
      for (const [j, byte] of piece.entries()) first[at + j] ??= byte;
      rcv.take(seqAdd(irs, 1 + at), piece);
    }
    const got = new Uint8Array(5000);
    const n = rcv.buffer.take(got);
    expect([...got.subarray(0, n)]).toEqual(first.slice(0, n));
  }
});

test("what was lent to a receive buffer is read from where it lies, or copied when its time is over", () => {
  const prng = new Prng(4);
  const buffer = new ReceiveBuffer(new RingPool());
  const read: number[] = [];
  const expected: number[] = [];
  let naive: number[] = [];
  let lent: Uint8Array[] = [];
  for (let i = 0; i < 2000; i++) {
    const piece = bytes(i, prng.below(300));
    if (prng.chance(0.4)) {
      buffer.lend(piece);
      lent.push(piece);
      naive.push(...piece);
    } else if (prng.chance(0.2)) {
      buffer.write(0, piece, 0, piece.length);
      buffer.advance(piece.length);
      naive.push(...piece);
    } else if (prng.chance(0.3)) {
      buffer.settle();
      for (const p of lent) p.fill(0);
      lent = [];
    } else {
      const into = new Uint8Array(prng.below(600));
      const n = buffer.take(into);
      read.push(n, ...into.subarray(0, n));
      expected.push(n, ...naive.slice(0, into.length));
      naive = naive.slice(n);
    }
    expect(buffer.length).toBe(naive.length);
  }
  expect(read).toEqual(expected);
  expect(buffer.differing(-naive.length, Uint8Array.from(naive), 0, naive.length)).toBe(0);
  buffer.clear();
  expect([buffer.length, buffer.take(new Uint8Array(9)), buffer.capacity]).toEqual([0, 0, 0]);
});

test("initial numbers differ by flow and secret, and tick every 4 microseconds (RFC 6528)", () => {
  const here = { address: bytes(1, 4), port: 80 };
  const there = { address: bytes(9, 4), port: 40_000 };
  const isn = initialSequence(bytes(0, 16), here, there, 0);
  expect(initialSequence(bytes(0, 16), here, there, 8000)).toBe(seqAdd(isn, 2));
  expect(initialSequence(bytes(0, 16), there, here, 0)).not.toBe(isn);
  expect(initialSequence(bytes(1, 16), here, there, 0)).not.toBe(isn);
});
