/** SYN floods (RFC 4987), and listeners that nobody serves. */
import { expect, test } from "vitest";
import { AttackedHost, NOTHING_LEFT } from "../../testing/attacked-host.ts";
import { SynFlood } from "../../testing/syn-flood.ts";
import { startTransfer, twoHosts } from "../../testing/two-hosts.ts";
import { Flag } from "../../wire/tcp.ts";

const MS = 1e6;
const SECOND = 1e9;
const LONG = 3600 * SECOND;

/** Where the numbers of a client begin: they wrap with its SYN. */
const ISS = 0xffff_ffff;

test("half-open connections are bounded, the oldest give way, each SYN is answered once, and all end", () => {
  const rig = new AttackedHost();
  const listener = rig.host.listen("0.0.0.0", 80, { halfOpen: 64 });
  const flood = new SynFlood();
  for (let i = 0; i < 5000; i++) {
    rig.gets(flood.next());
    expect(rig.host.connections).toBeLessThanOrEqual(64);
  }
  expect(listener.tcp.halfOpen).toBe(64);
  expect(rig.host.counters.gaveWay).toBe(5000 - 64);
  // A SYN-ACK each and nothing more: who never answers is not sent a RST.
  expect(rig.sentPackets).toBe(5000);
  rig.runUntil(LONG);
  expect([rig.left, listener.tcp.halfOpen]).toEqual([NOTHING_LEFT, 0]);
});

test("a client within a round trip of the flood gets through", () => {
  const rig = new AttackedHost();
  const listener = rig.host.listen("0.0.0.0", 80, { halfOpen: 64 });
  const flood = new SynFlood();
  for (let i = 0; i < 1000; i++) rig.gets(flood.next());
  const [synAck] = rig.segment({ seq: ISS });
  for (let i = 0; i < 63; i++) rig.gets(flood.next());
  rig.segment({ flags: 0, seq: 0, ack: (synAck!.seq + 1) >>> 0 });
  const socket = listener.accept();
  expect(socket?.endpoint.state).toBe("ESTABLISHED");
  for (let i = 0; i < 1000; i++) rig.gets(flood.next());
  expect(socket?.endpoint.state).toBe("ESTABLISHED");
  socket?.abort(rig.nowNs);
  rig.runUntil(LONG);
  expect(rig.left).toEqual(NOTHING_LEFT);
});

test("a client who was too slow is told so by RST", () => {
  const rig = new AttackedHost();
  rig.host.listen("0.0.0.0", 80, { halfOpen: 8 });
  const flood = new SynFlood();
  const [synAck] = rig.segment({ seq: ISS });
  for (let i = 0; i < 8; i++) rig.gets(flood.next());
  const ack = (synAck!.seq + 1) >>> 0;
  expect(rig.segment({ flags: 0, seq: 0, ack })).toMatchObject([{ seq: ack, flags: Flag.RST }]);
  rig.runUntil(LONG);
  expect(rig.left).toEqual(NOTHING_LEFT);
});

/** Milliseconds that a transfer takes while `burst` SYNs come each millisecond. */
function transferMs(burst: number): number {
  const hosts = twoHosts({ delayNs: 10 * MS });
  const transfer = startTransfer(hosts, { up: 400_000, down: 1 });
  const flood = new SynFlood();
  for (let i = 0; i < 500; i++) {
    hosts.sim.run(hosts.sim.nowNs + MS);
    for (let n = 0; n < burst; n++) hosts.link.a.send(flood.next().slice(), hosts.sim.nowNs);
  }
  hosts.sim.run(LONG);
  expect([transfer.server.received, transfer.client.received]).toEqual([400_000, 1]);
  return (transfer.server.endNs ?? Infinity) / MS;
}

test("a transfer on the flooded port goes on as if nothing were", () => {
  expect(transferMs(20)).toBeLessThan(transferMs(0) * 1.1);
});

test("with a full backlog no handshake ends: the client asks again, and gets in when there is room", () => {
  const { sim, client, server } = twoHosts({ delayNs: MS });
  const listener = server.listen("0.0.0.0", 80, { backlog: 2 });
  // All their SYNs come while there is room.
  const sockets = Array.from({ length: 6 }, () => client.connect("10.0.0.2", 80, 0));
  sim.run(100 * MS);
  expect([listener.tcp.ready, listener.tcp.halfOpen]).toEqual([2, 4]);
  expect(server.counters.drops["not-accepted"]).toBe(4);
  let accepted = 0;
  for (let s = 0; s < 20; s++) {
    while (listener.accept() !== null) accepted++;
    sim.run(sim.nowNs + SECOND);
    expect(listener.tcp.ready).toBeLessThanOrEqual(2);
  }
  expect([accepted, listener.tcp.halfOpen]).toEqual([6, 0]);
  for (const socket of sockets) socket.abort(sim.nowNs);
  listener.close(sim.nowNs);
  expect(sim.run(sim.nowNs + LONG)).toBe("quiet");
  expect([client.connections, server.connections]).toEqual([0, 0]);
});

test("nobody ever accepts: those who wait are bounded, the others give up, and closing the listener ends it", () => {
  const { sim, client, server } = twoHosts({ delayNs: MS });
  const listener = server.listen("0.0.0.0", 80, { backlog: 3 });
  for (let i = 0; i < 200; i++) {
    client.connect("10.0.0.2", 80, sim.nowNs);
    sim.run(sim.nowNs + SECOND);
    expect(listener.tcp.ready).toBeLessThanOrEqual(3);
  }
  sim.run(sim.nowNs + LONG);
  expect([server.connections, client.connections]).toEqual([3, 3]);
  listener.close(sim.nowNs);
  expect(sim.run(sim.nowNs + LONG)).toBe("quiet");
  expect([server.connections, client.connections]).toEqual([0, 0]);
});
