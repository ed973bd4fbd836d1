/**
 * Where the numbers of a line are counted from, as tcpdump does it.
 *
 * @module
 */
import type { SegmentRecord } from "../trace/segment.ts";
import { Flag } from "../wire/tcp.ts";
import type { TcpBase } from "../wire/tcp-describe.ts";

/** Remembers where the numbers of each direction began; segments in their order. */
export class LineBases {
  readonly #seq: (number | undefined)[] = [];
  readonly #base = { seq: 0, ack: 0 };

  /** What to count from, `null` for numbers as they are: in SYNs and the first segment of a stream. */
  of({ flow, reverseFlow, seq, ack, tcpFlags, isNewStream }: SegmentRecord): TcpBase | null {
    if (isNewStream) this.#seq[flow] = this.#seq[reverseFlow] = undefined;
    if ((tcpFlags & Flag.ACK) === 0) return null;
    const mine = this.#seq[flow];
    const theirs = this.#seq[reverseFlow];
    if (mine === undefined || theirs === undefined || (tcpFlags & Flag.SYN) !== 0) {
      this.#seq[flow] = seq;
      this.#seq[reverseFlow] = (ack - 1) >>> 0;
      return null;
    }
    this.#base.seq = mine;
    this.#base.ack = theirs;
    return this.#base;
  }
}
