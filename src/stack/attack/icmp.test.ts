/** Forged ICMP errors (RFC 5927), errors about errors, and paths that swallow (RFC 2923). */
import { describe, expect, test } from "vitest";
import {
  drive,
  isOver,
  ours,
  OURS,
  theirs,
  THEIRS,
  victim,
  victimIn,
} from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import { twoHosts, startTransfer } from "../../testing/two-hosts.ts";
import { concat, viewOf } from "../../base/bytes.ts";
import { parseIpv6Address } from "../../wire/address.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { makeIcmpError } from "../ip/icmp-error.ts";

const SECOND = 1e9;

describe("an error that quotes nothing that is out", () => {
  test.each([ours(-1), ours(500), ours(2 ** 31), theirs(0)])("of number %d is not heard", (seq) => {
    const v = victim();
    const { endpoint } = v.conversation;
    v.conversation.writes(500);
    drive(endpoint, 0, 0);
    const before = endpoint.status().sndMss;
    for (const kind of ["too-big", "port-unreachable", "unreachable", "other"] as const)
      endpoint.onIcmp({ kind, seq, mtu: 68 }, 0);
    expect([endpoint.status().sndMss, endpoint.state]).toEqual([before, "ESTABLISHED"]);
    v.conversation.tells();
    endpoint.abort(0);
    drive(endpoint, 0, Infinity);
    expect(isOver(v, "aborted")).toBe(true);
  });
});

test("hard errors are soft once the connection stands, and told once while nobody listens", () => {
  const v = victim();
  const { endpoint } = v.conversation;
  v.conversation.writes(500);
  drive(endpoint, 0, 0);
  for (let i = 0; i < 1000; i++)
    endpoint.onIcmp({ kind: "port-unreachable", seq: OURS, mtu: 0 }, i);
  v.conversation.tells("soft-error: refused");
  endpoint.onSegment(parseSegment(`. ${THEIRS} ack ${ours(500)}`), 1000);
  expect([endpoint.state, endpoint.status().sendQueue]).toEqual(["ESTABLISHED", 0]);
  endpoint.abort(1000);
  drive(endpoint, 1000, Infinity);
  expect(isOver(v, "aborted")).toBe(true);
});

test("in TIME-WAIT and LISTEN nothing is heard", () => {
  for (const state of ["TIME-WAIT", "LISTEN"] as const) {
    const { endpoint } = victimIn(state).conversation;
    endpoint.onIcmp({ kind: "port-unreachable", seq: OURS, mtu: 0 }, 0);
    expect(endpoint.state).toBe(state);
  }
});

test("too big again and again does not let out more than the window", () => {
  const v = victim();
  const { endpoint } = v.conversation;
  v.conversation.writes(50_000);
  let sent = drive(endpoint, 0, 0);
  for (let mtu = 139; mtu > 60; mtu--) {
    endpoint.onIcmp({ kind: "too-big", seq: OURS, mtu }, 0);
    sent += drive(endpoint, 0, 0);
  }
  const { flight, cwnd } = endpoint.status();
  expect([flight <= 1000, cwnd <= 1000, sent <= 10 + 79 * 21]).toEqual([true, true, true]);
  endpoint.abort(0);
  drive(endpoint, 0, Infinity);
  expect(isOver(v, "aborted")).toBe(true);
});

/** An IPv6 packet of `type` of ICMPv6 behind hop-by-hop options. */
function icmpv6(type: number, next: number = IpProtocol.ICMPV6): Uint8Array {
  const head = tcpPacket({ version: 6 }).slice(0, 40);
  head[6] = 0;
  viewOf(head).setUint16(4, 16);
  return concat(
    head,
    Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0),
    Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0),
  );
}

test.each([
  ["an error behind extension headers", icmpv6(1), false],
  ["a redirect", icmpv6(137), false],
  ["extension headers that are cut", icmpv6(1, 60).slice(0, 50), false],
  ["an echo request", icmpv6(128), true],
  ["what nobody speaks", icmpv6(0, 99), true],
])("ICMPv6: an error about %s (RFC 4443 §2.4 e)", (_, packet, isMade) => {
  const from = parseIpv6Address("2001:db8::9");
  expect(makeIcmpError(packet, { kind: "too-big", from, word: 1280 }) !== null).toBe(isMade);
});

test("a path that swallows what is too big ends in a timeout, as documented, and nothing is left", () => {
  const hosts = twoHosts({ delayNs: 1e6, mtu: 1500 });
  const { sim, client, server, link } = hosts;
  const transfer = startTransfer(hosts, { up: 50_000, down: 10 });
  const send = link.forth.send.bind(link.forth);
  link.forth.send = (packet, nowNs) => (packet.length > 1000 ? null : send(packet, nowNs));
  sim.run(86_400 * SECOND);
  transfer.listener.close(sim.nowNs);
  sim.run(2 * 86_400 * SECOND);
  expect(transfer.client.events.at(-1)).toBe("closed timeout");
  expect(transfer.server.received).toBe(0);
  expect(client.connections).toBe(0);
  expect(server.connections).toBeLessThanOrEqual(1);
});
