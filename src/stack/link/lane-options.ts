/**
 * How one direction of a link behaves.
 *
 * @module
 */
import type { CodelOptions } from "./codel.ts";
import type { LossModel } from "./loss.ts";
import type { LinkProbe } from "./link-event.ts";

/** One direction of a link. What is not told is ideal: no limit, no delay, no loss. */
export interface LaneOptions {
  /** Bits a second that the wire takes, of IP packets; `Infinity` unless told. */
  readonly bitsPerSecond?: number | undefined;
  /** From the packet's last bit on the wire to its arrival. */
  readonly delayNs?: number | undefined;
  /** Added to the delay: anything from 0 to this, the same likelihood for all. Packets keep their order. */
  readonly jitterNs?: number | undefined;
  /** What waits for the wire; what comes to a full queue is dropped. 1000 packets unless told. */
  readonly queue?: QueueOptions | undefined;
  /** What is lost behind the queue, on the wire. */
  readonly loss?: LossModel | undefined;
  /** Some packets arrive later than their turn, and may be overtaken. */
  readonly reorder?: ReorderOptions | undefined;
  /** Probability that a packet arrives twice. */
  readonly duplicate?: number | undefined;
  /** Probability that one bit of a packet, any of them, is turned over. */
  readonly corrupt?: number | undefined;
  /** Bytes of the longest IP packet; `Infinity` unless told. */
  readonly mtu?: number | undefined;
  /** Hears what becomes of each packet. */
  readonly probe?: LinkProbe | undefined;
}

/** The queue in front of the wire; the packet on the wire does not count. */
export interface QueueOptions {
  readonly packets?: number | undefined;
  readonly bytes?: number | undefined;
  /** Drops from the head when packets wait too long (RFC 8289). */
  readonly codel?: CodelOptions | undefined;
  /** CoDel marks what can be marked (ECT) with CE instead of dropping it (RFC 3168). */
  readonly ecn?: boolean | undefined;
}

/** Which packets are held up, and for how long. */
export interface ReorderOptions {
  readonly p: number;
  readonly byNs: number;
}

/** @throws {RangeError} when a number cannot be. */
export function checkLaneOptions(options: LaneOptions): void {
  const { bitsPerSecond = Infinity, mtu = Infinity, queue, loss, reorder } = options;
  atLeast("rate", bitsPerSecond, Number.MIN_VALUE, Infinity);
  atLeast("MTU", mtu, 68, Infinity);
  atLeast("delay", options.delayNs ?? 0, 0, Number.MAX_VALUE);
  atLeast("jitter", options.jitterNs ?? 0, 0, Number.MAX_VALUE);
  atLeast("delay of reordering", reorder?.byNs ?? 0, 0, Number.MAX_VALUE);
  atLeast("queue of packets", queue?.packets ?? 0, 0, Infinity);
  atLeast("queue of bytes", queue?.bytes ?? 0, 0, Infinity);
  if (loss?.name === "periodic") atLeast("period of loss", loss.every, 1, Infinity);
  const chances = [options.duplicate, options.corrupt, reorder?.p, ...lossChances(loss)];
  for (const p of chances) atLeast("probability", p ?? 0, 0, 1);
}

function lossChances(loss: LossModel | undefined): readonly (number | undefined)[] {
  if (loss === undefined || loss.name === "list" || loss.name === "periodic") return [];
  if (loss.name === "uniform") return [loss.p];
  return [loss.toBad, loss.toGood, loss.lossGood, loss.lossBad];
}

function atLeast(what: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max))
    throw new RangeError(
      `Cannot make a link with a ${what} of ${value}: it must be ${min} to ${max}`,
    );
}
