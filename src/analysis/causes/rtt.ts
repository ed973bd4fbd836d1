/**
 * Round-trip times from the point of capture, and what RFC 6298 makes of them.
 *
 * A capture splits the way in two: from here to the receiver and back, which
 * is measured, and from here to the sender and back, which is what the other
 * direction measures.
 *
 * @module
 */
import { type Direction, Time } from "./direction.ts";

/** Takes the sample of the direction whose times begin at `at` (RFC 6298 §2.2, §2.3). */
export function addSample(times: Float64Array, at: number): void {
  const rtt = times[at + Time.SAMPLE]!;
  if (rtt <= 0) return;
  const minRtt = times[at + Time.MIN_RTT]!;
  const srtt = times[at + Time.SRTT]!;
  if (minRtt === 0 || rtt < minRtt) times[at + Time.MIN_RTT] = rtt;
  if (srtt === 0) {
    times[at + Time.SRTT] = rtt;
    times[at + Time.RTTVAR] = rtt / 2;
    return;
  }
  times[at + Time.RTTVAR] = 0.75 * times[at + Time.RTTVAR]! + 0.25 * Math.abs(srtt - rtt);
  times[at + Time.SRTT] = 0.875 * srtt + 0.125 * rtt;
}

/** Times that rules compare with; all nanoseconds. */
export interface Path {
  /** From here to the sender and back. */
  near: number;
  /** The whole way and back, smoothed; 0: not measured. */
  srtt: number;
  /** RTO without a minimum; 0: not measured. */
  rto: number;
  /** A reaction to what passed here comes back within this time. */
  prompt: number;
}

/** Grain of a reaction on a short way: 0.3 ms, 2 ms from a round trip of 16 ms on. */
const LEAST_GRAIN = 0.3e6;
const MOST_GRAIN = 2e6;

/** Fills `path` for what `fwd` sends; `rev` is the other direction. */
export function measurePath(path: Path, fwd: Direction, rev: Direction): void {
  const near = rev.minRtt;
  const total = fwd.srtt === 0 ? 0 : fwd.srtt + near;
  path.near = near;
  path.srtt = total;
  path.rto = total === 0 ? 0 : total + 4 * fwd.rttvar;
  path.prompt = near * 1.25 + Math.min(MOST_GRAIN, Math.max(LEAST_GRAIN, total / 8));
}
