/**
 * Reno: slow start, congestion avoidance, halving (RFC 5681 §3.1).
 *
 * @module
 */
import type { Profile } from "../profile.ts";
import { windowAfterFullAck } from "./full-ack.ts";
import { initialWindow } from "./initial-window.ts";
import type { AckSample, CongestionControl } from "./congestion-control.ts";

/** RFC 5681, with bytes counted (§3.1, RFC 3465). */
export class Reno implements CongestionControl {
  readonly name = "reno";
  cwnd: number;
  ssthresh = Infinity;
  readonly pacingRate = null;
  readonly #profile: Profile;
  #mss: number;
  /** Bytes acknowledged since cwnd last grew, in congestion avoidance. */
  #counted = 0;

  constructor(mss: number, profile: Profile) {
    this.#mss = mss;
    this.#profile = profile;
    this.cwnd = initialWindow(mss, profile);
  }

  onAck({ ackedBytes, isCwndLimited }: AckSample): void {
    if (!isCwndLimited) return;
    if (this.cwnd < this.ssthresh) {
      this.cwnd += Math.min(ackedBytes, this.#profile.slowStartLimit * this.#mss);
      return;
    }
    this.#counted += ackedBytes;
    if (this.#counted < this.cwnd) return;
    this.#counted -= this.cwnd;
    this.cwnd += this.#mss;
  }

  /** RFC 5681 §3.2 step 2, RFC 3168 §6.1.2. */
  onCongestion(flight: number): void {
    this.#halve(flight);
    this.cwnd = this.ssthresh;
  }

  /** RFC 5681 §3.1: the loss window is one segment. */
  onTimeout(flight: number): void {
    this.#halve(flight);
    this.cwnd = this.#mss;
  }

  /** RFC 5681 equation (4). */
  #halve(flight: number): void {
    this.ssthresh = Math.max(Math.floor(flight / 2), 2 * this.#mss);
    this.#counted = 0;
  }

  onRecovered(flight: number, hasSack: boolean): void {
    if (!hasSack) this.cwnd = windowAfterFullAck(this.ssthresh, flight, this.#mss);
  }

  onIdle(): void {
    this.cwnd = Math.min(this.cwnd, initialWindow(this.#mss, this.#profile));
  }

  onMss(mss: number): void {
    this.#mss = mss;
    this.cwnd = Math.max(this.cwnd, mss);
  }
}
