/**
 * What is known of a capture that passes a second time: when each connection is over. Nothing is kept of it
 * any longer, so that memory follows the connections that are open at a time.
 *
 * @module
 */
import type { Breaks } from "./breaks.ts";

/** See the module. */
export interface Foresight {
  /** All packets' times. */
  readonly breaks: Breaks;
  /**
   * The last frame that tells of `stream`, quoted by an ICMP error too; where another connection takes its ports, that
   * one's first.
   */
  lastFrameOf(stream: number): number;
}
