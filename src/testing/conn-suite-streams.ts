/**
 * Conformance of connections: their web streams.
 *
 * @module
 */
import { expect } from "vitest";
import { NetError } from "../net/errors.ts";
import type { Conn } from "../net/types.ts";
import { codeOf, isPending, nextTurn, type PairTest } from "./conn-pair.ts";
import { expectPattern, pattern, readFull, readPattern } from "./pattern.ts";

const MIB = 1024 * 1024;

/** {@link Conn.readable} and {@link Conn.writable}. */
export function testStreams(pairTest: PairTest): void {
  testReadable(pairTest);
  testWritable(pairTest);
}

function testReadable(pairTest: PairTest): void {
  pairTest("readable gives what the peer sends, then ends; writing goes on", async ({ a, b }) => {
    const written = b.write(pattern(1, MIB)).then(() => b.closeWrite());
    const reader = a.readable.getReader();
    let at = 0;
    for (let chunk; !(chunk = await reader.read()).done; at += chunk.value.length) {
      expectPattern(chunk.value, 1, at);
    }
    expect(at).toBe(MIB);
    await written;
    await a.write(Uint8Array.of(1));
    expect([...(await readFull(b, 1))]).toEqual([1]);
  });

  pairTest("readable takes buffers of the reader's", async ({ a, b }) => {
    await b.write(pattern(2, 10));
    await b.closeWrite();
    const reader = a.readable.getReader({ mode: "byob" });
    let at = 0;
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(4));
      if (value === undefined || done) break;
      expect(value.length).toBeLessThanOrEqual(4);
      expectPattern(value, 2, at);
      at += value.length;
    }
    expect(at).toBe(10);
  });

  pairTest("readable reads nothing before it is asked", async ({ a, b }) => {
    const { readable } = a;
    expect(a.readable).toBe(readable);
    await b.write(pattern(3, 5));
    expectPattern(await readFull(a, 5), 3, 0);
  });

  pairTest("cancelling readable leaves the connection and its bytes", async ({ a, b }) => {
    const reader = a.readable.getReader();
    const read = reader.read();
    await nextTurn();
    await reader.cancel("enough");
    expect((await read).done).toBe(true);
    await b.write(pattern(4, 5));
    expectPattern(await readFull(a, 5), 4, 0);
    await a.write(pattern(5, 5));
    expectPattern(await readFull(b, 5), 5, 0);
  });

  pairTest("a reset is the error of readable", async ({ a, b }) => {
    const read = a.readable.getReader().read();
    b.setLinger(0);
    b.close();
    expect(await codeOf(read)).toBe("reset");
  });

  pairTest("close() is the error of readable", async ({ a }) => {
    const reader = a.readable.getReader();
    const read = codeOf(reader.read());
    a.close();
    expect(await read).toBe("closed");
    await expect(reader.closed).rejects.toBeInstanceOf(NetError);
  });
}

function testWritable(pairTest: PairTest): void {
  pairTest("closing writable sends a FIN and leaves reading open", async ({ a, b }) => {
    const writer = a.writable.getWriter();
    await writer.write(pattern(6, 1000));
    await writer.close();
    expect(await readPattern(b, 6)).toBe(1000);
    await b.write(Uint8Array.of(1));
    expect([...(await readFull(a, 1))]).toEqual([1]);
    expect(a.writable).toBe(a.writable);
  });

  pairTest("an echo is one pipe", async ({ a, b }) => {
    const echo = b.readable.pipeTo(b.writable);
    const sent = a.write(pattern(7, 3 * MIB)).then(() => a.closeWrite());
    expect(await readPattern(a, 7)).toBe(3 * MIB);
    await Promise.all([echo, sent]);
  });

  pairTest("writable waits for the peer to read", async ({ a, b }) => {
    const writer = a.writable.getWriter();
    const write = writer.write(pattern(8, 32 * MIB));
    expect(await isPending(write)).toBe(true);
    for (let at = 0; at < 32 * MIB; at += MIB) await readFull(b, MIB);
    await write;
  });

  pairTest("aborting writable resets: the peer cannot take a part for the whole", async (pair) => {
    const { a, b } = pair;
    const writer = a.writable.getWriter();
    const write = writer.write(new Uint8Array(32 * MIB)).catch(() => "failed");
    await readFull(b, 1);
    const closed = writer.closed.catch(() => "failed");
    await writer.abort("no more");
    expect(await Promise.all([write, closed])).toEqual(["failed", "failed"]);
    expect(await codeOf(readToEnd(b))).toBe("reset");
  });
}

async function readToEnd(conn: Conn): Promise<void> {
  const p = new Uint8Array(65_536);
  while ((await conn.read(p)) !== null);
}
