/**
 * What TCP_INFO tells of a connection beside its variables: counts of what came and left, and when, by looking at its
 * segments from outside.
 *
 * @module
 */
import type { TcpSegment, TcpStatus } from "../../../stack/types.ts";
import { seqAdd, seqLeq, seqLt, type SeqNum } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { PyValue } from "../python/evaluate.ts";
import { ReceiverRtt } from "./receiver-rtt.ts";

/** The least and the first guess of what a peer sends (Linux: TCP_MIN_MSS, TCP_MSS_DEFAULT). */
const LEAST_MSS = 88;
const FIRST_MSS = 536;

const us = (ns: number): number => Math.floor(ns / 1000);

/** One segment of ours that takes numbers. */
interface Sent {
  readonly seq: SeqNum;
  readonly end: SeqNum;
  /** Some of it was sent again. */
  isAgain: boolean;
}

/** Of one connection. */
export class FlowWatch {
  readonly #counts = {
    tcpi_segs_in: 0,
    tcpi_segs_out: 0,
    tcpi_data_segs_in: 0,
    tcpi_data_segs_out: 0,
    tcpi_bytes_sent: 0,
    tcpi_bytes_retrans: 0,
    tcpi_dsack_dups: 0,
    tcpi_rcv_ooopack: 0,
    tcpi_delivered: 0,
    tcpi_reord_seen: 0,
  };
  #lastNs = { dataIn: 0, dataOut: 0, ackIn: 0 };
  readonly #busyNs = { all: 0, window: 0, buffer: 0 };
  readonly #rtt = new ReceiverRtt();
  #out: Sent[] = [];
  #sentEnd: SeqNum | null = null;
  /** One past the last that was delivered. */
  #deliveredEnd: SeqNum | null = null;
  #rcvMss = 0;
  /** Up to when {@link onTime} has counted. */
  sinceNs: number;

  constructor(nowNs: number) {
    this.sinceNs = nowNs;
    this.#lastNs = { dataIn: nowNs, dataOut: nowNs, ackIn: nowNs };
  }

  /** Time has passed up to `nowNs`, in which the connection was as `status` has it. */
  onTime(status: TcpStatus, nowNs: number): void {
    const ns = nowNs - this.sinceNs;
    this.sinceNs = nowNs;
    if (ns <= 0 || status.sendQueue === 0) return;
    this.#busyNs.all += ns;
    if (status.limitedBy === "window") this.#busyNs.window += ns;
    if (status.limitedBy === "send-buffer") this.#busyNs.buffer += ns;
  }

  onSent({ seq, flags, payload }: TcpSegment, nowNs: number): void {
    this.#counts.tcpi_segs_out++;
    const syn = (flags & Flag.SYN) === 0 ? 0 : 1;
    const end = seqAdd(seq, payload.length + syn + ((flags & Flag.FIN) === 0 ? 0 : 1));
    if (payload.length > 0) {
      this.#counts.tcpi_data_segs_out++;
      this.#counts.tcpi_bytes_sent += payload.length;
      this.#lastNs.dataOut = nowNs;
    }
    if (seq === end || (flags & Flag.RST) !== 0) return;
    if (this.#sentEnd !== null && !seqLt(this.#sentEnd, end)) {
      this.#counts.tcpi_bytes_retrans += payload.length;
      for (const sent of this.#out)
        if (seqLt(sent.seq, end) && seqLt(seq, sent.end)) sent.isAgain = true;
      return;
    }
    this.#sentEnd = end;
    this.#out.push({ seq, end, isAgain: false });
  }

  /** `before` and `after`: the connection before it took `segment` and afterwards. */
  onArrived(segment: TcpSegment, before: TcpStatus, after: TcpStatus, nowNs: number): void {
    const counts = this.#counts;
    counts.tcpi_segs_in++;
    if (segment.ack !== null) this.#lastNs.ackIn = nowNs;
    this.#takeAcked(segment, after);
    if (segment.payload.length === 0) return;
    counts.tcpi_data_segs_in++;
    this.#lastNs.dataIn = nowNs;
    if (after.outOfOrder > before.outOfOrder) counts.tcpi_rcv_ooopack++;
    this.#rcvMss = Math.max(this.#rcvMss || firstMss(before), this.#fullLen(segment, after));
    this.#rtt.onData(segment, after, this.#rcvMss, nowNs);
  }

  #fullLen({ payload }: TcpSegment, { advMss }: TcpStatus): number {
    return Math.min(payload.length, advMss);
  }

  /** Segments that were acknowledged, or reported by SACK, for the first time. */
  #takeAcked({ options }: TcpSegment, { sndUna, sack }: TcpStatus): void {
    const option = sack ? options.find(({ kind }) => kind === "sack") : undefined;
    const blocks = option?.kind === "sack" ? option.blocks : [];
    const [first] = blocks;
    if (first !== undefined && seqLeq(first.right, sndUna)) this.#counts.tcpi_dsack_dups++;
    const isHere = ({ seq, end }: Sent): boolean =>
      seqLeq(end, sndUna) ||
      blocks.some(({ left, right }) => seqLeq(left, seq) && seqLeq(end, right));
    const here = this.#out.filter(isHere);
    if (here.length === 0) return;
    this.#counts.tcpi_delivered += here.length;
    // What was sent once comes after what was sent later: the network has changed the order.
    const edge = this.#deliveredEnd;
    const isLate = ({ end, isAgain }: Sent): boolean =>
      !isAgain && edge !== null && seqLt(end, edge);
    if (here.some(isLate)) this.#counts.tcpi_reord_seen++;
    for (const { end } of here)
      if (this.#deliveredEnd === null || seqLt(this.#deliveredEnd, end)) this.#deliveredEnd = end;
    this.#out = this.#out.filter((sent) => !here.includes(sent));
  }

  /** By the names of TCP_INFO: milliseconds since, microseconds of. */
  info(status: TcpStatus, nowNs: number): [string, PyValue][] {
    const sinceMs = (ns: number): number => Math.floor((nowNs - ns) / 1e6);
    return [
      ...Object.entries(this.#counts),
      ["tcpi_last_data_recv", sinceMs(this.#lastNs.dataIn)],
      ["tcpi_last_data_sent", sinceMs(this.#lastNs.dataOut)],
      ["tcpi_last_ack_recv", sinceMs(this.#lastNs.ackIn)],
      ["tcpi_busy_time", us(this.#busyNs.all)],
      ["tcpi_rwnd_limited", us(this.#busyNs.window)],
      ["tcpi_sndbuf_limited", us(this.#busyNs.buffer)],
      ["tcpi_rcv_mss", this.#rcvMss || firstMss(status)],
      ["tcpi_rcv_rtt", us(this.#rtt.ns)],
    ];
  }
}

/** Until the peer has sent anything. */
function firstMss({ advMss, sndMss, rcvWnd }: TcpStatus): number {
  return Math.max(LEAST_MSS, Math.min(advMss, sndMss, Math.floor(rcvWnd / 2), FIRST_MSS));
}
