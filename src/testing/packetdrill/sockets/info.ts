/**
 * The variables of an endpoint as TCP_INFO names them.
 *
 * @module
 */
import type { Profile } from "../../../stack/tcp/profile.ts";
import type { SocketOptions, TcpState, TcpStatus } from "../../../stack/types.ts";
import { seqDiff, type SeqNum } from "../../../wire/seqnum.ts";
import type { PyValue } from "../python/evaluate.ts";
import type { Personality } from "./personality.ts";
import { INFO_OPTIONS, stateConstants } from "../runner/tcp-info.ts";

const RECOVERY_STATES = ["open", "disorder", "cwr", "recovery", "loss"];
/** What Linux shows while it knows no threshold. */
const INFINITE_SSTHRESH = 0x7fff_ffff;

/** `tcpi_state`, and the names that it is compared with. */
export function stateInfo(state: TcpState, { states }: Personality): [string, PyValue][] {
  return [["tcpi_state", states[state]], ...stateConstants(states)];
}

/** Windows in segments, as Linux has them, or in bytes; times in microseconds. */
export function infoOf(
  status: TcpStatus,
  profile: Profile,
  personality: Personality,
): Map<string, PyValue> {
  const unit = personality.windowInSegments ? status.sndMss : 1;
  const segments = (bytes: number): number => Math.ceil(bytes / status.sndMss);
  return new Map<string, PyValue>([
    ...stateInfo(status.state, personality),
    ["tcpi_ca_state", RECOVERY_STATES.indexOf(status.recovery)],
    ["tcpi_options", optionsOf(status)],
    ["tcpi_snd_cwnd", Math.floor(status.cwnd / unit)],
    [
      "tcpi_snd_ssthresh",
      status.ssthresh === Infinity ? INFINITE_SSTHRESH : Math.floor(status.ssthresh / unit),
    ],
    ["tcpi_unacked", segments(status.flight)],
    ["tcpi_sacked", segments(status.sacked)],
    ["tcpi_lost", segments(status.lost)],
    ["tcpi_retrans", segments(resent(status))],
    ["tcpi_reordering", profile.dupThresh],
    ["tcpi_bytes_acked", afterSyn(status.sndUna, status.iss)],
    ["tcpi_bytes_received", afterSyn(status.rcvNxt, status.irs)],
    ["tcpi_rtt", Math.floor((status.srttNs ?? 0) / 1000)],
    ["tcpi_rttvar", Math.floor((status.rttvarNs ?? 0) / 1000)],
    ["tcpi_min_rtt", minRtt(status)],
    ["tcpi_retransmits", status.timeouts],
    ["tcpi_probes", status.probes],
    ["tcpi_notsent_bytes", Math.max(0, status.sendQueue - status.flight)],
    ["tcpi_snd_wnd", status.sndWnd],
    ["tcpi_rcv_wnd", status.rcvWnd],
    ["tcpi_rto", Math.floor(status.rtoNs / 1000)],
    ["tcpi_backoff", status.backoff],
    ["tcpi_snd_mss", status.sndMss],
    ["tcpi_advmss", status.advMss],
    ["tcpi_total_retrans", status.retransmits],
    ["tcpi_snd_wscale", status.sndShift],
    ["tcpi_rcv_wscale", status.rcvShift],
  ]);
}

/** What Linux shows before the first sample. */
const NO_RTT = 0xffff_ffff;

function minRtt({ minRttNs }: TcpStatus): number {
  return minRttNs === null ? NO_RTT : Math.floor(minRttNs / 1000);
}

/** The buffers as SO_MEMINFO has them; the memory that a kernel has given out is not told. */
export function memoryInfo(options: Readonly<SocketOptions>): [string, PyValue][] {
  return [
    ["SK_MEMINFO_RCVBUF", options.receiveBuffer],
    ["SK_MEMINFO_SNDBUF", options.sendBuffer],
  ];
}

/** Bytes sent again that are still out: what is in the network beside what was sent once. */
function resent({ pipe, flight, sacked, lost }: TcpStatus): number {
  return Math.max(0, pipe - (flight - sacked - lost));
}

/** Bytes of a stream up to `seq`, its SYN not counted. */
function afterSyn(seq: SeqNum, initial: SeqNum): number {
  return Math.max(0, seqDiff(seq, initial) - 1);
}

function optionsOf(status: TcpStatus): number {
  const bits: readonly (readonly [boolean, number])[] = [
    [status.timestamps, INFO_OPTIONS.TCPI_OPT_TIMESTAMPS],
    [status.sack, INFO_OPTIONS.TCPI_OPT_SACK],
    [status.sndShift > 0 || status.rcvShift > 0, INFO_OPTIONS.TCPI_OPT_WSCALE],
    [status.ecn, INFO_OPTIONS.TCPI_OPT_ECN],
  ];
  return bits.reduce((sum, [isSet, bit]) => (isSet ? sum | bit : sum), 0);
}
