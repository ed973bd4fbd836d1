/**
 * The round trip and the retransmission timeout (RFC 6298).
 *
 * @module
 */
import type { Profile } from "./profile.ts";

/** K (RFC 6298 §2.2). */
const K = 4;
/** alpha (RFC 6298 §2.3). */
const ALPHA = 1 / 8;
/** beta (RFC 6298 §2.3). */
const BETA = 1 / 4;
/** G, the granularity of the clock (RFC 6298 §2.2): 1 ms, that of timestamps. */
const G_NS = 1e6;

/** SRTT, RTTVAR and RTO of one connection. */
export class RttEstimator {
  /** `null` before the first sample. */
  srttNs: number | null = null;
  rttvarNs = 0;
  /** The shortest sample; `Infinity` before the first. */
  minNs = Infinity;
  /** Timeouts in a row; each doubles the RTO (RFC 6298 §5.5). */
  backoff = 0;
  /** What is waited longer (`Profile.synSlopNs`). */
  slopNs = 0;
  readonly #profile: Profile;
  #baseNs: number;

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#baseNs = profile.rtoInitialNs;
  }

  /** The RTO with its back-off, at most the profile's largest. */
  get rtoNs(): number {
    const factor = this.backoff === 0 ? 1 : 2 ** Math.min(this.backoff, 32);
    const rtoNs = this.#baseNs * factor + this.slopNs;
    return Math.min(this.#profile.rtoMaxNs, rtoNs);
  }

  /** A measured round trip of a segment that was sent once (RFC 6298 §3), or told by timestamps. */
  sample(rttNs: number): void {
    if (rttNs < this.minNs) this.minNs = rttNs;
    if (this.srttNs === null) {
      this.srttNs = rttNs;
      this.rttvarNs = rttNs / 2;
    } else {
      this.rttvarNs += BETA * (Math.abs(this.srttNs - rttNs) - this.rttvarNs);
      this.srttNs += ALPHA * (rttNs - this.srttNs);
    }
    this.#baseNs = this.#rto(this.srttNs);
  }

  /** RFC 6298 §2.3, §2.4. */
  #rto(srttNs: number): number {
    const { rtoMinNs, rtoMinOf } = this.#profile;
    const variance = Math.max(G_NS, K * this.rttvarNs);
    if (rtoMinOf === "variance") return srttNs + Math.max(rtoMinNs, variance);
    return Math.max(rtoMinNs, srttNs + variance);
  }

  /** The SYN had to be sent again (RFC 6298 §5.7). */
  afterSynLoss(): void {
    if (this.srttNs !== null) return;
    this.backoff = 0;
    this.#baseNs = Math.max(this.#baseNs, this.#profile.rtoAfterSynLossNs);
  }
}
