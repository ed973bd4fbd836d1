/**
 * What the sender asks of a congestion control. Everything is in bytes.
 *
 * Loss detection and recovery (which segment, when, how often) belong to the
 * sender; a congestion control only says how much may be in the network, and
 * one that works by rate also how fast.
 *
 * @module
 */

/** New data was acknowledged. */
export interface AckSample {
  readonly nowNs: number;
  /** Bytes that this ACK took off SND.UNA and that neither SACK nor a duplicate ACK had told before. */
  readonly ackedBytes: number;
  /** Bytes in the network before this ACK. */
  readonly flight: number;
  /** The smoothed round trip; `null` before the first sample. */
  readonly srttNs: number | null;
  /** The window was used in full: only then may it grow (RFC 7661 §4). */
  readonly isCwndLimited: boolean;
}

/** How much may be in the network (RFC 5681 §3). A class per algorithm. */
export interface CongestionControl {
  readonly name: string;
  /** Bytes, at least one segment. */
  readonly cwnd: number;
  /** Bytes; `Infinity` before the first loss. */
  readonly ssthresh: number;
  /** Bytes a second to pace by; `null`: not paced. */
  readonly pacingRate: number | null;
  /** The peer acknowledged new data outside of recovery. */
  onAck(ack: AckSample): void;
  /** Loss was found by duplicate ACKs, or the peer echoed a mark: once a window of data. */
  onCongestion(flight: number, nowNs: number): void;
  /** The retransmission timer fired for the first time on this data (RFC 5681 §3.1). */
  onTimeout(flight: number, nowNs: number): void;
  /**
   * Recovery has ended: all that was out when it began is acknowledged. Without SACK (`hasSack` false) far
   * less than cwnd may be in the network then: who fills it at once loses much of it again.
   */
  onRecovered(flight: number, hasSack: boolean, nowNs: number): void;
  /** Nothing was sent for a retransmission timeout (RFC 5681 §4.1). */
  onIdle(nowNs: number): void;
  /** The segment size has changed (path MTU, options). */
  onMss(mss: number): void;
}
