import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOf, errorOf, isPending } from "../testing/conn-pair.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Calls, type Call } from "./calls.ts";
import { pipe } from "./pipe.ts";
import { StreamConn } from "./stream-conn.ts";
import type { Transport } from "./transport.ts";

/** A kernel's socket for writes: takes one piece at a time and is busy with it until told. */
class SlowTransport implements Transport {
  isBusy = false;
  readonly sent: number[] = [];
  readonly log: string[] = [];

  take(): number {
    return 0;
  }

  put(p: Uint8Array, at: number): number {
    if (this.isBusy) throw new Error("put() while busy");
    const piece = p.subarray(at, at + 4);
    this.sent.push(...piece);
    this.isBusy = piece.length > 0;
    return piece.length;
  }

  finish(): void {
    this.log.push("finish");
  }

  close(reset: boolean): void {
    this.log.push(reset ? "reset" : "close");
  }
}

function slowConn(): { transport: SlowTransport; conn: StreamConn; goOn: () => void } {
  const transport = new SlowTransport();
  const addr = { hostname: "127.0.0.1", port: 1 };
  const common = { role: "client", localAddr: addr, remoteAddr: addr } as const;
  const clock = new VirtualClock();
  const conn = new StreamConn({ transport, ...common, calls: new Calls(), clock });
  const goOn = (): void => {
    transport.isBusy = false;
    conn.onWritable();
  };
  return { transport, conn, goOn };
}

test("a write resolves when what is under way has gone down", async () => {
  const { transport, conn, goOn } = slowConn();
  const write = conn.write(Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect(await isPending(write)).toBe(true);
  goOn();
  expect(await isPending(write)).toBe(true);
  goOn();
  await write;
  expect(transport.sent).toEqual([1, 2, 3, 4, 5, 6]);
});

test("an aborted write leaves what is under way; the next one follows it", async () => {
  const { transport, conn, goOn } = slowConn();
  const controller = new AbortController();
  const first = errorOf(conn.write(Uint8Array.of(1, 2, 3, 4, 5), controller));
  controller.abort();
  expect((await first)?.bytes).toBe(4);
  const second = conn.write(Uint8Array.of(9));
  expect(transport.sent).toEqual([1, 2, 3, 4]);
  goOn();
  goOn();
  await second;
  expect(transport.sent).toEqual([1, 2, 3, 4, 9]);
});

test("the FIN goes after the writes before it, once", async () => {
  const { transport, conn, goOn } = slowConn();
  const write = conn.write(Uint8Array.of(1, 2, 3, 4, 5));
  const finish = conn.closeWrite();
  expect(transport.log).toEqual([]);
  goOn();
  goOn();
  await write;
  expect(transport.log).toEqual(["finish"]);
  expect(await isPending(finish)).toBe(true);
  conn.onFinished();
  conn.onFinished();
  await finish;
  conn.close();
  conn.close();
  expect(transport.log).toEqual(["finish", "close"]);
});

test("the FIN goes out when the writes before it are given up", async () => {
  const { transport, conn } = slowConn();
  const controller = new AbortController();
  const writes = [1, 2].map(() => codeOf(conn.write(new Uint8Array(9), controller)));
  const finish = conn.closeWrite();
  controller.abort();
  expect(await Promise.all(writes)).toEqual(["aborted", "aborted"]);
  expect(transport.log).toEqual(["finish"]);
  conn.onFinished();
  await finish;
});

test("a failure tells everybody once, and is not undone by what comes after it", async () => {
  const { transport, conn } = slowConn();
  const calls = [conn.read(new Uint8Array(1)), conn.write(new Uint8Array(9)), conn.closeWrite()];
  const codes = calls.map(codeOf);
  conn.onError("reset", "the cause");
  conn.onError("timeout");
  conn.onClosed();
  expect(await Promise.all(codes)).toEqual(["reset", "reset", "reset"]);
  expect((await errorOf(conn.read(new Uint8Array(1))))?.cause).toBe("the cause");
  conn.close();
  expect(transport.log).toEqual([]);
  await conn.closed;
});

test("bytes that came with the failure are read first", async () => {
  const { transport, conn } = slowConn();
  const reads = [1, 2].map(() => codeOf(conn.read(new Uint8Array(4))));
  const inbox = [4];
  transport.take = () => inbox.pop() ?? 0;
  conn.onError("reset");
  expect(await Promise.all(reads)).toEqual(["ok", "reset"]);
});

test("no timer is left after a reset", async () => {
  const clock = new VirtualClock();
  const [a, b] = pipe({ clock });
  a.setDeadline(100);
  const read = codeOf(a.read(new Uint8Array(1)));
  b.setLinger(0);
  b.close();
  expect([await read, clock.pending]).toEqual(["reset", 0]);
});

test("a deadline leaves no timer behind", async () => {
  const clock = new VirtualClock();
  const [a, b] = pipe({ clock });
  a.setDeadline(100);
  const read = codeOf(a.read(new Uint8Array(1)));
  expect(clock.pending).toBe(1);
  a.close();
  expect([await read, clock.pending]).toEqual(["closed", 0]);
  expect(await b.read(new Uint8Array(1))).toBe(null);
});

test("no timer is left when both directions have ended", async () => {
  const clock = new VirtualClock();
  const [a, b] = pipe({ clock });
  a.setDeadline(100);
  const read = a.read(new Uint8Array(1));
  await Promise.all([a.closeWrite(), b.closeWrite()]);
  expect(await read).toBe(null);
  await a.closed;
  expect(clock.pending).toBe(0);
});

test("who hears of a call may make calls of its own", async () => {
  const heard: string[] = [];
  const onBegin = (call: Call): void => {
    heard.push(`${call.op} begins`);
    if (call.op === "close") a.close();
  };
  const onEnd = (call: Call): void => {
    heard.push(`${call.op} ${call.error?.code ?? "ends"}`);
    if (call.op === "read") a.close();
  };
  const [a, b] = pipe({ calls: new Calls({ isActive: () => true, onBegin, onEnd }) });
  const reads = [a.read(new Uint8Array(1)), a.read(new Uint8Array(1))].map(codeOf);
  await b.write(Uint8Array.of(1, 2));
  expect(await Promise.all(reads)).toEqual(["ok", "closed"]);
  expect(heard).toEqual([
    "read begins",
    "read begins",
    "write begins",
    "write ends",
    "read ends",
    "close begins",
    "read closed",
    "close ends",
  ]);
});

test("a waiting read whose buffer was taken away holds up nobody", async () => {
  const [a, b] = pipe();
  const gone = new Uint8Array(8);
  const first = a.read(gone);
  const second = a.read(new Uint8Array(8));
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  await b.write(Uint8Array.of(1, 2, 3));
  expect([await first, await second]).toEqual([0, 3]);
});

const step = fc.oneof(
  fc.record({ read: fc.integer({ min: 1, max: 12 }), abort: fc.boolean() }),
  fc.record({ write: fc.integer({ min: 0, max: 30 }), abort: fc.boolean() }),
  fc.record({ readDeadline: fc.option(fc.integer({ min: 0, max: 3 })) }),
  fc.record({ writeDeadline: fc.option(fc.integer({ min: 0, max: 3 })) }),
  fc.constantFrom("tick" as const, "turn" as const, "abort" as const),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does `steps` on both ends of a small pipe: what went in, and what came out, in the order of calls. */
async function run(steps: readonly Step[]): Promise<{ written: number[]; read: number[] }> {
  const clock = new VirtualClock();
  const [a, b] = pipe({ clock, capacity: 16 });
  let controller = new AbortController();
  let next = 0;
  const writes: Promise<number[]>[] = [];
  const reads: Promise<number[]>[] = [];
  const options = (abort: boolean): { signal?: AbortSignal } =>
    abort ? { signal: controller.signal } : {};
  for (const s of steps) {
    if (s === "turn") await Promise.resolve();
    else if (s === "tick") clock.advance(1);
    else if (s === "abort") {
      controller.abort();
      controller = new AbortController();
    } else if ("read" in s) reads.push(bytesRead(a.read.bind(a), s.read, options(s.abort)));
    else if ("write" in s) {
      const p = Uint8Array.from({ length: s.write }, () => next++ % 251);
      writes.push(bytesWritten(b.write(p, options(s.abort)), p));
    } else if ("readDeadline" in s) a.setReadDeadline(s.readDeadline);
    else b.setWriteDeadline(s.writeDeadline);
  }
  a.setDeadline(null);
  b.setDeadline(null);
  const finish = b.closeWrite();
  for (let n = 1; n > 0;) {
    const rest = bytesRead(a.read.bind(a), 7, {});
    reads.push(rest);
    n = (await rest).length;
  }
  await finish;
  expect(clock.pending).toBeLessThanOrEqual(2);
  return {
    written: (await Promise.all(writes)).flat(),
    read: (await Promise.all(reads)).flat(),
  };
}

async function bytesRead(
  read: (p: Uint8Array, options: { signal?: AbortSignal }) => Promise<number | null>,
  length: number,
  options: { signal?: AbortSignal },
): Promise<number[]> {
  const p = new Uint8Array(length);
  let n: number | null = 0;
  await errorOf(read(p, options).then((got) => (n = got)));
  return [...p.subarray(0, n ?? 0)];
}

async function bytesWritten(write: Promise<void>, p: Uint8Array): Promise<number[]> {
  const error = await errorOf(write);
  return [...p.subarray(0, error?.bytes ?? p.length)];
}

test("whatever is aborted and timed out, bytes out are the bytes that errors say went in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { written, read } = await run(steps);
      expect(read).toEqual(written);
    }),
    { numRuns: 1000 },
  );
});
