/**
 * What every {@link Network} must do: listen, accept and dial.
 *
 * @module
 */
import { describe, expect, test } from "vitest";
import { formatAddress } from "../net/address.ts";
import { CallLog } from "../net/calls.ts";
import type { Address, Conn, Listener, Network } from "../net/types.ts";
import { codeOf, errorOf, nextTurn } from "./conn-pair.ts";
import type { Observe } from "./conn-suite-calls.ts";
import { pattern, readFull, readPattern } from "./pattern.ts";

/** What a backend may add for the suite. */
export interface ListenerSuiteOptions {
  /** Addresses with port 0 to listen on; `127.0.0.1:0` unless told. Each is dialed where it listens. */
  readonly addresses?: readonly Address[] | undefined;
  /** A name that nobody has. */
  readonly unknownHost?: string | undefined;
  /** Makes an address that never answers a dial, and what frees it. */
  readonly makeSilent?: (() => Promise<{ address: Address; stop(): void }>) | undefined;
  /** How to hear of the calls of the network. */
  readonly observe?: Observe | undefined;
}

type ListenerTest = (title: string, body: (at: ListenerAt) => Promise<void>) => void;

interface ListenerAt {
  readonly listener: Listener;
  /** Dials the listener; closed after the test. */
  readonly dial: () => Promise<Conn>;
  /** {@link dial} and accept: both ends. */
  readonly connect: () => Promise<{ client: Conn; server: Conn }>;
}

/** Holds a backend to the contract of {@link Network} and {@link Listener}. */
export function testListener(
  name: string,
  network: Network,
  options: ListenerSuiteOptions = {},
): void {
  const { addresses = ["127.0.0.1:0"], observe } = options;
  describe(`Listener over ${name}`, () => {
    const address = addresses[0] ?? "127.0.0.1:0";
    const listenerTest: ListenerTest = (title, body) =>
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- both come from below
      test(title, () => withListener(network, address, body));
    testAccept(listenerTest);
    testLoop(listenerTest);
    testClosed(listenerTest, network);
    testDial(listenerTest, network, options);
    testAddresses(network, addresses);
    testListenerCalls(network, address, observe);
  });
}

async function withListener(
  network: Network,
  address: Address,
  body: (at: ListenerAt) => Promise<void>,
): Promise<void> {
  const conns: Conn[] = [];
  const listener = await network.listen(address);
  const dial = async (): Promise<Conn> => {
    const conn = await network.dial(listener.addr);
    conns.push(conn);
    return conn;
  };
  const connect = async (): Promise<{ client: Conn; server: Conn }> => {
    const accepted = listener.accept();
    const client = await dial();
    const server = await accepted;
    conns.push(server);
    return { client, server };
  };
  try {
    await body({ listener, dial, connect });
  } finally {
    listener.close();
    for (const conn of conns) conn.close();
    await Promise.all(conns.map((conn) => conn.closed));
  }
}

function testAccept(listenerTest: ListenerTest): void {
  listenerTest("both ends agree on their addresses", async ({ listener, connect }) => {
    const { client, server } = await connect();
    expect(client.remoteAddr).toEqual(listener.addr);
    expect(server.localAddr).toEqual(listener.addr);
    expect(server.remoteAddr).toEqual(client.localAddr);
    expect(listener.addr.port).toBeGreaterThan(0);
  });

  listenerTest("dial() needs no accept(), and what was written meanwhile is kept", async (at) => {
    const client = await at.dial();
    await client.write(pattern(1, 100));
    await client.closeWrite();
    const server = await at.listener.accept();
    expect(await readPattern(server, 1)).toBe(100);
    server.close();
  });

  listenerTest("accepts are served in the order of their calls", async ({ listener, dial }) => {
    const accepts = [1, 2, 3].map(() => listener.accept());
    for (const accept of accepts) {
      const client = await dial();
      const server = await accept;
      expect(server.remoteAddr).toEqual(client.localAddr);
      server.close();
    }
  });

  listenerTest("an accept that is aborted takes no connection", async ({ listener, dial }) => {
    const aborted = AbortSignal.abort("why");
    const error = await errorOf(listener.accept({ signal: aborted }));
    expect([error?.op, error?.code, error?.cause]).toEqual(["accept", "aborted", "why"]);
    const controller = new AbortController();
    const first = codeOf(listener.accept(controller));
    const second = listener.accept();
    controller.abort();
    expect(await first).toBe("aborted");
    const client = await dial();
    const server = await second;
    expect(server.remoteAddr).toEqual(client.localAddr);
    server.close();
  });
}

function testLoop(listenerTest: ListenerTest): void {
  listenerTest("for await accepts until close(); connections live on", async (at) => {
    const { listener, dial } = at;
    const accepted: Conn[] = [];
    const loop = (async () => {
      for await (const conn of listener) accepted.push(conn);
    })();
    const clients = await Promise.all(Array.from({ length: 50 }, dial));
    while (accepted.length < 50) await nextTurn();
    listener.close();
    await loop;
    await clients[7]!.write(Uint8Array.of(7));
    const port = clients[7]!.localAddr.port;
    const peer = accepted.find((conn) => conn.remoteAddr.port === port);
    expect([...(await readFull(peer!, 1))]).toEqual([7]);
    for (const conn of accepted) conn.close();
  });

  listenerTest("leaving the loop closes the listener", async ({ listener, dial }) => {
    await dial();
    for await (const conn of listener) {
      conn.close();
      break;
    }
    expect(await codeOf(listener.accept())).toBe("closed");
    for await (const conn of listener) expect.fail(`accepted ${conn.id} after close`);
  });

  listenerTest("many connections at once", async ({ listener, dial }) => {
    const loop = (async () => {
      const served: Promise<void>[] = [];
      for await (const conn of listener) served.push(echo(conn));
      await Promise.all(served);
    })();
    const talk = async (seed: number): Promise<number> => {
      const conn = await dial();
      await conn.write(pattern(seed, 200));
      await conn.closeWrite();
      return readPattern(conn, seed);
    };
    const lengths = await Promise.all(Array.from({ length: 200 }, (_, seed) => talk(seed)));
    expect(new Set(lengths)).toEqual(new Set([200]));
    listener.close();
    await loop;
  });
}

async function echo(conn: Conn): Promise<void> {
  const p = new Uint8Array(64);
  for (let n; (n = await conn.read(p)) !== null;) await conn.write(p.subarray(0, n));
  conn.close();
}

function testClosed(listenerTest: ListenerTest, network: Network): void {
  listenerTest("close() ends the accepts that wait, and all later ones", async ({ listener }) => {
    const accepts = [listener.accept(), listener.accept()].map(codeOf);
    listener.close();
    expect(await Promise.all(accepts)).toEqual(["closed", "closed"]);
    listener.close();
    expect(await codeOf(listener.accept())).toBe("closed");
    await listener[Symbol.asyncDispose]();
  });

  listenerTest("who was not accepted when it closed is reset", async ({ listener, dial }) => {
    const client = await dial();
    listener.close();
    expect(await codeOf(client.read(new Uint8Array(1)))).toBe("reset");
  });

  listenerTest("after close() a dial is refused, and the port is free", async ({ listener }) => {
    await listener[Symbol.asyncDispose]();
    const error = await errorOf(network.dial(listener.addr));
    expect([error?.op, error?.code]).toEqual(["dial", "refused"]);
    expect(error?.message).toBe(
      `Cannot dial tcp ${formatAddress(listener.addr)}: connection refused`,
    );
    const again = await network.listen(listener.addr);
    expect(again.addr).toEqual(listener.addr);
    await again[Symbol.asyncDispose]();
  });

  listenerTest("a port has one listener", async ({ listener }) => {
    const error = await errorOf(network.listen(listener.addr));
    expect([error?.op, error?.code]).toEqual(["listen", "in-use"]);
    expect(error?.message).toBe(
      `Cannot listen tcp ${formatAddress(listener.addr)}: address already in use`,
    );
  });
}

function testDial(
  listenerTest: ListenerTest,
  network: Network,
  { unknownHost, makeSilent }: ListenerSuiteOptions,
): void {
  listenerTest("a dial that may take no time times out", async ({ listener }) => {
    for (const timeoutMs of [0, -1]) {
      const error = await errorOf(network.dial(listener.addr, { timeoutMs }));
      expect([error?.op, error?.code]).toEqual(["dial", "timeout"]);
    }
    const conn = await network.dial(listener.addr, { timeoutMs: 60_000 });
    expect(await codeOf(conn.write(new Uint8Array(1)))).toBe("ok");
    conn.close();
  });

  listenerTest("a dial with an aborted signal connects to nobody", async ({ listener }) => {
    const error = await errorOf(network.dial(listener.addr, { signal: AbortSignal.abort("why") }));
    expect([error?.op, error?.code, error?.cause]).toEqual(["dial", "aborted", "why"]);
    expect(await codeOf(network.listen(listener.addr, { signal: AbortSignal.abort() }))).toBe(
      "aborted",
    );
  });

  listenerTest("a signal of dial() is not for the connection", async ({ listener }) => {
    const controller = new AbortController();
    const conn = await network.dial(listener.addr, controller);
    controller.abort();
    expect(await codeOf(conn.write(new Uint8Array(1)))).toBe("ok");
    conn.close();
  });

  test.each(["", "127.0.0.1", "::1:80", "127.0.0.1:70000", "[::1", "127.0.0.1:no-such-service"])(
    "%j is no address",
    async (address) => {
      for (const call of [network.dial(address), network.listen(address)]) {
        expect(await codeOf(call)).toBe("bad-address");
      }
    },
  );

  test.skipIf(unknownHost === undefined)("a name that nobody has", async () => {
    const address = { hostname: unknownHost, port: 80 };
    expect(await codeOf(network.dial(address))).toBe("unknown-host");
    expect(await codeOf(network.listen(address))).toBe("unknown-host");
  });

  // Where time is virtual, waiting is over at once: such a backend has a test of its own.
  if (makeSilent === undefined) return;
  test("a dial that nobody answers can be given up", async () => {
    const silent = await makeSilent();
    const controller = new AbortController();
    const aborted = codeOf(network.dial(silent.address, controller));
    const timedOut = codeOf(network.dial(silent.address, { timeoutMs: 20 }));
    expect(await timedOut).toBe("timeout");
    controller.abort();
    expect(await aborted).toBe("aborted");
    silent.stop();
  });
}

function testAddresses(network: Network, addresses: readonly Address[]): void {
  test.each(addresses.map((address) => [JSON.stringify(address), address]))(
    "listens on %s",
    async (_, address) => {
      await withListener(network, address, async ({ connect }) => {
        const { client, server } = await connect();
        await client.write(pattern(2, 10));
        await client.closeWrite();
        expect(await readPattern(server, 2)).toBe(10);
        expect(server.remoteAddr).toEqual(client.localAddr);
      });
    },
  );
}

function testListenerCalls(network: Network, address: Address, observe: Observe | undefined): void {
  test.skipIf(observe === undefined)("listen, dial, accept and close are calls", async () => {
    let time = 0n;
    const log = new CallLog(() => ++time);
    const stop = observe!(log);
    const listener = await network.listen(address);
    const accept = listener.accept();
    const client = await network.dial(listener.addr);
    const server = await accept;
    listener.close();
    await codeOf(network.dial(listener.addr));
    stop();
    const [at, from] = [listener.addr, client.localAddr].map(formatAddress);
    const ok = { bytes: null, eof: false, error: null };
    const events = log.close().filter(({ local, remote }) => local === at || remote === at);
    expect(events).toMatchObject([
      { op: "listen", role: "server", conn: null, local: at, remote: null, ...ok },
      { op: "accept", role: "server", conn: server.id, local: at, remote: from, ...ok },
      { op: "dial", role: "client", conn: client.id, local: from, remote: at, ...ok },
      { op: "close", role: "server", conn: null, local: at, remote: null, ...ok },
      { op: "dial", role: "client", conn: null, local: null, remote: at, error: "refused" },
    ]);
    for (const { begin, end } of events) expect(end).toBeGreaterThan(begin);
    client.close();
    server.close();
    await Promise.all([client.closed, server.closed]);
  });
}
