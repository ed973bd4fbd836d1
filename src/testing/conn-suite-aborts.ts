/**
 * Conformance of connections: calls that an `AbortSignal` ends.
 *
 * @module
 */
import { expect } from "vitest";
import { codeOf, errorOf, nextTurn, type PairTest } from "./conn-pair.ts";
import { expectPattern, pattern, readFull, readPattern, writePattern } from "./pattern.ts";

/** More than any layer below takes while nobody reads. */
const TOO_MUCH = 16 * 1024 * 1024;

/** An aborted call is as if it had not been made, but for bytes of a write that had left. */
export function testAborts(pairTest: PairTest): void {
  testAbortedReads(pairTest);
  testAbortedWrites(pairTest);
}

function testAbortedReads(pairTest: PairTest): void {
  pairTest("a signal that is aborted already: nothing is read or written", async ({ a, b }) => {
    const signal = AbortSignal.abort("my reason");
    await b.write(pattern(1, 4));
    expectPattern(await readFull(a, 1), 1, 0);
    const error = await errorOf(a.read(new Uint8Array(4), { signal }));
    expect([error?.code, error?.cause]).toEqual(["aborted", "my reason"]);
    expect(await codeOf(a.write(new Uint8Array(4), { signal }))).toBe("aborted");
    expectPattern(await readFull(a, 3), 1, 1);
    await a.closeWrite();
    expect(await b.read(new Uint8Array(4))).toBe(null);
  });

  pairTest(
    "a read that is aborted takes no byte, and the order of the others holds",
    async (pair) => {
      const { a, b } = pair;
      const controllers = [0, 1, 2, 3, 4].map(() => new AbortController());
      const buffers = controllers.map(() => new Uint8Array(1));
      const reads = controllers.map(({ signal }, i) => a.read(buffers[i]!, { signal }));
      const codes = reads.map(codeOf);
      for (const i of [0, 2, 4]) controllers[i]!.abort();
      await b.write(Uint8Array.of(1, 2));
      expect(await Promise.all(codes)).toEqual(["aborted", "ok", "aborted", "ok", "aborted"]);
      expect(buffers.map(([byte]) => byte)).toEqual([0, 1, 0, 2, 0]);
    },
  );

  pairTest("aborting after the call has ended does nothing", async ({ a, b }) => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = a.read(new Uint8Array(1), { signal });
    await b.write(Uint8Array.of(1), { signal });
    expect(await read).toBe(1);
    controller.abort();
    await b.write(Uint8Array.of(2));
    expect([...(await readFull(a, 1))]).toEqual([2]);
  });

  pairTest("a signal that outlives many calls keeps no listener", async ({ a, b }) => {
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    for (let i = 0; i < 20; i++) {
      const read = a.read(new Uint8Array(1), { signal });
      await b.write(Uint8Array.of(i), { signal });
      await read;
    }
    a.setReadDeadline(1);
    expect(await codeOf(a.read(new Uint8Array(1), { signal }))).toBe("timeout");
    a.setReadDeadline(null);
    const calls = [
      a.read(new Uint8Array(1), { signal }),
      a.write(new Uint8Array(TOO_MUCH), { signal }),
    ];
    const codes = calls.map(codeOf);
    a.close();
    expect(await Promise.all(codes)).toEqual(["closed", "closed"]);
    expect(listeners.count).toBe(0);
  });

  pairTest("reads that are aborted while bytes come lose none", async ({ a, b }) => {
    const LENGTH = 200_000;
    const writes = writePattern(b, 2, LENGTH, [1, 3000, 17]).then(() => b.closeWrite());
    let at = 0;
    for (let turn = 0, open = true; open; turn++) {
      const controller = new AbortController();
      const buffers = [new Uint8Array(500), new Uint8Array(1), new Uint8Array(3000)];
      const reads = buffers.map((p) => readOrZero(a.read(p, controller)));
      if (turn % 2 === 0) await nextTurn();
      controller.abort();
      for (const [i, n] of (await Promise.all(reads)).entries()) {
        if (n === null) open = false;
        expectPattern(buffers[i]!.subarray(0, n ?? 0), 2, at);
        at += n ?? 0;
      }
    }
    expect(at).toBe(LENGTH);
    await writes;
  });
}

function testAbortedWrites(pairTest: PairTest): void {
  pairTest("a write that is aborted says how much of it goes out", async ({ a, b }) => {
    const controller = new AbortController();
    const write = errorOf(b.write(pattern(3, TOO_MUCH), controller));
    await nextTurn();
    controller.abort();
    const error = await write;
    expect(error?.code).toBe("aborted");
    expect(error?.bytes).toBeLessThan(TOO_MUCH);
    const rest = b.write(pattern(3, 5000, error!.bytes)).then(() => b.closeWrite());
    expect(await readPattern(a, 3)).toBe(error!.bytes + 5000);
    await rest;
  });

  pairTest("a write that is aborted before its turn leaves no trace", async ({ a, b }) => {
    const HALF = TOO_MUCH / 2;
    const controller = new AbortController();
    const first = b.write(pattern(4, HALF));
    const second = errorOf(b.write(new Uint8Array(100_000), controller));
    const third = b.write(pattern(4, 100, HALF)).then(() => b.closeWrite());
    controller.abort();
    const error = await second;
    expect([error?.code, error?.bytes]).toEqual(["aborted", 0]);
    expect(await readPattern(a, 4)).toBe(HALF + 100);
    await Promise.all([first, third]);
  });
}

/** Bytes of a read, 0 when it was aborted. */
async function readOrZero(read: Promise<number | null>): Promise<number | null> {
  let n: number | null = 0;
  expect(["ok", "aborted"]).toContain(await codeOf(read.then((got) => (n = got))));
  return n;
}

/** Counts the listeners that `signal` has from now on. */
function countListeners(signal: AbortSignal): { readonly count: number } {
  const listeners = { count: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners.count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners.count--;
    remove(...args);
  };
  return listeners;
}
