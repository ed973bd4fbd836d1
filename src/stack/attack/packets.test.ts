/** Packets that no host should send: from its own addresses, from nobody, in fragments, damaged; and scans. */
import { describe, expect, test } from "vitest";
import { AttackedHost, NOTHING_LEFT, segmentsOf } from "../../testing/attacked-host.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import { viewOf } from "../../base/bytes.ts";
import { setIpv4Checksum } from "../../wire/ipv4.ts";
import { Flag } from "../../wire/tcp.ts";
import type { HostDrop } from "../host/host-probe.ts";

const LONG = 3600e9;

/** A host that listens on port 80, and why it dropped what came. */
function rig(): { readonly attacked: AttackedHost; readonly drops: HostDrop[] } {
  const drops: HostDrop[] = [];
  const addresses = ["10.0.0.2", "2001:db8::2", "127.0.0.1", "::1"];
  const attacked = new AttackedHost({ addresses, hostProbe: ({ why }) => void drops.push(why) });
  attacked.host.listen("::", 80);
  return { attacked, drops };
}

describe("addresses", () => {
  test.each([
    ["LAND: its own, port too (CVE-1999-0016)", { src: "10.0.0.2", srcPort: 80 }, "bad-source"],
    ["its own", { src: "10.0.0.2" }, "bad-source"],
    ["loopback", { src: "127.0.0.1" }, "bad-source"],
    ["any loopback", { src: "127.1.2.3" }, "bad-source"],
    ["this network", { src: "0.0.0.0" }, "bad-source"],
    ["multicast", { src: "224.0.0.1" }, "bad-source"],
    ["broadcast", { src: "255.255.255.255" }, "bad-source"],
    ["IPv6: its own", { version: 6, src: "2001:db8::2" }, "bad-source"],
    ["IPv6: loopback", { version: 6, src: "::1" }, "bad-source"],
    ["IPv6: unspecified", { version: 6, src: "::" }, "bad-source"],
    ["IPv6: multicast", { version: 6, src: "ff02::1" }, "bad-source"],
    ["to loopback", { dst: "127.0.0.1" }, "not-ours"],
    ["IPv6: to loopback", { version: 6, dst: "::1" }, "not-ours"],
    ["to broadcast", { dst: "255.255.255.255" }, "not-ours"],
    ["to multicast", { dst: "224.0.0.1" }, "not-ours"],
    ["to another host", { dst: "10.0.0.3" }, "not-ours"],
  ] as const)("%s: silence", (_, init, why) => {
    const { attacked, drops } = rig();
    for (const flags of [Flag.SYN, Flag.ACK, Flag.RST])
      expect(attacked.segment({ ...init, flags })).toEqual([]);
    expect(drops).toEqual([why, why, why]);
    expect(attacked.left).toEqual(NOTHING_LEFT);
  });

  test("a host may talk to itself all the same", () => {
    const { attacked } = rig();
    const socket = attacked.host.connect("127.0.0.1", 80, 0);
    attacked.polls();
    expect(socket.endpoint.state).toBe("ESTABLISHED");
  });
});

describe("fragments are not put together, so that nothing has to be kept (CVE-2018-5391)", () => {
  test.each([
    ["the first", 0x2000],
    ["one in the middle", 0x2001],
    ["the last, beyond 65,535 bytes", 0x1fff],
    ["a tiny one", 0x0001],
  ])("%s", (_, field) => {
    const { attacked, drops } = rig();
    const packet = tcpPacket();
    viewOf(packet).setUint16(6, field);
    setIpv4Checksum(viewOf(packet), 0);
    for (let i = 0; i < 1000; i++) expect(attacked.gets(packet)).toEqual([]);
    expect([drops.length, new Set(drops)]).toEqual([1000, new Set(["fragment"])]);
    expect(attacked.left).toEqual(NOTHING_LEFT);
  });
});

test("a turned bit anywhere in a segment is found by one checksum or the other, or the packet is not ours", () => {
  const { attacked, drops } = rig();
  const packet = tcpPacket({ payloadLen: 20 });
  for (let bit = 0; bit < packet.length * 8; bit++) {
    const damaged = packet.slice();
    damaged[bit >>> 3]! ^= 1 << (bit & 7);
    attacked.gets(damaged);
  }
  expect(drops.length).toBe(packet.length * 8);
  expect(attacked.left).toEqual(NOTHING_LEFT);
});

test("every truncation of a packet is dropped", () => {
  const { attacked, drops } = rig();
  for (const packet of [tcpPacket(), tcpPacket({ version: 6 })])
    for (let length = 0; length < packet.length; length++)
      attacked.gets(packet.subarray(0, length));
  expect(new Set(drops)).toEqual(new Set(["truncated"]));
  expect(attacked.left).toEqual(NOTHING_LEFT);
});

describe("scans", () => {
  test("of every port: a RST each, no larger than what came, and nothing is kept", () => {
    const { attacked } = rig();
    let bytes = 0;
    for (let dstPort = 1; dstPort < 65_536; dstPort += 7) {
      if (dstPort === 80) continue;
      const packet = tcpPacket({ dstPort, seq: 0xffff_ffff });
      bytes += packet.length;
      const [reset] = segmentsOf(attacked.gets(packet));
      expect([reset?.flags, reset?.seq, reset?.ack]).toEqual([Flag.RST | Flag.ACK, 0, 0]);
    }
    expect(attacked.sentBytes).toBeLessThanOrEqual(bytes);
    expect(attacked.left).toEqual(NOTHING_LEFT);
  });

  test.each([Flag.RST, Flag.RST | Flag.ACK, Flag.RST | Flag.SYN])(
    "a RST (flags %d) is never answered",
    (flags) => {
      const { attacked } = rig();
      expect(attacked.segment({ dstPort: 81, flags, ack: 5 })).toEqual([]);
      expect(attacked.segment({ dstPort: 80, flags, ack: 5 })).toEqual([]);
    },
  );

  test("two hosts that know nothing of each other's connection fall silent", () => {
    const { attacked } = rig();
    const [reset] = attacked.segment({ dstPort: 81, flags: Flag.ACK, ack: 9 });
    const { flags, seq } = reset!;
    expect(attacked.segment({ dstPort: 81, flags, seq })).toEqual([]);
  });
});

describe("resources", () => {
  test("ports to one remote end run out with an error, and are free again afterwards", () => {
    const { attacked } = rig();
    const { host } = attacked;
    const sockets = Array.from({ length: 16_384 }, () => host.connect("10.0.0.9", 80, 0));
    expect(() => host.connect("10.0.0.9", 80, 0)).toThrow("no local port is free");
    // Another remote end has its own.
    sockets.push(host.connect("10.0.0.9", 81, 0));
    expect(new Set(sockets.map(({ localPort }) => localPort)).size).toBe(16_384);
    for (const socket of sockets) socket.abort(0);
    attacked.polls();
    expect(attacked.left).toEqual(NOTHING_LEFT);
    host.connect("10.0.0.9", 80, 0).abort(0);
  });

  test("two thousand connections come and go: nothing of them is left", () => {
    const { attacked } = rig();
    const listener = attacked.host.listen("10.0.0.2", 8080);
    for (let i = 0; i < 2000; i++) {
      const ports = { srcPort: 1024 + (i % 60_000), dstPort: 8080 };
      const [synAck] = attacked.segment({ ...ports, seq: 0xffff_ffff });
      const ack = (synAck!.seq + 1) >>> 0;
      attacked.segment({ ...ports, flags: Flag.FIN, seq: 0, ack, payloadLen: 5 });
      listener.accept()?.close(attacked.nowNs);
      attacked.polls();
      attacked.segment({ ...ports, flags: 0, seq: 6, ack: (ack + 1) >>> 0 });
    }
    attacked.runUntil(LONG);
    expect(attacked.left).toEqual(NOTHING_LEFT);
  });

  test("the clock jumps a year: each timer fires once, and no storm comes of it", () => {
    const { attacked } = rig();
    const socket = attacked.host.connect("10.0.0.1", 80, 0);
    attacked.polls();
    attacked.nowNs = 365 * 86_400e9;
    expect(attacked.polls().length).toBeLessThanOrEqual(1);
    attacked.runUntil(2 * attacked.nowNs);
    expect([socket.endpoint.state, attacked.left]).toEqual(["CLOSED", NOTHING_LEFT]);
  });

  test("a user who throws ends one poll, not the host", () => {
    const { attacked } = rig();
    const socket = attacked.host.connect("127.0.0.1", 80, 0);
    socket.user = {
      onEvent: () => {
        throw new RangeError("a mistake of the user");
      },
    };
    expect(() => attacked.polls()).toThrow("a mistake of the user");
    socket.user = null;
    attacked.polls();
    expect(socket.endpoint.state).toBe("ESTABLISHED");
    const [other] = attacked.segment({ seq: 0xffff_ffff });
    expect(other?.flags).toBe(Flag.SYN | Flag.ACK);
  });
});
