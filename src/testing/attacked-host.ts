/**
 * A host in the hands of a test that attacks it: packets go in one by one,
 * what it sends comes back, and why it took nothing of a packet is counted.
 *
 * @module
 */
import type { Device } from "../stack/device/device.ts";
import { Host } from "../stack/host/host.ts";
import type { HostInit } from "../stack/host/host-options.ts";
import { readIp } from "../stack/ip/read-ip.ts";
import { linux } from "../stack/tcp/profile.ts";
import { IpProtocol } from "../wire/protocol.ts";
import { parseTcp, type TcpRepr } from "../wire/tcp.ts";
import { tcpPacket, type TcpPacketInit } from "./stack-packets.ts";

/** A device without a link. */
class Bench implements Device {
  readonly mtu = 1500;
  readonly sent: Uint8Array[] = [];
  inbox: Uint8Array | null = null;

  send(packet: Uint8Array): void {
    this.sent.push(packet);
  }

  poll(): Uint8Array | null {
    const packet = this.inbox;
    this.inbox = null;
    return packet;
  }

  pollAt(): number {
    return this.inbox === null ? Infinity : -Infinity;
  }
}

/** The host, 10.0.0.2 and 2001:db8::2, under a clock that the test moves. */
export class AttackedHost {
  readonly host: Host;
  nowNs: number = 0;
  /** Packets that it sent, and their bytes. */
  sentPackets: number = 0;
  sentBytes: number = 0;
  readonly #bench = new Bench();

  constructor(init: Partial<HostInit> = {}) {
    const addresses = ["10.0.0.2", "2001:db8::2"];
    this.host = new Host({ addresses, device: this.#bench, profile: linux, ...init });
  }

  /** Gives it a packet: the packets that it sends at once. */
  gets(packet: Uint8Array): Uint8Array[] {
    this.#bench.inbox = packet;
    return this.polls();
  }

  /** What it sends now. */
  polls(): Uint8Array[] {
    this.host.poll(this.nowNs);
    const sent = this.#bench.sent.splice(0);
    this.sentPackets += sent.length;
    for (const packet of sent) this.sentBytes += packet.length;
    return sent;
  }

  /** Gives it a segment: the segments that it sends at once. */
  segment(init: TcpPacketInit): TcpRepr[] {
    return segmentsOf(this.gets(tcpPacket(init)));
  }

  /** Runs its timers until `nowNs`, or until there are none. */
  runUntil(nowNs: number): void {
    for (let at = this.host.pollAt(); at <= nowNs; at = this.host.pollAt()) {
      this.nowNs = Math.max(this.nowNs, at);
      this.polls();
    }
    this.nowNs = nowNs;
  }

  /** What is left of it all: nothing, when all is over. */
  get left(): { readonly connections: number; readonly timerNs: number } {
    return { connections: this.host.connections, timerNs: this.host.pollAt() };
  }
}

/** Nothing is left of a host's connections. */
export const NOTHING_LEFT = { connections: 0, timerNs: Infinity } as const;

/** The segments among packets. */
export function segmentsOf(packets: readonly Uint8Array[]): TcpRepr[] {
  const out: TcpRepr[] = [];
  for (const packet of packets) {
    const ip = readIp(packet);
    if (typeof ip !== "string" && ip.protocol === IpProtocol.TCP)
      out.push(parseTcp(ip.view, ip.at, ip.end));
  }
  return out;
}
