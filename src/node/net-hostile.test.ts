import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect as rawConnect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { codeOf, errorOf } from "../testing/conn-pair.ts";
import { dial, listen } from "./net.ts";
import { receive } from "./net-socket.ts";

test("a reset between accept and the first read is that connection's alone", async () => {
  await using listener = await listen("127.0.0.1:0");
  const raw = rawConnect(listener.addr.port, "127.0.0.1");
  await once(raw, "connect");
  raw.resetAndDestroy();
  await once(raw, "close");
  await using bad = await listener.accept();
  expect(await codeOf(bad.read(new Uint8Array(1)))).toBe("reset");
  const accepted = listener.accept();
  await using client = await dial(listener.addr);
  await using good = await accepted;
  await client.write(Uint8Array.of(1));
  expect(await good.read(new Uint8Array(1))).toBe(1);
});

test("nobody reads: the kernel's window closes and memory does not grow", async () => {
  await using listener = await listen("127.0.0.1:0");
  const accepted = listener.accept();
  await using client = await dial(listener.addr);
  await using server = await accepted;
  await client.write(Uint8Array.of(1));
  await server.read(new Uint8Array(1));
  client.setWriteDeadline(300);
  const error = await errorOf(client.write(new Uint8Array(64 << 20)));
  expect(error?.code).toBe("timeout");
  expect(error?.bytes).toBeLessThan(32 << 20);
});

test("a port in use, a port of root, an address of nobody, a name of nobody, a closed port", async () => {
  await using listener = await listen("127.0.0.1:0");
  expect(await codeOf(listen(listener.addr))).toBe("in-use");
  expect(await codeOf(listen("192.0.2.1:0"))).toBe("bad-address");
  expect(await codeOf(dial("no-such-host.invalid:80"))).toBe("unknown-host");
  const { addr } = listener;
  listener.close();
  const error = await errorOf(dial(addr));
  expect(error?.message).toBe(`Cannot dial tcp 127.0.0.1:${addr.port}: connection refused`);
  expect(error?.cause).toMatchObject({ code: "ECONNREFUSED" });
});

test("a signal and a timeout end a dial that nobody answers", async () => {
  // TEST-NET-1 (RFC 5737): no answer, or unreachable at once where there is no route.
  const slow = dial("192.0.2.1:80", { timeoutMs: 50 });
  expect(["timeout", "unreachable", "refused"]).toContain(await codeOf(slow));
  const signal = AbortSignal.abort();
  expect(await codeOf(dial("127.0.0.1:80", { signal }))).toBe("aborted");
});

test("accepted sockets of this Node share the receive buffer", async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const client = rawConnect(address.port, "127.0.0.1");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's documented argument
  const [socket] = (await once(server, "connection")) as [Socket];
  const buffers = new Set<ArrayBufferLike>();
  const got: number[] = [];
  const onBytes = (bytes: Uint8Array, length: number): boolean => {
    buffers.add(bytes.buffer);
    got.push(...bytes.subarray(0, length));
    return true;
  };
  receive(socket, { onBytes }, false).start();
  for (const byte of [1, 2, 3]) {
    client.write(Uint8Array.of(byte));
    while (!got.includes(byte)) await new Promise((resolve) => void setImmediate(resolve));
  }
  client.destroy();
  socket.destroy();
  server.close();
  expect(got).toEqual([1, 2, 3]);
  expect(buffers.size).toBe(1);
});

// The window of time is what is measured there: a loop that spins burns all of it.
const STARVE = `
import { connect } from "node:net";
import { once } from "node:events";
import { listen } from "${new URL("../../dist/node/net.js", import.meta.url).href}";
const listener = await listen("127.0.0.1:0");
let served = 0;
(async () => { for await (const conn of listener) { served++; conn.read(new Uint8Array(1)).catch(() => {}).finally(() => conn.close()); } })();
const settled = (socket) => new Promise((done) => socket.once("connect", done).once("error", done));
const sockets = Array.from({ length: 60 }, () => connect(listener.addr.port, "127.0.0.1").on("error", () => {}));
await Promise.all(sockets.map(settled));
const cpu = process.cpuUsage();
await new Promise((done) => setTimeout(done, 300));
const used = process.cpuUsage(cpu);
const closed = Promise.all(sockets.map((socket) => socket.closed || once(socket, "close")));
for (const socket of sockets) socket.destroy();
await closed;
const before = served;
while (served === before) {
  const last = connect(listener.addr.port, "127.0.0.1").on("error", () => {});
  await settled(last);
  await new Promise((done) => setImmediate(done));
  last.destroy();
}
console.log(JSON.stringify({ recovered: served > before, busy: used.user + used.system > 200_000 }));
process.exit(0);
`;

test("no file descriptor left: no busy loop, and the listener recovers", () => {
  const said = execFileSync(
    "sh",
    ["-c", 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, STARVE],
    { encoding: "utf8", timeout: 20_000 },
  );
  expect(JSON.parse(said)).toEqual({ recovered: true, busy: false });
});
