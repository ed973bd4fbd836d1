/**
 * The clock that the kernel stamps packets with, read from a program, so that
 * a call and its segments stand on one timeline.
 *
 * @module
 */
import type { ClockEvent } from "../pcap/event.ts";
import { loadFfi } from "./ffi.ts";

const CLOCK_REALTIME = 0;
const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_MS = 1_000_000n;
const READINGS = 1000;

/** Reads one clock, in nanoseconds since 1970. */
interface RealtimeClock {
  readonly source: string;
  now(): bigint;
  /** How far {@link now} may stand from the kernel's clock, beside the time that a reading takes. */
  offsetErrorNs(): number;
}

// Chosen at the first reading: koffi need not be loaded before.
const memo: { clock?: RealtimeClock } = {};

function realtimeClock(): RealtimeClock {
  memo.clock ??= kernelClock() ?? monotonicClock();
  return memo.clock;
}

/** Nanoseconds since 1970 on the packets' clock. Takes some 100 ns. */
export function realtimeNs(): bigint {
  return realtimeClock().now();
}

/**
 * How far a reading can stand from the clock of the packets: the longest of 99
 * in 100 gaps between readings one after the other (the hundredth met the
 * scheduler), and what is not known of the two clocks' distance.
 */
export function measureClock(): ClockEvent {
  const clock = realtimeClock();
  clock.now();
  const times = Array.from({ length: READINGS }, () => clock.now());
  const gaps = times.slice(1).map((time, i) => Number(time - times[i]!));
  gaps.sort((a, b) => a - b);
  const gap = Math.max(1, gaps[Math.floor(gaps.length * 0.99)]!);
  return { kind: "clock", source: clock.source, errorNs: gap + clock.offsetErrorNs() };
}

/** The very clock of the packets, through koffi. */
function kernelClock(): RealtimeClock | null {
  const ffi = loadFfi();
  if (!ffi.ok) return null;
  const time = new BigInt64Array(2);
  const bytes = new Uint8Array(time.buffer);
  const { libc } = ffi;
  return {
    source: "clock_gettime",
    now() {
      libc.clock_gettime(CLOCK_REALTIME, bytes);
      return time[0]! * NS_PER_SECOND + time[1]!;
    },
    offsetErrorNs: () => 0,
  };
}

/** Without koffi: Node's monotonic clock, set by an edge of the wall clock's milliseconds. */
export function monotonicClock(): RealtimeClock {
  const set = findEdge();
  return {
    source: "performance.now",
    now: () => process.hrtime.bigint() + set.offset,
    offsetErrorNs() {
      const again = findEdge();
      const drift = again.offset - set.offset;
      return Number(drift < 0n ? -drift : drift) + set.widthNs;
    },
  };
}

/** The best of some edges: at the first reading of a new millisecond both clocks are known. */
function findEdge(): { offset: bigint; widthNs: number } {
  const edges = [1, 2, 3, 4, 5].map(nextEdge);
  return edges.reduce((best, edge) => (edge.widthNs < best.widthNs ? edge : best));
}

function nextEdge(): { offset: bigint; widthNs: number } {
  const from = Date.now();
  let before = process.hrtime.bigint();
  for (;;) {
    const ms = Date.now();
    const after = process.hrtime.bigint();
    if (ms !== from) {
      // The millisecond began between the reading before and this one.
      const middle = (before + after) / 2n;
      return { offset: BigInt(ms) * NS_PER_MS - middle, widthNs: Number(after - before) };
    }
    before = after;
  }
}
