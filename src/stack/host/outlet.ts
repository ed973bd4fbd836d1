/**
 * Where a host's segments leave, to its device as packets or to itself, and what they are when packets come.
 *
 * @module
 */
import type { Device } from "../device/device.ts";
import type { IpPacket } from "../ip/read-ip.ts";
import { wholeOptions } from "../tcp/socket-options.ts";
import type { SocketOptions, TcpSegment } from "../types.ts";
import type { Flow } from "./flow-table.ts";
import type { HostInit } from "./host-options.ts";
import type { HostCounters } from "./host-probe.ts";
import { IncomingTrain } from "./incoming-train.ts";
import { LocalSegments } from "./local-segments.ts";
import { OutgoingTrain } from "./outgoing-train.ts";
import { PacketSlab } from "../device/packet-slab.ts";
import { packSegment, unpackSegment, type PacketRoom } from "./segment-packet.ts";
import { Socket } from "./socket.ts";

/** Bytes of the longest packet that a host would send to itself: IPv4 cannot say more. */
const LOCAL_MTU = 65_535;

/** Sends, and counts. */
export class Outlet {
  /** What the host is still to take. */
  readonly local: LocalSegments = new LocalSegments();
  /** What comes behind each other. */
  readonly incoming: IncomingTrain<Socket>;
  readonly #outgoing: OutgoingTrain;
  readonly #device: Device;
  readonly #checksums: boolean;
  readonly #counters: HostCounters;
  readonly #room: PacketRoom;
  /** Of what leaves without a connection. */
  readonly #options: Readonly<SocketOptions>;
  #id = 0;

  constructor(init: HostInit, counters: HostCounters) {
    this.#device = init.device;
    this.#room = init.device.pool ?? new PacketSlab();
    this.#checksums = init.checksums ?? true;
    this.#options = wholeOptions(init.profile, init.options);
    this.#counters = counters;
    this.incoming = new IncomingTrain(this.#room, this.#checksums);
    this.#outgoing = new OutgoingTrain(this.#room);
  }

  /** Bytes of the longest packet. */
  mtu(isLocal: boolean): number {
    return isLocal ? LOCAL_MTU : this.#device.mtu;
  }

  segment(from: Flow, segment: TcpSegment, isLocal: boolean, nowNs: number): void {
    this.#counters.sent++;
    if (isLocal) this.local.put(from, segment);
    else this.#device.send(this.pack(from, segment), nowNs);
  }

  /** The segment in a packet that came; `null`: none that is whole. */
  unpack(ip: IpPacket): TcpSegment | null {
    return unpackSegment(ip, this.#room, this.#checksums);
  }

  /** A packet to another host. */
  packet(packet: Uint8Array, nowNs: number): void {
    this.#counters.sent++;
    this.#device.send(packet, nowNs);
  }

  /** The packet that `segment` is, or would be. */
  pack(from: Flow, segment: TcpSegment): Uint8Array {
    this.#id = (this.#id + 1) & 0xffff;
    const { local, remote } = from;
    const { dscp, hopLimit } = from instanceof Socket ? from.endpoint.options : this.#options;
    const route = { local, remote, id: this.#id, dscp, hopLimit, checksums: this.#checksums };
    const next = this.#outgoing.pack(segment, route);
    if (next !== null) return next;
    const packet = packSegment(segment, route, this.#room);
    this.#outgoing.note(segment, route, packet);
    return packet;
  }
}
