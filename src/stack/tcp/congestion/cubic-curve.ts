/**
 * The cubic function of the time since the last congestion, and Reno's window
 * beside it (RFC 9438 §4.2, §4.3). Windows are in segments.
 *
 * @module
 */

/** C, segments per cubic second (RFC 9438 §5). */
const C = 0.4;
/** beta_cubic (RFC 9438 §4.6). */
export const BETA = 0.7;

/** One connection's curve. */
export class CubicCurve {
  /** cwnd_prior: before the last reduction. */
  prior = 0;
  /** W_est: what Reno would have by now. */
  wEst = 0;
  /** Fractions of a byte that cwnd is still to grow. */
  fraction = 0;
  #wMax = 0;
  /** K: seconds from the epoch to W_max. */
  #k = 0;
  /** When this epoch of congestion avoidance began; `null`: with the next ACK. */
  #epochNs: number | null = null;

  /** Seconds since the epoch began, which is now when there was none. */
  secondsAt(nowNs: number, cwnd: number): number {
    if (this.#epochNs === null) this.#begin(cwnd, nowNs);
    return (nowNs - (this.#epochNs ?? nowNs)) / 1e9;
  }

  #begin(cwnd: number, nowNs: number): void {
    this.#epochNs = nowNs;
    this.wEst = cwnd;
    if (this.#wMax <= cwnd) {
      // No reduction before, or the window has passed it: convex from here (RFC 9438 §4.10).
      this.#wMax = cwnd;
      this.#k = 0;
      return;
    }
    this.#k = Math.cbrt((this.#wMax - cwnd) / C);
  }

  endEpoch(): void {
    this.#epochNs = null;
  }

  /** W_cubic(t) (RFC 9438 §4.2). */
  window(t: number): number {
    return C * (t - this.#k) ** 3 + this.#wMax;
  }

  /** Congestion at the window `cwnd`. */
  reduce(cwnd: number): void {
    this.prior = cwnd;
    // Fast convergence (RFC 9438 §4.7). In whole segments: the cubic comes to W_max from below, and a window that is
    // short of it by a fraction has not lost to another flow.
    const hasShrunk = Math.round(cwnd) < Math.round(this.#wMax);
    this.#wMax = hasShrunk ? (cwnd * (1 + BETA)) / 2 : cwnd;
    this.fraction = 0;
    this.endEpoch();
  }

  /** The segment size has changed: so many of the new ones are one of the old. */
  scale(factor: number): void {
    this.#wMax *= factor;
    this.prior *= factor;
    this.wEst *= factor;
  }
}
