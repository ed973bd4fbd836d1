/**
 * Senders on one bottleneck, each with its own way behind it:
 *
 * ```
 *   sender 1 ──┐                                  ┌── delay 1 ──┐
 *              ├──▶ queue, rate, loss: one lane ──┤             ├──▶ receiver
 *   sender n ──┘                                  └── delay n ──┘
 *       ▲                                                           │
 *       └────────────────────── delay 1 … n ◀───────────────────────┘
 * ```
 *
 * @module
 */
import type { Device } from "../../src/stack/device/device.ts";
import { Lane } from "../../src/stack/link/lane.ts";
import type { LaneOptions } from "../../src/stack/link/lane-options.ts";

/** Offset of the last byte of an IPv4 packet's addresses, which says which sender it belongs to. */
const SRC_AT = 15;
const DST_AT = 19;

/** Bytes of the longest packet. */
const MTU = 1500;

/** The network between senders 1 … n, at 10.0.0.1 … n, and one receiver. */
export class Dumbbell {
  readonly bottleneck: Lane;
  /** Of the senders, in order. */
  readonly senders: readonly Device[];
  readonly receiver: Device;
  readonly #forth: readonly Lane[];
  readonly #back: readonly Lane[];

  /** `rttsNs`: of each sender, without what the bottleneck adds. */
  constructor(bottleneck: LaneOptions, rttsNs: readonly number[], seed: number) {
    this.bottleneck = new Lane(bottleneck, seed);
    const lane = (rttNs: number): Lane => new Lane({ delayNs: rttNs / 2 }, seed);
    this.#forth = rttsNs.map(lane);
    this.#back = rttsNs.map(lane);
    this.senders = this.#back.map((back) => ({
      mtu: MTU,
      send: (packet, nowNs) => void this.bottleneck.send(packet, nowNs),
      poll: (nowNs) => back.poll(nowNs),
      pollAt: () => back.pollAt(),
    }));
    this.receiver = {
      mtu: MTU,
      send: (packet, nowNs) => void this.#back[packet[DST_AT]! - 1]?.send(packet, nowNs),
      poll: (nowNs) => this.#arrived(nowNs),
      pollAt: () => Math.min(this.bottleneck.pollAt(), ...this.#forth.map((way) => way.pollAt())),
    };
  }

  #arrived(nowNs: number): Uint8Array | null {
    for (let p = this.bottleneck.poll(nowNs); p !== null; p = this.bottleneck.poll(nowNs))
      this.#forth[p[SRC_AT]! - 1]?.send(p, nowNs);
    for (const lane of this.#forth) {
      const packet = lane.poll(nowNs);
      if (packet !== null) return packet;
    }
    return null;
  }
}
