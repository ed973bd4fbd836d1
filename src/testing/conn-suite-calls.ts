/**
 * Conformance of connections: each call is an event, from its begin to its end.
 *
 * @module
 */
import { expect } from "vitest";
import { formatAddress } from "../net/address.ts";
import { CallLog, type CallSink } from "../net/calls.ts";
import type { Conn } from "../net/types.ts";
import type { CallEvent } from "../pcap/event.ts";
import { codeOf, type ConnPair, type PairTest } from "./conn-pair.ts";
import { readFull } from "./pattern.ts";

/** Lets a sink hear of calls until the returned function is called. */
export type Observe = (sink: CallSink) => () => void;

/** Calls as a recording has them; nothing of it without `observe`. */
export function testCalls(pairTest: PairTest, observe: Observe | undefined): void {
  if (observe === undefined) return;
  /** What a log holds after `body`, in the order of begins. */
  const recorded = async (
    pair: ConnPair,
    body: (pair: ConnPair) => Promise<void>,
  ): Promise<CallEvent[]> => {
    let time = 0n;
    const log = new CallLog(() => ++time);
    const stop = observe(log);
    try {
      await body(pair);
    } finally {
      stop();
    }
    const ids = new Set([pair.a.id, pair.b.id]);
    return log.close().filter(({ conn }) => conn !== null && ids.has(conn));
  };

  pairTest("calls have bytes, addresses and the connection's id", async (pair) => {
    const events = await recorded(pair, async ({ a, b }) => {
      await a.write(Uint8Array.of(1, 2, 3));
      await readFull(b, 3);
      await a.closeWrite();
      await b.read(new Uint8Array(1));
      b.close();
      await b.closed;
    });
    expect(events.map(line)).toEqual([
      "client write 3",
      ...events.filter(({ op, bytes }) => op === "read" && bytes !== null).map(line),
      "client closeWrite",
      "server read EOF",
      "server close",
    ]);
    for (const event of events) {
      expect(event).toMatchObject(event.role === "client" ? whoIs(pair.a) : whoIs(pair.b));
      expect(event.end).toBeGreaterThan(event.begin);
    }
    expect(events.every((event, i) => i === 0 || event.id > events[i - 1]!.id)).toBe(true);
  });

  pairTest("a call that waits begins before the one that serves it", async (pair) => {
    const events = await recorded(pair, async ({ a, b }) => {
      const read = a.read(new Uint8Array(8));
      await b.write(Uint8Array.of(1));
      await read;
    });
    const [read, write] = events;
    expect(events.map(line)).toEqual(["client read 1", "server write 1"]);
    expect(read!.begin).toBeLessThan(write!.begin);
    expect(read!.end).toBeGreaterThan(write!.begin);
  });

  pairTest("a call that fails says why", async (pair) => {
    const events = await recorded(pair, async ({ a }) => {
      a.setDeadline(0);
      await codeOf(a.read(new Uint8Array(1)));
      await codeOf(a.write(new Uint8Array(1)));
      a.setDeadline(null);
      const controller = new AbortController();
      const read = codeOf(a.read(new Uint8Array(1), controller));
      controller.abort();
      await read;
      const waiting = codeOf(a.read(new Uint8Array(1)));
      a.close();
      a.close();
      await waiting;
      await codeOf(a.closeWrite());
    });
    expect(events.map(line)).toEqual([
      "client read timeout",
      "client write 0 timeout",
      "client read aborted",
      "client read closed",
      "client close",
      "client closeWrite closed",
    ]);
  });

  pairTest("a call that still waits has no end", async (pair) => {
    const reads: Promise<string>[] = [];
    const events = await recorded(pair, async ({ a }) => {
      reads.push(codeOf(a.read(new Uint8Array(1))));
    });
    expect(events).toMatchObject([{ op: "read", end: null, bytes: null, eof: false, error: null }]);
    pair.a.close();
    expect(await Promise.all(reads)).toEqual(["closed"]);
  });

  pairTest("a reset is in the calls of the end that suffers it", async (pair) => {
    const events = await recorded(pair, async ({ a, b }) => {
      const read = codeOf(a.read(new Uint8Array(1)));
      b.setLinger(0);
      b.close();
      await read;
    });
    expect(events.map(line)).toEqual(["client read reset", "server close"]);
  });
}

function line({ role, op, bytes, eof, error }: CallEvent): string {
  return [role, op, bytes, eof ? "EOF" : null, error].filter((part) => part !== null).join(" ");
}

function whoIs(conn: Conn): Partial<CallEvent> {
  const [local, remote] = [conn.localAddr, conn.remoteAddr].map(formatAddress);
  return { conn: conn.id, local: local!, remote: remote! };
}
