/**
 * What a live capture is asked for, and what it gives.
 *
 * @module
 */
import type { CaptureInterface, CaptureSink } from "../../pcap/sink.ts";
import type { Text } from "../../base/lang.ts";
import type { Direction, SnapLen } from "./kernel-filter.ts";
import type { KernelCounters } from "./messages.ts";

/** Memory of the ring unless said otherwise: 0.8 s of headers at 250,000 packets a second. */
export const DEFAULT_RING_BYTES: number = 32 * 1024 * 1024;

/** What to capture. */
export interface CaptureOptions {
  /** An interface's name, or `"any"`: every interface, each with its own name in the recording. */
  readonly interface: string;
  /** pcap-filter(7); everything when left out. */
  readonly filter?: string;
  /** Whole packets when left out. */
  readonly snapLen?: SnapLen;
  /** `"inout"` when left out. On a loopback each packet is handed over once in any case. */
  readonly direction?: Direction;
  /** Memory for packets that wait; {@link DEFAULT_RING_BYTES} when left out. */
  readonly ringBytes?: number;
  /** Packets after which the capture ends by itself. */
  readonly count?: number;
  /** Gets the interfaces, the packets, and the counters whenever packets were lost and at the end. */
  readonly sink?: CaptureSink;
  /**
   * Called after some packets were handed to the sink, once at a time. While
   * many of its promises wait, packets wait in the ring; rejecting ends the capture.
   */
  readonly afterPackets?: () => Promise<void>;
  /** Writes pcapng, in the capturing thread: with or without a sink. */
  readonly file?: CaptureFile;
  /** Stops the capture, as {@link LiveCapture.stop} does. */
  readonly signal?: AbortSignal;
}

/** Where a capture is written. */
export interface CaptureFile {
  /**
   * Path of a file, made when everything else is ready and readable by its
   * owner alone (packets hold secrets); or an open descriptor, which stays open.
   */
  readonly to: string | number;
  /** Who wrote it: `"seqack 0.1.0"`. */
  readonly application: string;
}

/** How a capture ended, and tcpdump's three counters. */
export interface CaptureEnd extends KernelCounters {
  /** Packets handed over. */
  readonly captured: number;
  /** `null` when it was stopped or had its count; else what ended it. */
  readonly why: Text | null;
}

/** A capture that runs. */
export interface LiveCapture {
  /** Those that the sink was told of: one, and more with `"any"`; the same array all the time. */
  readonly interfaces: readonly CaptureInterface[];
  /** Memory of the ring, maybe less than was asked for; 0 when the source has none. */
  readonly ringBytes: number;
  /**
   * Ends the capture. Resolves when the sink has every packet that passed
   * before the call; a second call resolves with the same.
   */
  stop(): Promise<CaptureEnd>;
  /**
   * Resolves when the capture has ended, however. Rejects with what the sink threw, or with a
   * `CaptureError` when the file cannot be written.
   */
  readonly ended: Promise<CaptureEnd>;
}
