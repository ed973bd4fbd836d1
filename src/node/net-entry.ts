/**
 * `seqack/net` on Node: the net API over the kernel's sockets, beside what
 * every platform has.
 *
 * @module
 */
export * from "../net/address.ts";
export * from "../net/calls.ts";
export * from "../net/errors.ts";
export { MemoryNetwork } from "../net/memory-network.ts";
export { pipe, type MemoryOptions, type PipeOptions } from "../net/pipe.ts";
export { StackNetwork, type StackNetworkOptions } from "../net/stack-network.ts";
export type { StackDriver } from "../net/stack-transport.ts";
export type * from "../net/types.ts";
export { connect, dial, listen, type KernelOptions } from "./net.ts";
