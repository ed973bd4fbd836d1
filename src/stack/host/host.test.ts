import { expect, test } from "vitest";
import { viewOf } from "../../base/bytes.ts";
import { pattern } from "../../testing/pattern.ts";
import { tcpPacket, type TcpPacketInit } from "../../testing/stack-packets.ts";
import { twoHosts } from "../../testing/two-hosts.ts";
import { parseIpv4Address } from "../../wire/address.ts";
import { emitIcmp, IcmpType, Icmpv6Type, icmpType, setIcmpChecksum } from "../../wire/icmp.ts";
import { setIpv4Checksum } from "../../wire/ipv4.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { Flag, parseTcp, type TcpRepr } from "../../wire/tcp.ts";
import type { Device } from "../device/device.ts";
import { makeIcmpError } from "../ip/icmp-error.ts";
import { readIp, type IpPacket } from "../ip/read-ip.ts";
import { writeIpHeader } from "../ip/write-ip.ts";
import { linux } from "../tcp/profile.ts";
import { Host } from "./host.ts";
import type { HostInit } from "./host-options.ts";
import type { Socket } from "./socket.ts";

const MS = 1e6;
const SECOND = 1e9;
const LONG = 3600 * SECOND;

/** A device in the hands of a test. */
class Bench implements Device {
  readonly mtu = 1500;
  readonly inbox: Uint8Array[] = [];
  readonly sent: Uint8Array[] = [];

  send(packet: Uint8Array): void {
    this.sent.push(packet);
  }

  poll(): Uint8Array | null {
    return this.inbox.shift() ?? null;
  }

  pollAt(): number {
    return this.inbox.length === 0 ? Infinity : -Infinity;
  }
}

/** A host at 10.0.0.2 and 2001:db8::2 on a bench. */
class Rig {
  readonly bench = new Bench();
  readonly host: Host;
  nowNs = 0;

  constructor(init: Partial<HostInit> = {}) {
    const addresses = ["10.0.0.2", "2001:db8::2"];
    this.host = new Host({ addresses, device: this.bench, profile: linux, ...init });
  }

  /** Gives the host a packet; what it sends at once. */
  gets(packet: Uint8Array): IpPacket[] {
    this.bench.inbox.push(packet);
    this.host.poll(this.nowNs);
    return this.bench.sent.splice(0).map(ipOf);
  }

  /** Gives the host a segment; the segments that it sends at once. */
  segment(init: TcpPacketInit): TcpRepr[] {
    return this.gets(tcpPacket(init)).map(({ view, at, end }) => parseTcp(view, at, end));
  }
}

function ipOf(packet: Uint8Array): IpPacket {
  const ip = readIp(packet);
  if (typeof ip === "string") throw new RangeError(ip);
  return ip;
}

test.each([4, 6] as const)(
  "IPv%d: a SYN for a port that nobody has is answered by RST (RFC 9293 §3.10.7.1)",
  (version) => {
    const rig = new Rig();
    const [reset, ...more] = rig.segment({ version, seq: 0xffff_ffff });
    expect(reset).toMatchObject({ flags: Flag.RST | Flag.ACK, seq: 0, ack: 0, dstPort: 40_000 });
    expect(more).toEqual([]);
    expect(rig.host.counters).toMatchObject({ received: 1, sent: 1, resets: 1 });
    expect(rig.host.counters.drops["no-connection"]).toBe(1);
  },
);

test("a stray ACK is answered by RST at its number, a stray RST by nothing", () => {
  const rig = new Rig();
  expect(rig.segment({ flags: 0, ack: 77 })).toMatchObject([{ flags: Flag.RST, seq: 77 }]);
  expect(rig.segment({ flags: Flag.RST })).toEqual([]);
});

test.each([
  ["not-ours", { dst: "10.0.0.3" }],
  ["bad-source", { src: "224.0.0.1" }],
  ["bad-source", { src: "0.0.0.0" }],
  ["bad-source", { src: "255.255.255.255" }],
  ["bad-source", { version: 6, src: "ff02::1" }],
] as const)("dropped without a word: %s", (why, init) => {
  const drops: string[] = [];
  const rig = new Rig({ hostProbe: (drop) => drops.push(drop.why) });
  rig.host.listen("::", 80);
  expect(rig.segment(init)).toEqual([]);
  expect(drops).toEqual([why]);
  expect(rig.host.counters.drops[why]).toBe(1);
});

test("a damaged segment is dropped; without checksums it is not seen", () => {
  const packet = tcpPacket({ payloadLen: 4 });
  packet[packet.length - 1]! ^= 1;
  const rig = new Rig();
  expect(rig.gets(packet)).toEqual([]);
  expect(rig.host.counters.drops["bad-segment"]).toBe(1);
  expect(new Rig({ checksums: false }).gets(packet).length).toBe(1);
  const short = tcpPacket();
  short[32] = 0x40;
  expect(rig.gets(short)).toEqual([]);
  expect(rig.host.counters.drops["bad-segment"]).toBe(2);
});

test("a SYN for a listener is answered, the handshake makes a connection to accept", () => {
  const rig = new Rig();
  const listener = rig.host.listen("0.0.0.0", 80);
  const ready: number[] = [];
  listener.user = { onReady: (_, nowNs) => void ready.push(nowNs) };
  const [synAck] = rig.segment({ seq: 100 });
  expect(synAck).toMatchObject({ flags: Flag.SYN | Flag.ACK, ack: 101 });
  expect([listener.accept(), ready]).toEqual([null, []]);
  rig.nowNs = 5;
  rig.segment({ flags: 0, seq: 101, ack: (synAck!.seq + 1) >>> 0 });
  expect(ready).toEqual([5]);
  const socket = listener.accept()!;
  expect(socket.endpoint.state).toBe("ESTABLISHED");
  expect([socket.localAddress, socket.localPort]).toEqual(["10.0.0.2", 80]);
  expect([socket.remoteAddress, socket.remotePort]).toEqual(["10.0.0.1", 40_000]);
  expect(listener.accept()).toBe(null);
});

/** The initial sequence number of a host's answer to port `port`. */
function iss(port: number, nowNs: number, secret?: Uint8Array): number {
  const rig = new Rig({ secret });
  rig.nowNs = nowNs;
  rig.host.listen("0.0.0.0", 80);
  return rig.segment({ srcPort: port })[0]!.seq;
}

test("initial sequence numbers: another for each flow, with the clock for the same (RFC 6528)", () => {
  expect((iss(1000, SECOND) - iss(1000, 0)) >>> 0).toBe(250_000);
  expect(new Set([iss(1000, 0), iss(1001, 0), iss(1000, 0, Uint8Array.of(1))]).size).toBe(3);
});

test("IPv4 and IPv6 have ports of their own, unless one listens on all there is", () => {
  const rig = new Rig();
  const four = rig.host.listen("0.0.0.0", 80);
  const six = rig.host.listen("2001:db8::2", 80);
  for (const version of [4, 6] as const) {
    const [synAck] = rig.segment({ version, seq: 100 });
    rig.segment({ version, flags: 0, seq: 101, ack: (synAck!.seq + 1) >>> 0 });
  }
  expect([four.tcp.ready, six.tcp.ready]).toEqual([1, 1]);
});

test("a connection that was reset before anybody accepted it is accepted all the same", () => {
  const rig = new Rig();
  const listener = rig.host.listen("::", 80);
  const [synAck] = rig.segment({ seq: 100 });
  rig.segment({ flags: 0, seq: 101, ack: (synAck!.seq + 1) >>> 0 });
  rig.segment({ flags: Flag.RST, seq: 101 });
  expect(rig.host.connections).toBe(0);
  expect(listener.accept()!.endpoint.state).toBe("CLOSED");
  expect(listener.accept()).toBe(null);
});

test.each([
  ["0.0.0.0", "10.0.0.2", "in-use"],
  ["10.0.0.2", "0.0.0.0", "in-use"],
  ["2001:db8::2", "0.0.0.0", null],
  ["::", "0.0.0.0", "in-use"],
  ["0.0.0.0", "::", "in-use"],
  ["0.0.0.0", "2001:db8::2", null],
  ["10.0.0.2", "10.0.0.2", "in-use"],
  ["10.0.0.2", "10.0.0.9", "bad-address"],
])("who has %s, another one on %s: %s", (first, second, why) => {
  const { host } = new Rig();
  host.listen(first, 80);
  expect(host.checkListen(second, 80)).toBe(why);
  expect(host.checkListen(second, 81)).toBe(why === "bad-address" ? why : null);
});

test("a closed listener frees its port and resets whom nobody accepted", () => {
  const rig = new Rig();
  const listener = rig.host.listen("0.0.0.0", 80);
  const [synAck] = rig.segment({ seq: 100 });
  rig.segment({ flags: 0, seq: 101, ack: (synAck!.seq + 1) >>> 0 });
  listener.close(0);
  listener.close(0);
  rig.host.poll(0);
  expect(rig.bench.sent.map((p) => parseTcp(viewOf(p), 20).flags & Flag.RST)).toEqual([Flag.RST]);
  expect([rig.host.connections, rig.host.checkListen("0.0.0.0", 80)]).toEqual([0, null]);
});

test("a flood of SYNs takes bounded room, and its end gives it back", () => {
  const rig = new Rig();
  const listener = rig.host.listen("0.0.0.0", 80, { backlog: 16 });
  for (let i = 0; i < 20_000; i++)
    rig.segment({ src: `10.1.${i >> 8}.${i & 255}`, srcPort: 1024 + i, seq: i });
  expect(rig.host.connections).toBeLessThanOrEqual(listener.tcp.halfOpen + listener.tcp.ready);
  expect(rig.host.connections).toBeLessThan(1100);
  for (let at = rig.host.pollAt(); at < LONG; at = rig.host.pollAt()) rig.host.poll(at);
  expect([rig.host.connections, listener.tcp.halfOpen]).toEqual([0, 0]);
  expect(rig.host.pollAt()).toBe(Infinity);
});

test("a backlog that is full takes no more connections, and one accepted makes room", () => {
  const hosts = twoHosts({ delayNs: MS });
  const listener = hosts.server.listen("0.0.0.0", 80, { backlog: 2 });
  const sockets = [0, 500, 1000, 1500].map((ms) => {
    hosts.sim.run(ms * MS);
    return hosts.client.connect("10.0.0.2", 80, hosts.sim.nowNs);
  });
  hosts.sim.run(1900 * MS);
  expect(listener.tcp.ready).toBe(2);
  for (let i = 0; i < 4; i++) {
    expect(listener.accept()).not.toBe(null);
    hosts.sim.run(hosts.sim.nowNs + 10 * SECOND);
  }
  expect(sockets.map(({ endpoint }) => endpoint.state)).toEqual(Array(4).fill("ESTABLISHED"));
});

test("two hosts that dial each other at once get one connection (simultaneous open)", () => {
  const hosts = twoHosts({ delayNs: MS });
  const one = hosts.client.connect("10.0.0.2", 5000, 0, { localPort: 4000 });
  const two = hosts.server.connect("10.0.0.1", 4000, 0, { localPort: 5000 });
  hosts.sim.run(SECOND);
  expect([one.endpoint.state, two.endpoint.state]).toEqual(["ESTABLISHED", "ESTABLISHED"]);
});

test("a connection to oneself, from the same port to the same port", () => {
  const { sim, client } = twoHosts();
  const socket = client.connect("127.0.0.1", 7000, 0, { localPort: 7000 });
  sim.run(SECOND);
  expect(socket.endpoint.state).toBe("ESTABLISHED");
});

test("ports of connections are taken; of 4-tuples, not of the host", () => {
  const { client } = twoHosts();
  client.connect("10.0.0.2", 80, 0, { localPort: 4000 });
  expect(() => client.connect("10.0.0.2", 80, 0, { localPort: 4000 })).toThrow("no local port");
  expect(client.connect("10.0.0.2", 81, 0, { localPort: 4000 }).localPort).toBe(4000);
});

test.each([
  ["8.8.8.8.8", 80, SyntaxError],
  ["10.0.0.2", 0, RangeError],
  ["10.0.0.2", 65_536, RangeError],
])("nobody connects to %s port %d", (address, port, error) => {
  expect(() => new Rig().host.connect(address, port, 0)).toThrow(error);
});

test("a host without an address of the version reaches nobody there", () => {
  const { host } = new Rig({ addresses: ["10.0.0.2"] });
  expect(() => host.connect("2001:db8::1", 80, 0)).toThrow("no address of this host can reach it");
  expect(() => host.listen("2001:db8::2", 80)).toThrow("bad-address");
  expect(() => host.listen("0.0.0.0", -1)).toThrow(RangeError);
});

test.each([4, 6] as const)(
  "IPv%d: UDP is answered by port unreachable, what nobody knows by protocol unreachable, some of them",
  (version) => {
    const rig = new Rig();
    const from = (protocol: number): Uint8Array => {
      const packet = tcpPacket({ version });
      packet[version === 4 ? 9 : 6] = protocol;
      if (version === 4) setIpv4Checksum(viewOf(packet), 0);
      return packet;
    };
    const typeAndCode = (protocol: number): readonly (readonly number[])[] =>
      rig.gets(from(protocol)).map(({ packet, at }) => Array.from(packet.subarray(at, at + 2)));
    expect(typeAndCode(IpProtocol.UDP)).toEqual([version === 4 ? [3, 3] : [1, 4]]);
    expect(typeAndCode(200)).toEqual([version === 4 ? [3, 2] : [4, 1]]);
    let answers = 0;
    for (let i = 0; i < 1000; i++) answers += typeAndCode(200).length;
    expect(answers).toBeLessThan(50);
  },
);

/** An ICMP message from 10.0.0.1. */
function icmp(version: 4 | 6, type: number): Uint8Array {
  const base = tcpPacket({ version });
  const headerLen = version === 4 ? 20 : 40;
  const [src, dst] =
    version === 4
      ? [base.slice(12, 16), base.slice(16, 20)]
      : [base.slice(8, 24), base.slice(24, 40)];
  const packet = new Uint8Array(headerLen + 12);
  const v = viewOf(packet);
  const protocol = version === 4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
  writeIpHeader({ src, dst, protocol, hopLimit: 64, ecn: "not-ECT", id: 1 }, v);
  const payload = pattern(1, 4);
  emitIcmp({ type, code: 0, checksum: 0, word: 0x1234_0001, payload }, v, headerLen);
  setIcmpChecksum(v, 0, headerLen, packet.length);
  return packet;
}

test.each([
  [4, IcmpType.ECHO_REQUEST, IcmpType.ECHO_REPLY],
  [6, Icmpv6Type.ECHO_REQUEST, Icmpv6Type.ECHO_REPLY],
] as const)("IPv%d: a ping comes back", (version, request, reply) => {
  const rig = new Rig();
  const [answer, ...more] = rig.gets(icmp(version, request));
  const { packet, view, at } = answer!;
  expect([icmpType(view, at), more.length]).toEqual([reply, 0]);
  expect(packet.subarray(at + 4)).toEqual(icmp(version, request).subarray(at + 4));
  expect(rig.gets(icmp(version, reply))).toEqual([]);
  expect(rig.host.counters.drops["unread-icmp"]).toBe(1);
});

test("an ICMP error about our SYN ends the attempt; about another segment nobody hears", () => {
  const rig = new Rig();
  const socket = rig.host.connect("10.0.0.1", 80, 0);
  rig.host.poll(0);
  const [syn] = rig.bench.sent.splice(0);
  const from = parseIpv4Address("10.0.0.1");
  const stray = makeIcmpError(tcpPacket({ src: "10.0.0.2" }), { kind: "no-port", from })!;
  rig.gets(stray);
  expect(rig.host.counters.drops["unread-icmp"]).toBe(1);
  rig.gets(makeIcmpError(syn!, { kind: "no-port", from })!);
  expect(rig.host.counters.icmpErrors).toBe(1);
  expect(socket.endpoint.state).toBe("CLOSED");
  expect(rig.host.connections).toBe(0);
});

test("a SYN in TIME-WAIT begins the next connection of the same ports", () => {
  const { sim, client, server } = twoHosts({ delayNs: MS });
  const listener = server.listen("0.0.0.0", 80);
  const again = (): Socket => {
    const socket = client.connect("10.0.0.2", 80, sim.nowNs, { localPort: 4000 });
    sim.run(sim.nowNs + 100 * MS);
    expect(socket.endpoint.state).toBe("ESTABLISHED");
    return socket;
  };
  const dialed = again();
  const accepted = listener.accept()!;
  // Who closes first waits: the server.
  accepted.close(sim.nowNs);
  sim.run(sim.nowNs + 100 * MS);
  dialed.close(sim.nowNs);
  sim.run(sim.nowNs + 100 * MS);
  expect([accepted.endpoint.state, dialed.endpoint.state]).toEqual(["TIME-WAIT", "CLOSED"]);
  expect([server.connections, client.connections]).toEqual([1, 0]);
  again();
  expect(listener.accept()!.endpoint.state).toBe("ESTABLISHED");
  expect(server.connections).toBe(1);
});

test("what claims to come from the host itself is taken from nobody (RFC 1122 §3.2.1.3)", () => {
  const drops: string[] = [];
  const rig = new Rig({ hostProbe: ({ why }) => drops.push(why) });
  rig.host.listen("10.0.0.2", 80);
  expect(rig.segment({ src: "10.0.0.2" })).toEqual([]);
  expect(drops).toEqual(["bad-source"]);
});

test("a connection to itself where nobody listens is refused, and the packet that was none is shown", () => {
  const drops: string[] = [];
  const rig = new Rig({ hostProbe: ({ why, packet }) => drops.push(`${why} ${ipOf(packet).end}`) });
  const socket = rig.host.connect("10.0.0.2", 80, 0);
  rig.host.poll(0);
  expect([socket.endpoint.state, rig.bench.sent, drops]).toEqual([
    "CLOSED",
    [],
    ["no-connection 60"],
  ]);
});

test("who reads at once is acknowledged with the window open, by the segment that answers", () => {
  const rig = new Rig({ options: { receiveBuffer: 2000 } });
  const listener = rig.host.listen("10.0.0.2", 80);
  const [synAck] = rig.segment({ seq: 0 });
  const ack = ((synAck?.seq ?? 0) + 1) >>> 0;
  rig.segment({ flags: 0, seq: 1, ack });
  const socket = listener.accept();
  if (socket === null) throw new RangeError("nobody was accepted");
  socket.user = {
    onEvent: (event, _, nowNs) => {
      if (event.type !== "readable") return;
      while ((socket.receive(new Uint8Array(500), nowNs) ?? 0) > 0);
      socket.send(new Uint8Array(10), nowNs);
    },
  };
  rig.host.poll(rig.nowNs);
  for (const seq of [1, 1001])
    rig.bench.inbox.push(tcpPacket({ flags: 0, seq, ack, payloadLen: 1000 }));
  const [answer, ...more] = rig.segment({ flags: 0, seq: 2001, ack });
  expect(answer).toMatchObject({ ack: 2001, window: 2000 });
  expect(answer?.payload.length).toBe(10);
  expect(more).toEqual([]);
});

test("segments behind holes that come together are acknowledged each for itself (RFC 2018 §4)", () => {
  const rig = new Rig();
  rig.host.listen("10.0.0.2", 80);
  const [synAck] = rig.segment({ seq: 0 });
  const ack = ((synAck?.seq ?? 0) + 1) >>> 0;
  rig.segment({ flags: 0, seq: 1, ack });
  for (const seq of [101, 301])
    rig.bench.inbox.push(tcpPacket({ flags: 0, seq, ack, payloadLen: 100 }));
  const acks = rig.segment({ flags: 0, seq: 501, ack, payloadLen: 100 });
  expect(acks.map((segment) => segment.ack)).toEqual([1, 1, 1]);
});
