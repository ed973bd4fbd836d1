/**
 * CUBIC (RFC 9438): the window is a cubic function of the time since the
 * last congestion, flat where the loss was.
 *
 * ```
 *   W_max - - - - - - - .-------.- - - -
 *                   .-'           '.       W_cubic(t) = C (t - K)^3 + W_max
 *                .'                   (loss)
 *             cwnd = beta * W_max
 * ```
 *
 * Windows are in bytes outside and in segments inside, as the RFC has them.
 *
 * @module
 */
import type { Profile } from "../profile.ts";
import type { AckSample, CongestionControl } from "./congestion-control.ts";
import { initialWindow } from "./initial-window.ts";

/** C, segments per cubic second (RFC 9438 §5). */
const C = 0.4;
/** beta_cubic (RFC 9438 §4.6). */
const BETA = 0.7;
/** alpha_cubic: what makes the Reno-friendly estimate as fast as Reno (RFC 9438 §4.3). */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);

/** RFC 9438, without HyStart++. */
export class Cubic implements CongestionControl {
  readonly name = "cubic";
  cwnd: number;
  ssthresh = Infinity;
  readonly pacingRate = null;
  readonly #profile: Profile;
  #mss: number;
  /** W_max: segments. */
  #wMax = 0;
  /** cwnd_prior: segments before the last reduction. */
  #prior = 0;
  /** W_est: what Reno would have by now, in segments. */
  #wEst = 0;
  /** K: seconds from the epoch to W_max. */
  #k = 0;
  /** When this epoch of congestion avoidance began; `null`: with the next ACK. */
  #epochNs: number | null = null;
  /** Fractions of a segment that cwnd is still to grow. */
  #fraction = 0;

  constructor(mss: number, profile: Profile) {
    this.#mss = mss;
    this.#profile = profile;
    this.cwnd = initialWindow(mss, profile);
  }

  onAck(ack: AckSample): void {
    if (!ack.isCwndLimited) {
      // RFC 9438 §4.2 and §5.8: time in which the window was not used does not make it grow.
      this.#epochNs = null;
      return;
    }
    if (this.cwnd < this.ssthresh) {
      this.cwnd += Math.min(ack.ackedBytes, this.#profile.slowStartLimit * this.#mss);
      return;
    }
    this.#avoid(ack);
  }

  #avoid({ nowNs, ackedBytes, srttNs }: AckSample): void {
    const cwnd = this.cwnd / this.#mss;
    if (this.#epochNs === null) this.#begin(cwnd, nowNs);
    const t = (nowNs - (this.#epochNs ?? nowNs)) / 1e9;
    const acked = ackedBytes / this.#mss;
    // RFC 9438 §4.3.
    this.#wEst += ((this.#wEst >= this.#prior ? 1 : ALPHA) * acked) / cwnd;
    if (this.#window(t) < this.#wEst) {
      this.#grow(this.#wEst - cwnd);
      return;
    }
    // RFC 9438 §4.2, §4.4, §4.5.
    const target = Math.min(Math.max(this.#window(t + (srttNs ?? 0) / 1e9), cwnd), 1.5 * cwnd);
    this.#grow(((target - cwnd) / cwnd) * acked);
  }

  #begin(cwnd: number, nowNs: number): void {
    this.#epochNs = nowNs;
    this.#wEst = cwnd;
    if (this.#wMax <= cwnd) {
      // No reduction before, or the window has passed it: convex from here (RFC 9438 §4.8).
      this.#wMax = cwnd;
      this.#k = 0;
      return;
    }
    this.#k = Math.cbrt((this.#wMax - cwnd) / C);
  }

  /** W_cubic(t), segments (RFC 9438 §4.2). */
  #window(t: number): number {
    return C * (t - this.#k) ** 3 + this.#wMax;
  }

  /** By `segments`, in whole bytes. */
  #grow(segments: number): void {
    this.#fraction += Math.max(0, segments) * this.#mss;
    const bytes = Math.floor(this.#fraction);
    this.#fraction -= bytes;
    this.cwnd += bytes;
  }

  onCongestion(flight: number): void {
    this.#reduce(flight);
    this.cwnd = this.ssthresh;
  }

  /** RFC 9438 §4.8. */
  onTimeout(flight: number): void {
    this.#reduce(flight);
    this.cwnd = this.#mss;
  }

  #reduce(flight: number): void {
    const cwnd = this.cwnd / this.#mss;
    this.#prior = cwnd;
    // Fast convergence (RFC 9438 §4.7). In whole segments: the cubic comes to W_max from below, and a window that is
    // short of it by a fraction has not lost to another flow.
    const hasShrunk = Math.round(cwnd) < Math.round(this.#wMax);
    this.#wMax = hasShrunk ? (cwnd * (1 + BETA)) / 2 : cwnd;
    this.ssthresh = Math.max(Math.floor(flight * BETA), 2 * this.#mss);
    this.#epochNs = null;
    this.#fraction = 0;
  }

  /** RFC 6582 §3.2 step 3, the first way of the full ACK: no burst where little is left in the network. */
  onRecovered(flight: number, hasSack: boolean): void {
    if (!hasSack) this.cwnd = Math.min(this.ssthresh, Math.max(flight, this.#mss) + this.#mss);
  }

  onIdle(): void {
    this.cwnd = Math.min(this.cwnd, initialWindow(this.#mss, this.#profile));
    this.#epochNs = null;
  }

  onMss(mss: number): void {
    const scale = this.#mss / mss;
    this.#wMax *= scale;
    this.#prior *= scale;
    this.#wEst *= scale;
    this.#mss = mss;
    this.cwnd = Math.max(this.cwnd, mss);
  }
}
