/**
 * Conformance of connections: deadlines past, present and to come.
 *
 * @module
 */
import { expect } from "vitest";
import { codeOf, errorOf, isPending, type PairTest } from "./conn-pair.ts";
import { expectPattern, pattern, readFull, readPattern, writePattern } from "./pattern.ts";

/** More than any layer below takes while nobody reads. */
const TOO_MUCH = 16 * 1024 * 1024;
/** Soon, but not at once. */
const SOON_MS = 20;

/** A deadline fails calls, and takes nothing from them but time. */
export function testDeadlines(pairTest: PairTest): void {
  testPast(pairTest);
  testPending(pairTest);
  testLasting(pairTest);
}

function testPast(pairTest: PairTest): void {
  pairTest("past: a read fails at once and leaves the bytes", async ({ a, b }) => {
    await b.write(pattern(1, 10));
    expectPattern(await readFull(a, 1), 1, 0);
    for (const ms of [0, -1, Number.NEGATIVE_INFINITY]) {
      a.setReadDeadline(ms);
      const error = await errorOf(a.read(new Uint8Array(10)));
      expect([error?.op, error?.code]).toEqual(["read", "timeout"]);
    }
    a.setReadDeadline(null);
    expectPattern(await readFull(a, 9), 1, 1);
  });

  pairTest("past: a write fails at once and writes nothing", async ({ a, b }) => {
    a.setWriteDeadline(0);
    const error = await errorOf(a.write(pattern(2, 10)));
    expect([error?.op, error?.code, error?.bytes]).toEqual(["write", "timeout", 0]);
    a.setWriteDeadline(null);
    await a.write(pattern(3, 10));
    await a.closeWrite();
    expect(await readPattern(b, 3)).toBe(10);
  });

  pairTest("setDeadline() is for reads and writes, the others for one", async ({ a, b }) => {
    a.setDeadline(-1);
    const p = Uint8Array.of(1);
    expect([await codeOf(a.read(p)), await codeOf(a.write(p))]).toEqual(["timeout", "timeout"]);
    a.setWriteDeadline(null);
    expect([await codeOf(a.read(p)), await codeOf(a.write(p))]).toEqual(["timeout", "ok"]);
    a.setDeadline(null);
    a.setWriteDeadline(0);
    await b.write(p);
    expect([await codeOf(a.read(p)), await codeOf(a.write(p))]).toEqual(["ok", "timeout"]);
  });

  pairTest("a time that is none is refused", async ({ a }) => {
    expect(() => a.setDeadline(Number.NaN)).toThrow(RangeError);
    expect(() => a.setReadDeadline(Number.NaN)).toThrow(RangeError);
    expect(() => a.setWriteDeadline(Number.NaN)).toThrow(RangeError);
  });
}

function testPending(pairTest: PairTest): void {
  pairTest("a read that waits fails when its time comes", async ({ a, b }) => {
    const early = a.read(new Uint8Array(1));
    a.setReadDeadline(SOON_MS);
    const late = a.read(new Uint8Array(1));
    expect([await codeOf(early), await codeOf(late)]).toEqual(["timeout", "timeout"]);
    expect(await codeOf(a.read(new Uint8Array(1)))).toBe("timeout");
    a.setReadDeadline(null);
    await b.write(Uint8Array.of(5));
    expect([...(await readFull(a, 1))]).toEqual([5]);
  });

  pairTest("a write that waits fails when its time comes", async ({ a, b }) => {
    a.setWriteDeadline(SOON_MS);
    const error = await errorOf(a.write(pattern(4, TOO_MUCH)));
    expect(error?.code).toBe("timeout");
    expect(error?.bytes).toBeLessThan(TOO_MUCH);
    a.setWriteDeadline(null);
    const rest = a.write(pattern(4, 100_000, error!.bytes)).then(() => a.closeWrite());
    expect(await readPattern(b, 4)).toBe(error!.bytes + 100_000);
    await rest;
  });

  pairTest("a deadline in the past fails what waits already", async ({ a }) => {
    const calls = [a.read(new Uint8Array(1)), a.write(new Uint8Array(TOO_MUCH))].map(codeOf);
    a.setDeadline(0);
    expect(await Promise.all(calls)).toEqual(["timeout", "timeout"]);
  });

  pairTest("a deadline can be put off, or off altogether, while a call waits", async ({ a, b }) => {
    for (const later of [1e9, null]) {
      a.setReadDeadline(SOON_MS);
      const read = a.read(new Uint8Array(1));
      a.setReadDeadline(later);
      b.setReadDeadline(SOON_MS * 2);
      expect(await codeOf(b.read(new Uint8Array(1)))).toBe("timeout");
      expect(await isPending(read)).toBe(true);
      await b.write(Uint8Array.of(1));
      expect(await read).toBe(1);
    }
  });

  pairTest("a deadline can be moved nearer while a call waits", async ({ a }) => {
    a.setReadDeadline(1e9);
    const read = codeOf(a.read(new Uint8Array(1)));
    a.setReadDeadline(SOON_MS);
    expect(await read).toBe("timeout");
  });
}

function testLasting(pairTest: PairTest): void {
  pairTest("one deadline is for all calls to come", async ({ a, b }) => {
    a.setDeadline(60_000);
    b.setDeadline(60_000);
    for (let i = 0; i < 50; i++) {
      await a.write(pattern(i, 10));
      expectPattern(await readFull(b, 10), i, 0);
    }
  });

  pairTest("one far in the future, or at no time, does not pass", async ({ a, b }) => {
    for (const ms of [2 ** 31, 1e15, Number.POSITIVE_INFINITY]) {
      a.setDeadline(ms);
      const read = a.read(new Uint8Array(1));
      expect(await isPending(read)).toBe(true);
      await b.write(Uint8Array.of(1));
      expect(await read).toBe(1);
    }
  });

  pairTest("reads that time out while bytes come lose none", async ({ a, b }) => {
    const LENGTH = 200_000;
    const writes = writePattern(b, 5, LENGTH, [1, 10, 1000, 20_000]).then(() => b.closeWrite());
    const p = new Uint8Array(1111);
    for (let at = 0, turn = 0; ; turn++) {
      a.setReadDeadline(turn % 3 === 0 ? 0 : turn % 3 === 1 ? 1 : null);
      let n: number | null = 0;
      const code = await codeOf(a.read(p).then((got) => (n = got)));
      if (n === null) {
        expect(at).toBe(LENGTH);
        break;
      }
      expect(code).toBe(turn % 3 === 0 ? "timeout" : code);
      expectPattern(p.subarray(0, n), 5, at);
      at += n;
    }
    await writes;
  });
}
