/**
 * What one flow does while it runs.
 *
 * @module
 */
import type { Decision, Probe } from "../../src/stack/types.ts";

/** Counts; {@link reset} begins anew. */
export class Meter implements Probe {
  /** Payload bytes that the reader got. */
  received = 0;
  /** Segments that carried data. */
  segments = 0;
  /** Of these, what was sent again. */
  resent = 0;
  /** Times that the retransmission timer fired. */
  timeouts = 0;
  /** Bytes of cwnd, added up over the looks at it. */
  cwndSum = 0;
  looks = 0;

  /** What was until now does not count. */
  reset(): void {
    this.received = 0;
    this.segments = 0;
    this.resent = 0;
    this.timeouts = 0;
    this.cwndSum = 0;
    this.looks = 0;
  }

  onDecision(decision: Decision): void {
    if (decision.type === "timer" && decision.timer === "retransmit") this.timeouts++;
    if (decision.type !== "sent" || decision.segment.payload.length === 0) return;
    this.segments++;
    const { why } = decision;
    if (why === "fast-retransmit" || why === "retransmit" || why === "timeout") this.resent++;
  }

  look(cwnd: number): void {
    this.cwndSum += cwnd;
    this.looks++;
  }
}
