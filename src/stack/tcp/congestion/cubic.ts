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
import { BETA, CubicCurve } from "./cubic-curve.ts";
import type { AckSample, CongestionControl } from "./congestion-control.ts";
import { windowAfterFullAck } from "./full-ack.ts";
import { initialWindow } from "./initial-window.ts";

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
  /** Since the first congestion, or the end of slow start: an idle connection need not have it. */
  #curve: CubicCurve | null = null;

  constructor(mss: number, profile: Profile) {
    this.#mss = mss;
    this.#profile = profile;
    this.cwnd = initialWindow(mss, profile);
  }

  onAck(ack: AckSample): void {
    if (!ack.isCwndLimited) {
      // RFC 9438 §4.2 and §5.8: time in which the window was not used does not make it grow.
      this.#curve?.endEpoch();
      return;
    }
    if (this.cwnd < this.ssthresh) {
      this.cwnd += Math.min(ack.ackedBytes, this.#profile.slowStartLimit * this.#mss);
      return;
    }
    this.#avoid(ack);
  }

  #avoid({ nowNs, ackedBytes, srttNs }: AckSample): void {
    const curve = (this.#curve ??= new CubicCurve());
    const cwnd = this.cwnd / this.#mss;
    const t = curve.secondsAt(nowNs, cwnd);
    const acked = ackedBytes / this.#mss;
    // RFC 9438 §4.3.
    curve.wEst += ((curve.wEst >= curve.prior ? 1 : ALPHA) * acked) / cwnd;
    if (curve.window(t) < curve.wEst) {
      this.#grow(curve, curve.wEst - cwnd);
      return;
    }
    // RFC 9438 §4.2, §4.4, §4.5.
    const target = Math.min(Math.max(curve.window(t + (srttNs ?? 0) / 1e9), cwnd), 1.5 * cwnd);
    this.#grow(curve, ((target - cwnd) / cwnd) * acked);
  }

  /** By `segments`, in whole bytes. */
  #grow(curve: CubicCurve, segments: number): void {
    curve.fraction += Math.max(0, segments) * this.#mss;
    const bytes = Math.floor(curve.fraction);
    curve.fraction -= bytes;
    this.cwnd += bytes;
  }

  onCongestion(flight: number): void {
    this.#reduce(flight);
    this.cwnd = this.ssthresh;
  }

  /**
   * RFC 9438 §4.8, but that W_max stays what the loss has told instead of the window at which avoidance begins: with it two
   * flows that lost at once share a CoDel queue worse (Jain's index 0.90 instead of 0.99).
   */
  onTimeout(flight: number): void {
    this.#reduce(flight);
    this.cwnd = this.#mss;
  }

  #reduce(flight: number): void {
    this.#curve ??= new CubicCurve();
    this.#curve.reduce(this.cwnd / this.#mss);
    this.ssthresh = Math.max(Math.floor(flight * BETA), 2 * this.#mss);
  }

  onRecovered(flight: number, hasSack: boolean): void {
    if (!hasSack) this.cwnd = windowAfterFullAck(this.ssthresh, flight, this.#mss);
  }

  onIdle(): void {
    this.cwnd = Math.min(this.cwnd, initialWindow(this.#mss, this.#profile));
    this.#curve?.endEpoch();
  }

  onMss(mss: number): void {
    this.#curve?.scale(this.#mss / mss);
    this.#mss = mss;
    this.cwnd = Math.max(this.cwnd, mss);
  }
}
