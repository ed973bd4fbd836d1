/**
 * What a flow should get by the known models, as its mean window in segments,
 * which is also what it sends in a round trip.
 *
 *  - {@link renoPeriodic}: Mathis, Semke, Mahdavi and Ott, "The Macroscopic Behavior of the TCP Congestion
 *    Avoidance Algorithm" (1997): every 1/p-th packet is lost, and the window is a saw of teeth from W/2 to W.
 *    Their constant for delayed ACKs is less (√(3/4)), for stacks that count ACKs; ours counts
 *    bytes (RFC 3465), so that √(3/2) holds with them too.
 *  - {@link renoRandom}: Ott, Kemperman and Mathis, "The Stationary Behavior of Ideal TCP Congestion Avoidance"
 *    (1996): each packet is lost with probability p.
 *  - {@link cubicPeriodic}: RFC 9438 §5.1 and §4.3: the larger one of CUBIC's own window and of the
 *    Reno-friendly one, every 1/p-th packet lost.
 *
 * They are limits for small p: none knows of timeouts, and none of the two round trips a tooth in which
 * the loss is found and mended. Those are 2 of W/2 + 2 for Reno: with p at most 0.001 they cost less than 5 %.
 * {@link walk} knows of both, and goes up to p = 0.02.
 *
 * @module
 */
import type { Prng } from "../../src/base/prng.ts";
import type { Profile } from "../../src/stack/tcp/profile.ts";

/** C of RFC 9438 §5. */
const C = 0.4;
/** beta_cubic of RFC 9438 §4.6. */
const BETA = 0.7;

/** √(3/2p). */
export function renoPeriodic(p: number): number {
  return Math.sqrt(3 / 2 / p);
}

/** 1.3098/√p. */
export function renoRandom(p: number): number {
  return 1.3098 / Math.sqrt(p);
}

/** RFC 9438 §5.1, equation for AVG_W_cubic; `rttS` in seconds. */
export function cubicPeriodic(p: number, rttS: number): number {
  const own = ((C * (3 + BETA)) / (4 * (1 - BETA))) ** 0.25 * (rttS / p) ** 0.75;
  return Math.max(own, renoPeriodic(p));
}

/** What a random walk takes. */
export interface WalkInit {
  readonly congestion: Profile["congestion"];
  readonly p: number;
  readonly rttS: number;
  /** Losses until it ends. */
  readonly losses: number;
}

/**
 * The mean window of an ideal flow, round trip by round trip, with losses by chance: the slow and obvious way.
 * The round trip after the one with the loss is sent as if nothing had happened, for nobody knows of it yet; the
 * next one mends; then the window grows again.
 */
export function walk({ congestion, p, rttS, losses }: WalkInit, prng: Prng): number {
  const flow = congestion === "reno" ? new RenoWalk() : new CubicWalk(rttS);
  let rounds = 0;
  let segments = 0;
  const send = (): boolean => {
    const window = Math.floor(flow.window);
    rounds++;
    segments += window;
    return prng.chance(1 - (1 - p) ** window);
  };
  for (let lost = 0; lost < losses; lost++) {
    while (!send()) flow.grow();
    do {
      send();
      flow.reduce();
    } while (send());
  }
  return segments / rounds;
}

class RenoWalk {
  window = 10;

  grow(): void {
    this.window++;
  }

  reduce(): void {
    this.window = Math.max(2, this.window / 2);
  }
}

class CubicWalk {
  window = 10;
  #max = 10;
  #k = 0;
  #t = 0;
  #reno = 10;
  readonly #rttS: number;

  constructor(rttS: number) {
    this.#rttS = rttS;
  }

  grow(): void {
    this.#t += this.#rttS;
    this.#reno += this.#reno < this.#max ? (3 * (1 - BETA)) / (1 + BETA) : 1;
    const cubic = C * (this.#t - this.#k) ** 3 + this.#max;
    this.window = Math.max(this.window, Math.min(1.5 * this.window, cubic), this.#reno);
  }

  reduce(): void {
    this.#max = this.window < this.#max ? (this.window * (1 + BETA)) / 2 : this.window;
    this.window = Math.max(2, this.window * BETA);
    this.#k = Math.cbrt(Math.max(0, this.#max - this.window) / C);
    this.#t = 0;
    this.#reno = this.window;
  }
}
