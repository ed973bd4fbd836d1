/**
 * Conformance of connections: half close, close and reset.
 *
 * @module
 */
import { expect } from "vitest";
import { formatAddress } from "../net/address.ts";
import type { Conn } from "../net/types.ts";
import { codeOf, errorOf, isPending, nextTurn, type PairTest } from "./conn-pair.ts";
import { pattern, readFull, readPattern } from "./pattern.ts";

const MIB = 1024 * 1024;
/** More than any layer below takes while nobody reads. */
const TOO_MUCH = 16 * MIB;

/** How a connection ends. */
export function testClosing(pairTest: PairTest): void {
  testHalfClose(pairTest);
  testClose(pairTest);
  testReset(pairTest);
}

function testHalfClose(pairTest: PairTest): void {
  pairTest("EOF leaves the write side open", async ({ a, b }) => {
    await a.closeWrite();
    const p = new Uint8Array(8);
    expect([await b.read(p), await b.read(p)]).toEqual([null, null]);
    await b.write(pattern(1, 1000));
    expect((await readFull(a, 1000)).length).toBe(1000);
    await b.write(pattern(1, 5));
    expect((await readFull(a, 5)).length).toBe(5);
  });

  pairTest("megabytes go the other way after EOF", async ({ a, b }) => {
    await a.closeWrite();
    expect(await b.read(new Uint8Array(1))).toBe(null);
    const write = b.write(pattern(2, 3 * MIB)).then(() => b.closeWrite());
    expect(await readPattern(a, 2)).toBe(3 * MIB);
    await write;
  });

  pairTest("EOF comes after all bytes, for every read that waits", async ({ a, b }) => {
    const reads = [1, 2, 3, 4].map(() => a.read(new Uint8Array(2)));
    await b.write(Uint8Array.of(1, 2, 3));
    await b.closeWrite();
    const got = await Promise.all(reads);
    expect(got.reduce((sum: number, n) => sum + (n ?? 0), 0)).toBe(3);
    expect(got.at(-1)).toBe(null);
  });

  pairTest("closeWrite() waits for the writes called before it", async ({ a, b }) => {
    const write = b.write(pattern(3, TOO_MUCH));
    const finish = b.closeWrite();
    expect(await isPending(finish)).toBe(true);
    expect(await readPattern(a, 3)).toBe(TOO_MUCH);
    await Promise.all([write, finish]);
  });

  pairTest("after closeWrite() writes fail, and it may be called again", async ({ a, b }) => {
    await Promise.all([a.closeWrite(), a.closeWrite()]);
    await a.closeWrite();
    const error = await errorOf(a.write(Uint8Array.of(1)));
    expect([error?.op, error?.code, error?.bytes]).toEqual(["write", "closed", 0]);
    expect(await b.read(new Uint8Array(1))).toBe(null);
  });

  pairTest("when both directions have ended nothing is left", async ({ a, b }) => {
    await Promise.all([a.closeWrite(), b.closeWrite()]);
    const p = new Uint8Array(1);
    expect([await a.read(p), await b.read(p)]).toEqual([null, null]);
    await Promise.all([a.closed, b.closed]);
    expect([await a.read(p), await codeOf(a.write(p))]).toEqual([null, "closed"]);
  });
}

function testClose(pairTest: PairTest): void {
  pairTest("close() ends the calls that wait", async ({ a }) => {
    const calls = [
      a.read(new Uint8Array(1)),
      a.read(new Uint8Array(1)),
      a.write(new Uint8Array(TOO_MUCH)),
      a.write(Uint8Array.of(1)),
      a.closeWrite(),
    ].map(codeOf);
    a.close();
    expect(await Promise.all(calls)).toEqual(Array.from(calls, () => "closed"));
    await a.closed;
  });

  pairTest("after close() every call fails, and close() does nothing", async ({ a }) => {
    a.close();
    a.close();
    const p = new Uint8Array(1);
    expect(await codeOf(a.read(p))).toBe("closed");
    expect(await codeOf(a.read(new Uint8Array(0)))).toBe("closed");
    expect(await codeOf(a.write(p))).toBe("closed");
    expect(await codeOf(a.closeWrite())).toBe("closed");
    await a.closed;
    a.close();
    expect(await codeOf(a.read(p))).toBe("closed");
    setEverything(a);
  });

  pairTest("an error says what could not be done between whom", async ({ a }) => {
    a.close();
    const path = `${formatAddress(a.localAddr)}->${formatAddress(a.remoteAddr)}`;
    const error = await errorOf(a.read(new Uint8Array(1)));
    expect(error?.message).toBe(`Cannot read tcp ${path}: use of closed connection`);
    expect([error?.local, error?.remote]).toEqual(path.split("->"));
  });

  pairTest("what was written before close() is delivered, then EOF", async ({ a, b }) => {
    const writes = Array.from({ length: 9 }, (_, i) => b.write(pattern(4, 100, i * 100)));
    await Promise.all(writes);
    b.close();
    expect(await readPattern(a, 4, [777])).toBe(900);
    await b.closed;
  });

  pairTest("options may be set at any time", async ({ a, b }) => {
    setEverything(a);
    a.setLinger(null);
    await a.write(pattern(5, 10));
    await a.closeWrite();
    setEverything(a);
    a.setLinger(null);
    expect(await readPattern(b, 5)).toBe(10);
  });

  pairTest("[Symbol.asyncDispose]() is close(), whatever the peer does", async ({ a, b }) => {
    const write = codeOf(a.write(new Uint8Array(TOO_MUCH)));
    await a[Symbol.asyncDispose]();
    expect(await codeOf(a.read(new Uint8Array(1)))).toBe("closed");
    expect(await write).toBe("closed");
    await a[Symbol.asyncDispose]();
    b.close();
    await a.closed;
  });
}

function testReset(pairTest: PairTest): void {
  pairTest("a reset ends the calls that wait, and all later ones", async ({ a, b }) => {
    const calls = [a.read(new Uint8Array(1)), a.write(new Uint8Array(TOO_MUCH))].map(codeOf);
    b.setLinger(0);
    b.close();
    expect(await Promise.all(calls)).toEqual(["reset", "reset"]);
    await a.closed;
    expect(await codeOf(a.read(new Uint8Array(1)))).toBe("reset");
    expect(await codeOf(a.write(Uint8Array.of(1)))).toBe("reset");
    expect(await codeOf(a.closeWrite())).toBe("reset");
    a.close();
    expect(await codeOf(a.read(new Uint8Array(1)))).toBe("closed");
    await b.closed;
  });

  pairTest("what came before a reset is read first", async ({ a, b }) => {
    await b.write(pattern(6, 1000));
    expect((await readFull(a, 1)).length).toBe(1);
    b.setLinger(0);
    b.close();
    await b.closed;
    let got = 1;
    const p = new Uint8Array(100);
    const error = await errorOf(
      (async () => {
        for (let n; (n = await a.read(p)) !== null;) got += n;
      })(),
    );
    expect([error?.code, got]).toEqual(["reset", 1000]);
  });

  pairTest("writing to a peer that has closed ends in a reset", async ({ a, b }) => {
    b.close();
    await b.closed;
    let code = "ok";
    while (code === "ok") {
      code = await codeOf(a.write(pattern(7, 100)));
      await nextTurn();
    }
    expect(code).toBe("reset");
  });

  pairTest("many methods at once do no harm", async ({ a, b }) => {
    const calls: Promise<unknown>[] = [];
    const p = new Uint8Array(1024);
    for (let round = 0; round < 100; round++) {
      for (const conn of [a, b]) {
        calls.push(codeOf(conn.read(new Uint8Array(p))), codeOf(conn.write(p)));
        conn.setDeadline(10_000 + round);
        conn.setReadDeadline(null);
        conn.setNoDelay(round % 2 === 0);
        expect(conn.localAddr.port).toBeGreaterThan(0);
      }
    }
    await nextTurn();
    calls.push(codeOf(a.closeWrite()), codeOf(b.closeWrite()));
    a.close();
    b.close();
    const codes = new Set(await Promise.all(calls));
    for (const code of codes) expect(["ok", "closed", "reset"]).toContain(code);
    await Promise.all([a.closed, b.closed]);
  });
}

function setEverything(conn: Conn): void {
  conn.setDeadline(60_000);
  conn.setReadDeadline(60_000);
  conn.setWriteDeadline(60_000);
  conn.setDeadline(null);
  conn.setNoDelay(true);
  conn.setNoDelay(false);
  conn.setKeepAlive({ enable: true, idleMs: 60_000 });
  conn.setKeepAlive({ enable: false });
  conn.setLinger(0);
}
