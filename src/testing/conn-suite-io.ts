/**
 * Conformance of connections: bytes, their order and who waits for whom.
 *
 * @module
 */
import { expect } from "vitest";
import { codeOf, errorOf, isPending, type PairTest } from "./conn-pair.ts";
import { expectPattern, pattern, readFull, readPattern, writePattern } from "./pattern.ts";

const MIB = 1024 * 1024;
/** Sizes around every buffer on the way. */
const SIZES = [1, 127, 128, 129, 1460, 4095, 16_384, 16_385, 65_535, 65_536, 65_537, 300_000];
/** Longer than the memory that any layer below would lend to an unread connection. */
const MORE_THAN_FITS = 64 * MIB;

/** Bytes in equal bytes out. */
export function testIo(pairTest: PairTest): void {
  pairTest("both ends agree on their addresses", async ({ a, b }) => {
    expect(a.localAddr).toEqual(b.remoteAddr);
    expect(a.remoteAddr).toEqual(b.localAddr);
    expect(a.localAddr).not.toEqual(a.remoteAddr);
    expect(a.id).not.toBe(b.id);
  });

  pairTest("megabytes go both ways at once, in writes and reads of any size", async ({ a, b }) => {
    const sent = async (conn: typeof a, seed: number): Promise<void> => {
      await writePattern(conn, seed, 4 * MIB, SIZES);
      await conn.closeWrite();
    };
    const [fromB, fromA] = await Promise.all([
      readPattern(a, 2, SIZES.toReversed()),
      readPattern(b, 1, SIZES.toReversed()),
      sent(a, 1),
      sent(b, 2),
    ]);
    expect([fromA, fromB]).toEqual([4 * MIB, 4 * MIB]);
  });

  pairTest("ping-pong", async ({ a, b }) => {
    for (let round = 0; round < 200; round++) {
      await a.write(pattern(round, 64));
      expectPattern(await readFull(b, 64), round, 0);
      await b.write(pattern(round, 64, 64));
      expectPattern(await readFull(a, 64), round, 64);
    }
  });

  pairTest("read() takes what is there and touches no other byte", async ({ a, b }) => {
    await b.write(Uint8Array.of(1, 2, 3));
    const memory = new Uint8Array(16).fill(9);
    const n = await a.read(memory.subarray(4, 12));
    expect(n).toBeGreaterThanOrEqual(1);
    await readFull(a, 3 - n!);
    expect([...memory]).toEqual(
      Array.from({ length: 16 }, (_, i) => (i >= 4 && i < 4 + n! ? i - 3 : 9)),
    );
  });

  pairTest("a message can be read one byte at a time", async ({ a, b }) => {
    const written = b.write(pattern(3, 1000));
    for (let i = 0; i < 1000; i++) {
      const p = new Uint8Array(1);
      expect(await a.read(p)).toBe(1);
      expectPattern(p, 3, i);
    }
    await written;
  });

  pairTest("an empty read is 0 and an empty write is nothing", async ({ a, b }) => {
    const waiting = a.read(new Uint8Array(8));
    expect(await a.read(new Uint8Array(0))).toBe(0);
    await b.write(new Uint8Array(0));
    expect(await isPending(waiting)).toBe(true);
    await b.write(Uint8Array.of(7));
    expect(await waiting).toBe(1);
  });

  pairTest("concurrent reads are served in the order of their calls", async ({ a, b }) => {
    const buffers = Array.from({ length: 500 }, (_, i) => new Uint8Array(1 + (i % 97)));
    const reads = buffers.map((p) => a.read(p));
    const writes = writePattern(b, 4, 100_000, [1, 50, 997]).then(() => b.closeWrite());
    let at = 0;
    for (const [i, n] of (await Promise.all(reads)).entries()) {
      expectPattern(buffers[i]!.subarray(0, n!), 4, at);
      at += n!;
    }
    for (let n; (n = await a.read(buffers[96]!)) !== null; at += n) {
      expectPattern(buffers[96]!.subarray(0, n), 4, at);
    }
    expect(at).toBe(100_000);
    await writes;
  });

  pairTest("concurrent writes do not interleave and keep their order", async ({ a, b }) => {
    const lengths = Array.from({ length: 40 }, (_, i) => SIZES[i % SIZES.length]!);
    const writes = lengths.map((length, i) => b.write(new Uint8Array(length).fill(i)));
    for (const [i, length] of lengths.entries()) {
      const strange = (await readFull(a, length)).find((byte) => byte !== i);
      expect(strange).toBe(undefined);
    }
    await Promise.all(writes);
  });

  pairTest("write() copies its argument at the call", async ({ a, b }) => {
    const lengths = [10, 10_000, 100_000, 2 * MIB, 50];
    const writes = lengths.map((length, i) => {
      const p = pattern(i, length);
      const write = b.write(p);
      p.fill(0);
      return write;
    });
    for (const [i, length] of lengths.entries()) expectPattern(await readFull(a, length), i, 0);
    await Promise.all(writes);
  });

  pairTest("small writes from many turns all arrive", async ({ a, b }) => {
    const echo = (async () => {
      const p = new Uint8Array(64);
      for (let n; (n = await b.read(p)) !== null;) await b.write(p.subarray(0, n));
      await b.closeWrite();
    })();
    const writes = Promise.all(
      Array.from({ length: 300 }, (_, i) => a.write(pattern(5, 10, i * 10))),
    ).then(() => a.closeWrite());
    expect(await readPattern(a, 5)).toBe(3000);
    await Promise.all([echo, writes]);
  });

  pairTest("nobody reads: the peer's write waits, and what it wrote is kept", async ({ a, b }) => {
    b.setWriteDeadline(300);
    let written = 0;
    let error = null;
    while (error === null && written < MORE_THAN_FITS) {
      error = await errorOf(b.write(pattern(6, MIB, written)));
      written += error === null ? MIB : error.bytes;
    }
    expect(error?.code).toBe("timeout");
    b.setWriteDeadline(null);
    const more = b.write(pattern(6, 1000, written)).then(() => b.closeWrite());
    expect(await readPattern(a, 6)).toBe(written + 1000);
    await more;
  });

  pairTest("what is no Uint8Array is refused", async ({ a }) => {
    for (const wrong of ["text", undefined, [1, 2], new ArrayBuffer(8), new Uint16Array(8)]) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a JavaScript program may pass
      const p = wrong as unknown as Uint8Array;
      await expect(a.write(p)).rejects.toThrow(TypeError);
      await expect(a.read(p)).rejects.toThrow(TypeError);
    }
  });

  pairTest("reading makes room for the write that waits", async ({ a, b }) => {
    const write = b.write(new Uint8Array(32 * MIB));
    expect(await isPending(write)).toBe(true);
    for (let at = 0; at < 32 * MIB; at += MIB) await readFull(a, MIB);
    expect(await codeOf(write)).toBe("ok");
  });
}
