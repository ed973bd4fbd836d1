/**
 * Which packets a link loses.
 *
 * @module
 */
import type { Prng } from "../../base/prng.ts";

/**
 * How packets are lost:
 *
 *  - `uniform`: each for itself, with probability `p`;
 *  - `bursts`: by the model of Gilbert and Elliott, in which the link is
 *    either good or bad, changes with a probability per packet and loses more
 *    of them when it is bad. The mean burst is `1 / toGood` packets long, and
 *    the share of time spent bad is `toBad / (toBad + toGood)`;
 *  - `periodic`: every `every`-th one, as the models of TCP's throughput have it (RFC 9438 §5.1);
 *  - `list`: exactly those, counted from 0 in the order in which they leave the queue.
 */
export type LossModel =
  | { readonly name: "uniform"; readonly p: number }
  | {
      readonly name: "bursts";
      /** Probability that a good link is bad from the next packet on. */
      readonly toBad: number;
      /** Probability that a bad link is good from the next packet on. */
      readonly toGood: number;
      /** Of a good link; 0 unless told. */
      readonly lossGood?: number | undefined;
      /** Of a bad link; 1 unless told. */
      readonly lossBad?: number | undefined;
    }
  | { readonly name: "periodic"; readonly every: number }
  | { readonly name: "list"; readonly packets: readonly number[] };

/** Share of packets that `model` loses in the long run, 0 to 1; 0 for a list, which ends. */
export function meanLoss(model: LossModel): number {
  switch (model.name) {
    case "uniform":
      return model.p;
    case "bursts": {
      const { toBad, toGood, lossGood = 0, lossBad = 1 } = model;
      const bad = toBad === 0 ? 0 : toBad / (toBad + toGood);
      return bad * lossBad + (1 - bad) * lossGood;
    }
    case "periodic":
      return 1 / model.every;
    case "list":
      return 0;
  }
}

/** Judges packet after packet. */
export class Loss {
  readonly #model: LossModel;
  readonly #prng: Prng;
  #packet = 0;
  #isBad = false;

  constructor(model: LossModel, prng: Prng) {
    this.#model = model;
    this.#prng = prng;
  }

  /** Whether the next packet is lost. */
  takes(): boolean {
    const packet = this.#packet++;
    const model = this.#model;
    switch (model.name) {
      case "uniform":
        return model.p > 0 && this.#prng.chance(model.p);
      case "bursts": {
        if (this.#prng.chance(this.#isBad ? model.toGood : model.toBad)) this.#isBad = !this.#isBad;
        return this.#prng.chance(this.#isBad ? (model.lossBad ?? 1) : (model.lossGood ?? 0));
      }
      case "periodic":
        return (packet + 1) % model.every === 0;
      case "list":
        return model.packets.includes(packet);
    }
  }
}
