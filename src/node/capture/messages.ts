/**
 * What the capturing worker and its owner say to each other.
 *
 * @module
 */
import type { BpfInsn } from "../../pcap/filter/bpf.ts";
import type { SnapLen } from "./kernel-filter.ts";

/** What the worker is started with. */
export interface WorkerSetup {
  /** 0: every interface. */
  readonly ifindex: number;
  readonly program: readonly BpfInsn[];
  /** A loopback with its copies on the way out unwanted. */
  readonly ignoreOutgoing: boolean;
  readonly ringBytes: number;
  /** Packets after which it ends, `null`: never. */
  readonly count: number | null;
  /** Whether the owner wants the packets. */
  readonly handOver: boolean;
  /** Where the worker writes them itself, `null`: nowhere. */
  readonly file: FileSetup | null;
  /** Readable when there is something new in `control`. */
  readonly wakeFd: number;
  readonly control: SharedArrayBuffer;
}

/** A file to write, and what it says about itself. */
export interface FileSetup {
  /** Path, or an open descriptor. */
  readonly to: string | number;
  readonly application: string;
  readonly snapLen: SnapLen | undefined;
  readonly filter: string | undefined;
  /** The one interface, `null` when there are many. */
  readonly device: {
    readonly ifindex: number;
    readonly name: string;
    readonly arphrd: number;
  } | null;
}

/** Slots of `control`, an Int32Array. */
export const Control = {
  /** 1: stop. */
  STOP: 0,
  /** KiB of blocks that the owner is through with; wraps. */
  CONSUMED_KIB: 1,
  LENGTH: 2,
} as const;

/** Why the worker stopped. */
export type EndReason = "stopped" | "count" | "interface-down";

/** What the kernel counted since the capture began. */
export interface KernelCounters {
  /** Packets that passed the filter. */
  readonly received: number;
  /** Of these, the packets that found no room. */
  readonly dropped: number;
}

/** From the worker. */
export type WorkerMessage =
  | { readonly kind: "live"; readonly ringBytes: number }
  | { readonly kind: "block"; readonly block: ArrayBuffer; readonly packets: number }
  /** Packets were lost. */
  | { readonly kind: "stats"; readonly stats: KernelCounters }
  | {
      readonly kind: "ended";
      readonly reason: EndReason;
      readonly captured: number;
      readonly stats: KernelCounters;
    }
  | { readonly kind: "failed"; readonly call: string; readonly code: string }
  | { readonly kind: "cannot-write"; readonly code: string };

/** KiB of a block as both sides count them. */
export function kibOf(block: ArrayBuffer): number {
  return Math.ceil(block.byteLength / 1024);
}
