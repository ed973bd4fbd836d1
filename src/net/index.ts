/**
 * Connections and listeners, the same on every backend.
 *
 * @module
 */
export * from "./address.ts";
export * from "./calls.ts";
export * from "./errors.ts";
export { MemoryNetwork } from "./memory-network.ts";
export { pipe, type MemoryOptions, type PipeOptions } from "./pipe.ts";
export { StackNetwork, type StackNetworkOptions } from "./stack-network.ts";
export type { StackDriver } from "./stack-transport.ts";
export type * from "./types.ts";
