/**
 * A host: addresses, a device, connections and listeners, without input,
 * output or a clock.
 *
 * ```ts
 * const link = new Link({ delayNs: 20e6 });
 * const server = new Host({ addresses: ["10.0.0.2"], device: link.b, profile: linux });
 * const client = new Host({ addresses: ["10.0.0.1"], device: link.a, profile: linux });
 * const listener = server.listen("0.0.0.0", 80);
 * const socket = client.connect("10.0.0.2", 80, 0);
 * ```
 *
 * Whoever drives it calls `poll(now)` at `pollAt()`, and after each call of a
 * user; a `Simulation` does so for all hosts under a virtual clock.
 *
 * @module
 */
import { sha1 } from "../../base/sha1.ts";
import { viewOf } from "../../base/bytes.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import type { Device } from "../device/device.ts";
import { makeEchoReply } from "../ip/icmp-echo.ts";
import { makeProtocolError, readIcmpError } from "../ip/icmp-error.ts";
import { isAnyAddress, isLoopbackAddress, isUnicast, parseIpAddress } from "../ip/ip-address.ts";
import { readIp, type IpPacket } from "../ip/read-ip.ts";
import { replyToClosed } from "../tcp/closed.ts";
import { makeEndpoint } from "../tcp/endpoint.ts";
import { makeListener } from "../tcp/listener.ts";
import type { Profile } from "../tcp/profile.ts";
import type { TcpEndpoint, TcpSegment } from "../types.ts";
import { Addresses } from "./addresses.ts";
import { DueHeap } from "./due-heap.ts";
import { EndpointInits } from "./endpoint-inits.ts";
import { checkPort, EphemeralPorts } from "./ephemeral-ports.ts";
import { flowOf, FlowTable, reverse, type Flow } from "./flow-table.ts";
import { HostListener, mustWait } from "./host-listener.ts";
import { Listeners } from "./listeners.ts";
import type { LocalSegment } from "./local-segments.ts";
import { Outlet } from "./outlet.ts";
import { NO_PACKET } from "../device/packet-slab.ts";
import { PacketPlace } from "./packet-place.ts";
import type { ConnectOptions, HostInit, HostListenOptions } from "./host-options.ts";
import { newHostCounters, type HostCounters, type HostDrop } from "./host-probe.ts";
import { RateLimit } from "./rate-limit.ts";
import { Socket } from "./socket.ts";
import { SpentPackets } from "./spent-packets.ts";

/** Connections that may wait to be accepted, unless told. */
const DEFAULT_BACKLOG = 511;

/** A host. */
export class Host {
  readonly counters: HostCounters = newHostCounters();
  readonly #init: HostInit;
  readonly #addresses: Addresses;
  readonly #secret: Uint8Array;
  readonly #inits: EndpointInits;
  readonly #device: Device;
  readonly #outlet: Outlet;
  readonly #place: PacketPlace;
  readonly #spent: SpentPackets;
  readonly #flows: FlowTable<Socket>;
  readonly #listeners = new Listeners();
  readonly #due = new DueHeap<Socket>();
  readonly #ports: EphemeralPorts;
  readonly #icmpLimit = RateLimit.forIcmp();
  readonly #mtuTo = (remote: Uint8Array): number =>
    this.#outlet.mtu(this.#addresses.own(remote) !== null);
  readonly #touch = (socket: Socket): void => this.#due.set(socket, -Infinity);

  /** @throws {SyntaxError} when an address is none. */
  constructor(init: HostInit) {
    this.#init = init;
    this.#addresses = new Addresses(init.addresses);
    this.#secret = init.secret ?? sha1(this.#addresses.list[0] ?? new Uint8Array(4));
    this.#device = init.device;
    this.#place = new PacketPlace(init.device.pool);
    this.#spent = new SpentPackets(init.device.pool);
    if (init.probe !== undefined || init.hostProbe !== undefined) this.#spent.keepAll();
    this.#outlet = new Outlet(init, this.counters);
    this.#inits = new EndpointInits(init, this.#secret, this.#mtuTo);
    this.#ports = new EphemeralPorts(this.#secret);
    this.#flows = new FlowTable(viewOf(sha1(this.#secret)).getInt32(0));
  }

  /** What its connections are known by. */
  get profile(): Profile {
    return this.#init.profile;
  }

  /** Connections that are not CLOSED, those in TIME-WAIT too. */
  get connections(): number {
    return this.#flows.size;
  }

  /** When {@link poll} is worth a call; in the past: now. `Infinity`: not before something happens. */
  pollAt(): number {
    if (!this.#outlet.local.isEmpty) return -Infinity;
    return Math.min(this.#due.firstNs, this.#device.pollAt());
  }

  /** Takes the packets that came, runs the timers that are due, sends what is to be sent. */
  poll(nowNs: number): void {
    const { local } = this.#outlet;
    do {
      for (let p = this.#device.poll(nowNs); p !== null; p = this.#device.poll(nowNs)) {
        this.#onPacket(p, nowNs);
        this.#spent.add(p);
      }
      for (let l = local.take(); l !== null; l = local.take()) this.#onLocal(l, nowNs);
      for (let s = this.#due.take(nowNs); s !== null; s = this.#due.take(nowNs))
        this.#drive(s, nowNs);
    } while (!local.isEmpty);
    this.#spent.giveBack();
  }

  /**
   * Begins to connect; the SYN leaves when the host is polled.
   *
   * @throws {SyntaxError} when an address is none.
   * @throws {RangeError} when no address of the host can reach it, or no port is free.
   */
  connect(address: string, port: number, nowNs: number, options: ConnectOptions = {}): Socket {
    const remote = this.#addresses.shared(parseIpAddress(address));
    checkPort("connect to", port, 1);
    if (options.probe !== undefined) this.#spent.keepAll();
    const { localAddress } = options;
    const local =
      localAddress === undefined ? this.addressFor(remote) : parseIpAddress(localAddress);
    if (local === null || local.length !== remote.length)
      throw new RangeError(`Cannot connect to ${address}: no address of this host can reach it`);
    const flow = { local, remote, localPort: 0, remotePort: port };
    const isFree = (at: number): boolean => this.#isFree({ ...flow, localPort: at });
    const localPort = options.localPort ?? this.#ports.take(flow, isFree);
    if (localPort === null || !isFree(localPort))
      throw new RangeError(`Cannot connect to ${address}: no local port is free`);
    const own = { ...flow, localPort };
    const endpoint = makeEndpoint(this.#inits.of(own, options, nowNs));
    const socket = this.#open(own, endpoint);
    endpoint.connect(nowNs);
    return socket;
  }

  /** Whether nobody can listen on `address` and `port`, and why; `null`: it is free. */
  checkListen(address: string, port: number): "bad-address" | "in-use" | null {
    const at = parseIpAddress(address);
    if (!isAnyAddress(at) && this.#addresses.own(at) === null) return "bad-address";
    return this.#listeners.isTaken(at, port) ? "in-use" : null;
  }

  /**
   * Accepts connections on `port`, 0 for a free one, of `address`: `0.0.0.0` for all of IPv4, `::` for all there are.
   *
   * @throws {SyntaxError} when the address is none.
   * @throws {RangeError} when {@link checkListen} says why, or no port is free.
   */
  listen(address: string, port: number, options: HostListenOptions = {}): HostListener {
    checkPort("listen on", port, 0);
    if (options.probe !== undefined) this.#spent.keepAll();
    const at = parseIpAddress(address);
    const isFree = (p: number): boolean => this.checkListen(address, p) === null;
    const flow = { local: at, remote: at, localPort: 0, remotePort: 0 };
    const localPort = port === 0 ? this.#ports.take(flow, isFree) : port;
    const why = localPort === null ? "no port is free" : this.checkListen(address, localPort);
    if (localPort === null || why !== null)
      throw new RangeError(`Cannot listen on ${address} port ${port}: ${why}`);
    const listener = new HostListener({
      address: at,
      tcp: makeListener({
        localPort,
        backlog: options.backlog ?? DEFAULT_BACKLOG,
        halfOpen: options.halfOpen,
      }),
      options,
      onClose: (closed, sockets) => {
        this.#listeners.delete(closed);
        for (const socket of sockets) this.#touch(socket);
      },
    });
    this.#listeners.add(listener);
    return listener;
  }

  /** The host's address that packets to `remote` come from; `null`: none can. */
  addressFor(remote: Uint8Array): Uint8Array | null {
    return this.#addresses.towards(remote);
  }

  #isFree(flow: Flow): boolean {
    if (this.#flows.get(flow) !== null) return false;
    return this.#listeners.of(flow.local, flow.localPort) === null;
  }

  #open(flow: Flow, endpoint: TcpEndpoint): Socket {
    const isLocal = this.#addresses.own(flow.remote) !== null;
    const socket = new Socket(flow, endpoint, isLocal, this.#touch);
    this.#flows.add(socket);
    this.#touch(socket);
    return socket;
  }

  /** Lets an endpoint do what is due, and its user hear of it. */
  #drive(socket: Socket, nowNs: number): void {
    const { endpoint, listener } = socket;
    // Who reads at once is acknowledged with the window open, and answered in the same segment.
    if (socket.isSettled) this.#tell(socket, nowNs);
    // What has become a packet is done with.
    for (let s = endpoint.poll(nowNs); s !== null; s = endpoint.poll(nowNs, !socket.isLocal))
      this.#outlet.segment(socket, s, socket.isLocal, nowNs);
    if (endpoint.state === "CLOSED") this.#forget(socket);
    else this.#due.set(socket, endpoint.pollAt());
    this.#tell(socket, nowNs);
    if (listener !== null && endpoint.state !== "SYN-RECEIVED" && listener.tcp.ready > 0)
      listener.user?.onReady(listener, nowNs);
  }

  /** A user's calls make the endpoint due again, and may put another user in its place. */
  #tell(socket: Socket, nowNs: number): void {
    while (socket.user !== null) {
      const event = socket.endpoint.pollEvent();
      if (event === null) return;
      if (event.type === "connected") socket.isSettled = true;
      socket.user.onEvent(event, socket, nowNs);
    }
  }

  #forget(socket: Socket): void {
    this.#flows.delete(socket);
    this.#outlet.incoming.forget(socket);
    this.#due.delete(socket);
    if (socket.peer !== null) socket.peer.peer = null;
    socket.peer = null;
    // One that was reset after the handshake is accepted all the same.
    if (!socket.endpoint.wasConnected) socket.listener?.remove(socket);
  }

  #onLocal({ from, segment }: LocalSegment, nowNs: number): void {
    this.counters.received++;
    const socket = from instanceof Socket && from.peer !== null ? from.peer : this.#peerOf(from);
    if (socket !== null && this.#give(socket, segment, nowNs, true)) return;
    const packet =
      this.#init.hostProbe === undefined ? NO_PACKET : this.#outlet.pack(from, segment);
    this.#onNewFlow(socket, reverse(from), segment, packet, nowNs);
  }

  #peerOf(from: Flow): Socket | null {
    const socket = this.#flows.get(reverse(from));
    if (socket === null || !(from instanceof Socket)) return socket;
    from.peer = socket;
    socket.peer = from;
    return socket;
  }

  #onPacket(packet: Uint8Array, nowNs: number): void {
    this.counters.received++;
    this.#place.find(packet);
    const { view, at } = this.#place;
    const { incoming } = this.#outlet;
    const next = incoming.read(packet, view, at, this.#spent.isLending);
    if (next !== null && this.#giveLent(incoming.socket!, next, nowNs)) return;
    const ip = readIp(packet, view, at);
    if (typeof ip === "string") {
      this.#drop(packet, ip, nowNs);
      return;
    }
    const local = this.#addresses.ownAt(ip.view, ip.dstAt, ip.addressLen);
    if (local === null || isLoopbackAddress(local)) this.#drop(packet, "not-ours", nowNs);
    else if (ip.protocol === IpProtocol.TCP) this.#onTcp(ip, local, nowNs);
    else this.#onOther(packet, local, nowNs);
  }

  /**
   * Where a packet is from, apart from the packet. `null`: from nobody
   * who could be answered, or so it says: nobody else has addresses of this host (RFC 1122 §3.2.1.3).
   */
  #sourceOf({ packet, base, srcAt, addressLen }: IpPacket, nowNs: number): Uint8Array | null {
    const at = srcAt - base;
    const remote = this.#addresses.shared(packet.subarray(at, at + addressLen));
    const isForged = isLoopbackAddress(remote) || this.#addresses.own(remote) !== null;
    if (isUnicast(remote) && !isForged) return remote;
    this.#drop(packet, "bad-source", nowNs);
    return null;
  }

  #onTcp(ip: IpPacket, local: Uint8Array, nowNs: number): void {
    const segment = this.#outlet.unpack(ip);
    if (segment === null) {
      this.#drop(ip.packet, "bad-segment", nowNs);
      return;
    }
    const { srcPort: remotePort, dstPort: localPort } = segment;
    const { view, dstAt: localAt, srcAt: remoteAt, addressLen } = ip;
    const place = { view, localAt, remoteAt, addressLen, localPort, remotePort };
    const socket = this.#flows.at(place);
    if (socket !== null) {
      this.#outlet.incoming.note(socket, ip, segment);
      if (this.#giveLent(socket, segment, nowNs)) return;
    }
    const remote = this.#sourceOf(ip, nowNs);
    if (remote === null) return;
    const flow = { local, remote, localPort, remotePort };
    this.#onNewFlow(socket, flow, segment, ip.packet, nowNs);
  }

  /** {@link #give} of a packet's, whose memory may be used again. */
  #giveLent(socket: Socket, segment: TcpSegment, nowNs: number): boolean {
    const { isLending } = this.#spent;
    if (!this.#give(socket, segment, nowNs, isLending)) return false;
    if (isLending) this.#spent.lentTo(socket.endpoint);
    return true;
  }

  /** Gives a segment to its connection; `false`: that is not to have it. `isLent`: as `TcpEndpoint.onSegment`. */
  #give(socket: Socket, segment: TcpSegment, nowNs: number, isLent: boolean): boolean {
    if (mustWait(socket, segment) || this.#isReplaced(socket, segment)) return false;
    socket.endpoint.onSegment(segment, nowNs, isLent);
    // Behind a hole each segment has an ACK of its own: one for all could not tell of every hole (RFC 2018 §4).
    if (socket.endpoint.owesDuplicate) this.#drive(socket, nowNs);
    else this.#touch(socket);
    return true;
  }

  /** Whether a new connection may take the place of one in TIME-WAIT (RFC 9293 §3.6.1). */
  #isReplaced({ local, localPort, endpoint }: Socket, segment: TcpSegment): boolean {
    return endpoint.yieldsTo(segment) && this.#listeners.of(local, localPort) !== null;
  }

  /** `before`: the connection of the flow, which is not to have the segment. */
  #onNewFlow(
    before: Socket | null,
    flow: Flow,
    segment: TcpSegment,
    packet: Uint8Array,
    nowNs: number,
  ): void {
    if (before !== null && mustWait(before, segment)) {
      this.#drop(packet, "not-accepted", nowNs);
      return;
    }
    if (before !== null) this.#forget(before);
    const listener = this.#listeners.of(flow.local, flow.localPort);
    if (listener === null) {
      this.#drop(packet, "no-connection", nowNs);
      const reply = replyToClosed(segment);
      if (reply !== null) this.#reset(flow, reply, nowNs);
      return;
    }
    const init = this.#inits.of(flow, listener.options, nowNs);
    const result = listener.tcp.onSegment(segment, init, nowNs);
    if (result === null) this.#drop(packet, "not-accepted", nowNs);
    else if ("reply" in result) this.#reset(flow, result.reply, nowNs);
    else {
      listener.add(this.#open(flow, result.endpoint));
      const gaveWay = result.gaveWay === null ? null : listener.find(result.gaveWay);
      if (gaveWay === null) return;
      this.counters.gaveWay++;
      this.#forget(gaveWay);
    }
  }

  #reset(flow: Flow, segment: TcpSegment, nowNs: number): void {
    this.counters.resets++;
    this.#outlet.segment(flow, segment, this.#addresses.own(flow.remote) !== null, nowNs);
  }

  /** ICMP, and what nobody here speaks (RFC 1122 §3.2.2.1, RFC 4443 §3.1, §3.4). */
  #onOther(packet: Uint8Array, local: Uint8Array, nowNs: number): void {
    const ip = readIp(packet);
    const remote = typeof ip === "string" ? null : this.#sourceOf(ip, nowNs);
    if (typeof ip === "string" || remote === null) return;
    const isIcmp = ip.protocol === (ip.version === 4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
    const answer = isIcmp ? makeEchoReply(ip) : makeProtocolError(ip, local);
    if (answer !== null) this.#sendIcmp(answer, nowNs);
    if (!isIcmp) this.#drop(ip.packet, "no-protocol", nowNs);
    else if (answer === null) this.#onIcmp(ip, nowNs);
  }

  #onIcmp(ip: IpPacket, nowNs: number): void {
    const error = readIcmpError(ip);
    const socket = error === null ? null : this.#flows.get(flowOf(error));
    if (error === null || socket === null) {
      this.#drop(ip.packet, "unread-icmp", nowNs);
      return;
    }
    this.counters.icmpErrors++;
    socket.endpoint.onIcmp({ kind: error.kind, seq: error.seq, mtu: error.mtu }, nowNs);
    this.#touch(socket);
  }

  #sendIcmp(packet: Uint8Array, nowNs: number): void {
    if (!this.#icmpLimit.take(nowNs)) return;
    this.counters.icmpSent++;
    this.#outlet.packet(packet, nowNs);
  }

  #drop(packet: Uint8Array, why: HostDrop, atNs: number): void {
    this.counters.drops[why]++;
    this.#init.hostProbe?.({ why, packet, atNs });
  }
}
