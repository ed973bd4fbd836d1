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
