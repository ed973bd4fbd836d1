/**
 * TCP in user space, without input or output: see `types.ts`.
 *
 * @module
 */
export type * from "./types.ts";
export { freebsd, generic, linux, type OptionSlot, type Profile } from "./tcp/profile.ts";
export type { AckSample, CongestionControl } from "./tcp/congestion/congestion-control.ts";
export { makeEndpoint } from "./tcp/endpoint.ts";
export { makeListener, type ListenerInit } from "./tcp/listener.ts";
export { replyToClosed } from "./tcp/closed.ts";
export { initialSequence, type IsnEnd } from "./tcp/isn.ts";
export { Cable } from "./device/cable.ts";
export type { Device } from "./device/device.ts";
export { Loopback } from "./device/loopback.ts";
export { PacketPool } from "./device/packet-pool.ts";
export { traced, type PacketSink } from "./device/tracer.ts";
export { Host } from "./host/host.ts";
export type { HostListener, ListenerUser } from "./host/host-listener.ts";
export type {
  ConnectionOptions,
  ConnectOptions,
  HostInit,
  HostListenOptions,
} from "./host/host-options.ts";
export type { HostCounters, HostDrop, HostProbe } from "./host/host-probe.ts";
export type { Socket, SocketUser } from "./host/socket.ts";
export type { CodelOptions } from "./link/codel.ts";
export { Lane } from "./link/lane.ts";
export type { LaneOptions, QueueOptions, ReorderOptions } from "./link/lane-options.ts";
export { Link, type LinkOptions } from "./link/link.ts";
export type { LinkCounters, LinkDrop, LinkEvent, LinkProbe } from "./link/link-event.ts";
export { meanLoss, type LossModel } from "./link/loss.ts";
export { Simulation, type Driven } from "./simulation.ts";
