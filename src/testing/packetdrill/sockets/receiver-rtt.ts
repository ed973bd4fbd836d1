/**
 * The round trip as a receiver can tell it: by timestamps that come back, or by how long a whole window takes to come.
 *
 * @module
 */
import type { TcpSegment, TcpStatus } from "../../../stack/types.ts";
import { seqAdd, seqLt, type SeqNum } from "../../../wire/seqnum.ts";

/** Added to the clock of timestamps of every connection of a script. */
export const TS_OFFSET = 1_000_000;
/** Weight of a new sample. */
const WEIGHT = 1 / 8;

/** Of one connection. */
export class ReceiverRtt {
  /** 0: nothing was measured yet. */
  ns = 0;
  #lastEcho: number | null = null;
  #window: { readonly end: SeqNum; readonly sinceNs: number } | null = null;

  /** `segment` brought data; `rcvMss`: the largest that came. */
  onData(segment: TcpSegment, status: TcpStatus, rcvMss: number, nowNs: number): void {
    this.#takeWindow(status, nowNs);
    const timestamps = segment.options.find(({ kind }) => kind === "timestamps");
    if (!status.timestamps || timestamps?.kind !== "timestamps") return;
    if (segment.payload.length < rcvMss || timestamps.echo === this.#lastEcho) return;
    this.#lastEcho = timestamps.echo;
    const sinceMs = (Math.floor(nowNs / 1e6) + TS_OFFSET - timestamps.echo) | 0;
    if (sinceMs >= 0) this.#take(sinceMs * 1e6, false);
  }

  /** A window of data takes a round trip, or longer where the sender does not fill it. */
  #takeWindow({ rcvNxt, rcvWnd }: TcpStatus, nowNs: number): void {
    const window = this.#window;
    if (window !== null && seqLt(rcvNxt, window.end)) return;
    if (window !== null) this.#take(nowNs - window.sinceNs, true);
    this.#window = { end: seqAdd(rcvNxt, rcvWnd), sinceNs: nowNs };
  }

  #take(sampleNs: number, isBound: boolean): void {
    if (this.ns === 0) this.ns = sampleNs;
    else if (!isBound) this.ns += WEIGHT * (sampleNs - this.ns);
    else if (sampleNs < this.ns) this.ns = sampleNs;
  }
}
