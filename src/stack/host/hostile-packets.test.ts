import { expect, test } from "vitest";
import { viewOf } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import { tcpPacket, withOptions } from "../../testing/stack-packets.ts";
import { startTransfer, twoHosts } from "../../testing/two-hosts.ts";
import { setIpv4Checksum } from "../../wire/ipv4.ts";
import { Flag } from "../../wire/tcp.ts";

const MS = 1e6;
const SECOND = 1e9;
const LONG = 3600 * SECOND;

/** A packet with some of its bytes changed, whose checksums nobody looks at. */
function mutated(prng: Prng, version: 4 | 6): Uint8Array {
  const flags = [Flag.SYN, Flag.ACK, Flag.FIN | Flag.ACK, Flag.RST, 0xff][prng.below(5)]!;
  const plain = tcpPacket({
    version,
    flags,
    dstPort: prng.chance(0.9) ? 80 : 81,
    srcPort: 40_000 + prng.below(4),
    seq: prng.uint32(),
    ack: prng.chance(0.5) ? prng.uint32() : null,
    payloadLen: prng.below(40),
  });
  const packet = withOptions(
    plain,
    Uint8Array.from({ length: 4 * prng.below(11) }, () => prng.below(256)),
  );
  const changes = prng.below(4);
  for (let i = 0; i < changes; i++) packet[prng.below(packet.length)] = prng.below(256);
  if (version === 4 && packet.length >= 20) setIpv4Checksum(viewOf(packet), 0);
  return prng.chance(0.1) ? packet.slice(0, prng.below(packet.length)) : packet;
}

test("no packet makes a host throw, and what it made of them all ends", () => {
  const prng = new Prng(1);
  const options = { keepAlive: { idleNs: SECOND, intervalNs: SECOND, count: 3 } };
  const { sim, link, client, server } = twoHosts({}, { checksums: false, options });
  const listener = server.listen("::", 80, { backlog: 16 });
  for (let i = 0; i < 20_000; i++) {
    link.a.send(mutated(prng, prng.chance(0.5) ? 4 : 6), sim.nowNs);
    sim.run(sim.nowNs + prng.below(20_000_000));
  }
  const { received, drops } = server.counters;
  expect(received).toBeGreaterThanOrEqual(20_000);
  expect(Math.min(drops.truncated, drops["bad-segment"], drops["no-connection"])).toBeGreaterThan(
    0,
  );
  listener.close(sim.nowNs);
  expect(sim.run(sim.nowNs + LONG)).toBe("quiet");
  expect([client.connections, server.connections]).toEqual([0, 0]);
});

test("a blind attacker on the flow's own ports changes nothing (RFC 5961)", () => {
  const prng = new Prng(2);
  const hosts = twoHosts({ delayNs: 10 * MS, bitsPerSecond: 2e6 });
  const { sim, link } = hosts;
  const { client, server, socket } = startTransfer(hosts, { up: 300_000, down: 50_000 });
  for (let i = 0; i < 4000; i++) {
    const flags = [Flag.SYN, 0, Flag.FIN, Flag.RST, Flag.SYN | Flag.RST][prng.below(5)]!;
    const ack = prng.chance(0.8) ? prng.uint32() : null;
    const seq = prng.uint32();
    const toServer = { srcPort: socket.localPort, dstPort: 80, flags, seq, ack, payloadLen: 10 };
    link.a.send(tcpPacket(toServer), sim.nowNs);
    const from = { src: "10.0.0.2", dst: "10.0.0.1", srcPort: 80, dstPort: socket.localPort };
    link.b.send(tcpPacket({ ...from, flags, seq, ack, payloadLen: 10 }), sim.nowNs);
    sim.run(sim.nowNs + MS);
  }
  expect(sim.run(LONG)).toBe("quiet");
  expect([client.received, server.received]).toEqual([50_000, 300_000]);
  expect([client.events.at(-1), server.events.at(-1)]).toEqual(["closed well", "closed well"]);
});
