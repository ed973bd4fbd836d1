/**
 * Samples of an end's variables, for tests.
 *
 * @module
 */
import type { SampleEvent } from "../pcap/event.ts";
import { TEST_EPOCH } from "./packets.ts";

/** What the client of `packetOf`'s lines has at `ms`, with `change`. */
export function sampleAt(ms: number, change: Partial<SampleEvent> = {}): SampleEvent {
  return {
    kind: "sample",
    by: "stack",
    time: TEST_EPOCH + BigInt(ms * 1_000_000),
    local: "10.0.0.1:40000",
    remote: "10.0.0.2:80",
    state: "ESTABLISHED",
    mss: 1000,
    cwnd: 10_000,
    ssthresh: null,
    sndWnd: 20_000,
    rcvWnd: 65_535,
    flight: 0,
    queued: 0,
    srttNs: 10_000_000,
    rtoNs: 200_000_000,
    recovery: "open",
    congestion: "reno",
    pacingRate: null,
    ...change,
  };
}
