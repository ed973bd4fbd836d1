/**
 * The sockets of a stack, and the connections behind them.
 *
 * @module
 */
import { makeEndpoint } from "../../../stack/tcp/endpoint.ts";
import { makeListener } from "../../../stack/tcp/listener.ts";
import type { Profile } from "../../../stack/tcp/profile.ts";
import type { EndpointInit, SocketOptions, TcpEndpoint, TcpEvent } from "../../../stack/types.ts";
import { TCP_MIN_HEADER_LEN } from "../../../wire/tcp.ts";
import type { CallResult } from "../runner/stack-under-test.ts";
import type { Route } from "./commands.ts";
import { errnoOf, failed, succeeded } from "./errno.ts";
import { Flows, type Flow } from "./flows.ts";
import type { Personality } from "./personality.ts";
import type { Settings } from "./settings.ts";
import { FlowWatch } from "./flow-watch.ts";
import { TS_OFFSET } from "./receiver-rtt.ts";
import { ANY_IP, Socket, type IpChoice } from "./socket.ts";

/** Port of every socket that is bound, and of every peer that is called. */
const SCRIPT_PORT = 8080;
const FIRST_EPHEMERAL_PORT = 49_152;
const FIRST_HANDLE = 3;
/** Just below the wrap: every script crosses it. */
const FIRST_ISS = 0xffff_ff80;
/** SOMAXCONN, where it is small. */
const MOST_WAITING = 128;

/** Opens, connects and closes sockets. */
export class SocketTable {
  readonly flows = new Flows();
  readonly #sockets = new Map<number, Socket>();
  readonly #socketDefaults = new Map<string, number>();
  /** To the peer; for connections that are made from now on. */
  route: Route = {};
  #settings: Settings;
  #nextPort = FIRST_EPHEMERAL_PORT;
  #connections = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get profile(): Profile {
    return this.#settings.profile;
  }

  get personality(): Personality {
    return this.#settings.personality;
  }

  /** For endpoints that are made from now on. */
  setProfile(profile: Profile): void {
    this.#settings = { ...this.#settings, profile };
  }

  /** What getsockopt(2) gives of an option that was not set. */
  get socketDefaults(): Map<string, number> {
    return this.#socketDefaults;
  }

  find(handle: number): Socket | undefined {
    return this.#sockets.get(handle);
  }

  all(): Socket[] {
    return [...this.#sockets.values()];
  }

  /** A new socket with the lowest handle that is free. */
  open(isNonblocking: boolean): Socket {
    let handle = FIRST_HANDLE;
    while (this.#sockets.has(handle)) handle++;
    const socket = new Socket(handle, isNonblocking);
    this.#sockets.set(handle, socket);
    return socket;
  }

  bind(socket: Socket): void {
    socket.localPort = SCRIPT_PORT;
  }

  listen(socket: Socket, backlog: number): CallResult {
    if (socket.role.kind === "stream") return failed("EINVAL");
    if (socket.role.kind === "listener") return succeeded();
    if (socket.localPort === 0) socket.localPort = this.#nextPort++;
    const listener = makeListener({ localPort: socket.localPort, backlog: waitingOf(backlog) });
    socket.role = { kind: "listener", listener };
    return succeeded();
  }

  /** The socket that listens on a port. */
  listenerOf(localPort: number): Socket | undefined {
    return this.all().find(({ role, localPort: p }) => role.kind === "listener" && p === localPort);
  }

  /** The IP header of what leaves a port without a connection. */
  ipOf(localPort: number): IpChoice {
    return this.all().find((socket) => socket.localPort === localPort)?.ip ?? ANY_IP;
  }

  /** Active open. */
  connect(socket: Socket, nowNs: number): void {
    if (socket.localPort === 0) socket.localPort = this.#nextPort++;
    const endpoint = makeEndpoint(this.initFor(socket, SCRIPT_PORT));
    socket.role = { kind: "stream", endpoint };
    const watch = new FlowWatch(nowNs);
    socket.watch = watch;
    this.flows.add({ endpoint, isActive: true, socket, ip: () => socket.ip, watch });
    endpoint.connect(nowNs);
  }

  /** connect(2) with AF_UNSPEC: the connection is given up, the socket is as new. */
  disconnect(socket: Socket, nowNs: number): CallResult {
    if (socket.role.kind !== "stream") return succeeded();
    const flow = this.flows.ofEndpoint(socket.role.endpoint);
    if (flow !== undefined) flow.socket = null;
    socket.role.endpoint.abort(nowNs);
    socket.role = { kind: "idle" };
    // A port that was bound stays.
    if (socket.localPort >= FIRST_EPHEMERAL_PORT) socket.localPort = 0;
    socket.isConnected = false;
    socket.isOver = false;
    socket.error = null;
    return succeeded();
  }

  /** What an endpoint for `socket` is made of; `peerMss`: of the SYN that it answers. */
  initFor(socket: Socket, remotePort: number, peerMss: number | null = null): EndpointInit {
    const { ipHeaderLen } = this.#settings;
    const mtu = this.route.mtu ?? this.#settings.mtu;
    const iss = (FIRST_ISS + 0x0100_0000 * this.#connections++) >>> 0;
    const { localPort } = socket;
    const profile = peerMss === null ? this.profile : this.#profileFor(peerMss);
    const chosen = profileOf(socket, profile);
    const { initialWindow = chosen.initialWindow, rtoMinNs = chosen.rtoMinNs } = this.route;
    const own = { ...chosen, initialWindow, rtoMinNs };
    const isBound = peerMss !== null && this.personality.answersWithPeerMss;
    const options = isBound
      ? { maxSegment: Math.max(peerMss, profile.minMss), ...socket.options }
      : socket.options;
    return {
      localPort,
      remotePort,
      mtu,
      ipHeaderLen,
      profile: own,
      options: this.#overRoute(options),
      iss,
      tsOffset: TS_OFFSET,
    };
  }

  /** The route bounds the MSS too. */
  #overRoute(options: Partial<SocketOptions>): Partial<SocketOptions> {
    const { advMss } = this.route;
    if (advMss === undefined) return options;
    return { ...options, maxSegment: Math.min(advMss, options.maxSegment ?? advMss) };
  }

  /** The profile with a receive buffer for a peer whose SYN is known. */
  #profileFor(peerMss: number): Profile {
    const { mtu, ipHeaderLen, profile } = this.#settings;
    if (!this.personality.roundsReceiveBuffer) return profile;
    const mss = Math.max(profile.minMss, Math.min(peerMss, mtu - ipHeaderLen - TCP_MIN_HEADER_LEN));
    return { ...profile, receiveBuffer: roundUp(profile.receiveBuffer, mss) };
  }

  /** A socket for a connection that `listening` accepted. */
  adopt(endpoint: TcpEndpoint, listening: Socket, isNonblocking: boolean, nowNs: number): Socket {
    const socket = this.open(isNonblocking);
    socket.localPort = listening.localPort;
    socket.role = { kind: "stream", endpoint };
    socket.isConnected = true;
    socket.ip = listening.ip;
    socket.options = listening.options;
    for (const [option, value] of listening.values) socket.values.set(option, value);
    const flow = this.flows.ofEndpoint(endpoint) ?? newFlow(endpoint, socket, nowNs);
    flow.socket = socket;
    flow.ip = () => socket.ip;
    socket.watch = flow.watch;
    this.takeEvents(flow, nowNs);
    return socket;
  }

  close(socket: Socket, nowNs: number): void {
    this.#sockets.delete(socket.handle);
    if (socket.role.kind === "listener") {
      this.#forgetHalfOpen(socket.localPort);
      socket.role.listener.close(nowNs);
    }
    if (socket.role.kind !== "stream") return;
    socket.role.endpoint.close(nowNs);
    const flow = this.flows.ofEndpoint(socket.role.endpoint);
    if (flow !== undefined) flow.socket = null;
  }

  /** Kernels say nothing to a peer in the handshake, only to what comes from it later. */
  #forgetHalfOpen(localPort: number): void {
    for (const flow of this.flows.all()) {
      const { endpoint, socket } = flow;
      const isHalfOpen = socket === null && endpoint.state === "SYN-RECEIVED";
      if (isHalfOpen && endpoint.localPort === localPort) this.flows.delete(flow);
    }
  }

  /** Tells a socket what its endpoint has for it. */
  takeEvents(flow: Flow, nowNs: number): void {
    const { endpoint, socket } = flow;
    if (socket === null) return;
    if (socket.isReadShut && this.personality.discardsAfterShutdown)
      endpoint.receive(new Uint8Array(endpoint.readable), nowNs);
    for (let event = endpoint.pollEvent(); event !== null; event = endpoint.pollEvent())
      onEvent(socket, event, flow.icmpErrno ?? null);
  }
}

/** A connection that somebody else began. */
export function newFlow(endpoint: TcpEndpoint, listening: Socket, nowNs: number): Flow {
  const watch = new FlowWatch(nowNs);
  return { endpoint, isActive: false, socket: null, ip: () => listening.ip, watch };
}

/** How many may wait to be accepted: kernels let in one more than was asked for, and their most for a negative number. */
function waitingOf(backlog: number): number {
  return backlog < 0 ? MOST_WAITING : backlog + 1;
}

/** The profile as options of the socket have changed it for its connections. */
function profileOf({ values }: Socket, base: Profile): Profile {
  const chosen = values.get("TCP_CONGESTION");
  const congestion = chosen === undefined ? base.congestion : chosen === "cubic" ? "cubic" : "reno";
  const number = (option: string): number | null => Number(values.get(option) ?? 0) || null;
  const rtoMaxNs = (number("TCP_RTO_MAX_MS") ?? base.rtoMaxNs / 1e6) * 1e6;
  const rtoMinNs = (number("TCP_RTO_MIN_US") ?? base.rtoMinNs / 1000) * 1000;
  const profile: Profile = { ...base, congestion, rtoMaxNs, rtoMinNs };
  const synRetries = Number(values.get("TCP_SYNCNT") ?? profile.synRetries);
  if (Number(values.get("TCP_NOOPT") ?? 0) === 0) return { ...profile, synRetries };
  const synOptions = { withTimestamps: [], without: [] };
  const off = { timestamps: false, sack: false, windowScaling: false };
  return { ...profile, ...off, synOptions, synRetries };
}

/** `icmpErrno`: what the message that is behind the event is called. */
function onEvent(socket: Socket, event: TcpEvent, icmpErrno: string | null): void {
  switch (event.type) {
    case "connected":
      socket.isConnected = true;
      return;
    case "closed":
      if (event.error === null) socket.isOver = true;
      else if (event.error === "timeout") socket.error = socket.softError ?? errnoOf(event.error);
      else socket.error = icmpErrno ?? errnoOf(event.error);
      return;
    case "soft-error":
      socket.softError = icmpErrno ?? errnoOf(event.error);
      return;
    case "readable":
    case "writable":
    case "urgent":
  }
}

/** The next multiple of `unit`. */
export function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}
