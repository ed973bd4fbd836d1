/**
 * A connection is over: its row becomes one of the columns.
 *
 * @module
 */
import { NO_SHIFT, NO_SIDE } from "./columns.ts";
import type { Conversations } from "./conversations.ts";
import { Conn, Mark, type OpenRows, Shake, Time, TIMES, Word, WORDS } from "./open-rows.ts";
import { rankOf, RTT_EXACT, type RttHistograms } from "./rtt.ts";
import type { VerdictCounts } from "./verdict-counts.ts";

/** What rows have elsewhere when they need it. */
export interface Pools {
  readonly histograms: RttHistograms;
  readonly verdicts: VerdictCounts;
}

/** Adds what `slot` holds to `ended`, and empties the slot. */
export function finishConnection(
  open: OpenRows,
  slot: number,
  pools: Pools,
  ended: Conversations,
): void {
  const row = ended.add();
  const { columns: c } = ended;
  const { words: w, times: t, connections, handshakes } = open;
  const at = open.connectionAt(slot);
  const clientFlow = slot * 2 + connections[at + Conn.CLIENT_SIDE]!;
  const serverFlow = clientFlow ^ 1;
  const lastNs = Math.max(t[clientFlow * TIMES + Time.LAST]!, t[serverFlow * TIMES + Time.LAST]!);
  c.stream[row] = connections[at + Conn.STREAM]!;
  c.version[row] = connections[at + Conn.VERSION]!;
  c.firstFrame[row] = connections[at + Conn.FIRST_FRAME]!;
  c.lastFrame[row] = Math.max(
    w[clientFlow * WORDS + Word.LAST_FRAME]! >>> 0,
    w[serverFlow * WORDS + Word.LAST_FRAME]! >>> 0,
  );
  c.startSec[row] = t[clientFlow * TIMES + Time.START_SEC]!;
  c.startNsec[row] = t[clientFlow * TIMES + Time.START_NSEC]!;
  c.durationNs[row] = lastNs;
  c.completeness[row] =
    (w[clientFlow * WORDS + Word.MARKS]! | w[serverFlow * WORDS + Word.MARKS]!) & Mark.COMPLETENESS;
  c.synToSynAckNs[row] = handshakes[open.handshakeAt(slot) + Shake.SYN_TO_SYN_ACK]!;
  c.synAckToAckNs[row] = handshakes[open.handshakeAt(slot) + Shake.SYN_ACK_TO_ACK]!;
  c.firstFin[row] = sideOf(connections[at + Conn.FIRST_FIN]!);
  c.firstRst[row] = sideOf(connections[at + Conn.FIRST_RST]!);
  for (const dir of [0, 1]) {
    const flow = dir === 0 ? clientFlow : serverFlow;
    finishAddress(open, at, dir, ended, row * 2 + dir);
    finishCounts(open, flow, lastNs, ended, row * 2 + dir);
    finishRtt(open, flow, pools.histograms, ended, row * 2 + dir);
    const block = open.words[flow * WORDS + Word.VERDICTS]!;
    if (block !== 0) finishVerdicts(block, pools.verdicts, ended, row * 2 + dir);
  }
  connections[at + Conn.USED] = 0;
}

/** For what is mostly 0: pages of zeros that are not written to take no memory. */
function put(column: Uint32Array | Float64Array, row: number, value: number): void {
  if (column[row] !== value) column[row] = value;
}

const sideOf = (plusOne: number): number => (plusOne === 0 ? NO_SIDE : plusOne - 1);

function finishAddress(
  { connections }: OpenRows,
  at: number,
  dir: number,
  { directions: d }: Conversations,
  row: number,
): void {
  const addr = at + (dir === 0 ? Conn.CLIENT_ADDR : Conn.SERVER_ADDR);
  d.addr0[row] = connections[addr]!;
  put(d.addr1, row, connections[addr + 1]!);
  put(d.addr2, row, connections[addr + 2]!);
  put(d.addr3, row, connections[addr + 3]!);
  d.port[row] = connections[at + (dir === 0 ? Conn.CLIENT_PORT : Conn.SERVER_PORT)]!;
}

function finishCounts(
  { words: w, times: t }: OpenRows,
  flow: number,
  lastNs: number,
  { directions: d }: Conversations,
  row: number,
): void {
  const i = flow * WORDS;
  const j = flow * TIMES;
  const isClosed = (w[i + Word.MARKS]! & Mark.CLOSED) !== 0;
  const sawWindow = w[i + Word.MAX_WINDOW]! >= 0;
  d.segments[row] = w[i + Word.SEGMENTS]!;
  d.wireBytes[row] = t[j + Time.WIRE_BYTES]!;
  d.dataSegments[row] = w[i + Word.DATA_SEGMENTS]!;
  d.payloadBytes[row] = t[j + Time.PAYLOAD_BYTES]!;
  d.uniqueBytes[row] = t[j + Time.PAYLOAD_BYTES]! - t[j + Time.REPEATED_BYTES]!;
  put(d.retransmittedBytes, row, t[j + Time.RETRANSMITTED_BYTES]!);
  d.minWindow[row] = sawWindow ? w[i + Word.MIN_WINDOW]! : Number.NaN;
  d.maxWindow[row] = sawWindow ? w[i + Word.MAX_WINDOW]! : Number.NaN;
  d.maxFlight[row] = w[i + Word.MAX_FLIGHT]!;
  put(d.zeroWindows, row, w[i + Word.CLOSINGS]!);
  const closedNs = isClosed ? Math.max(0, lastNs - t[j + Time.CLOSED_SINCE]!) : 0;
  put(d.zeroWindowNs, row, t[j + Time.CLOSED_NS]! + closedNs);
  d.mss[row] = w[i + Word.MSS]!;
  d.windowScale[row] = w[i + Word.SHIFT] === 0 ? NO_SHIFT : w[i + Word.SHIFT]! - 1;
  d.options[row] = w[i + Word.OPTIONS]!;
  d.syns[row] = w[i + Word.SYNS]!;
  d.fins[row] = w[i + Word.FINS]!;
  d.rsts[row] = w[i + Word.RSTS]!;
}

/** Counts of rows without verdicts are 0 already. */
function finishVerdicts(
  block: number,
  verdicts: VerdictCounts,
  ended: Conversations,
  row: number,
): void {
  const columns = ended.verdictColumns();
  for (const [n, column] of columns.entries()) column[row] = verdicts.of(block, n);
  verdicts.giveBack(block);
}

function finishRtt(
  { words: w, times: t }: OpenRows,
  flow: number,
  histograms: RttHistograms,
  { directions: d }: Conversations,
  row: number,
): void {
  const i = flow * WORDS;
  const j = flow * TIMES;
  const count = w[i + Word.RTT_COUNT]!;
  const min = t[j + Time.RTT_MIN]!;
  const max = t[j + Time.RTT_MAX]!;
  const histogram = w[i + Word.HISTOGRAM]!;
  d.rttSamples[row] = count;
  d.rttMinNs[row] = count === 0 ? Number.NaN : min;
  d.rttMaxNs[row] = count === 0 ? Number.NaN : max;
  let median = Number.NaN;
  let p95 = Number.NaN;
  if (histogram !== 0) {
    const clamp = (ns: number): number => Math.min(max, Math.max(min, ns));
    median = clamp(histograms.valueAt(histogram, rankOf(0.5, count)));
    p95 = clamp(histograms.valueAt(histogram, rankOf(0.95, count)));
    histograms.giveBack(histogram);
  } else if (count <= 2) {
    // Nearly all short connections: nothing to sort.
    median = count === 0 ? Number.NaN : min;
    p95 = count === 0 ? Number.NaN : max;
  } else {
    const exact = t.subarray(j + Time.RTT, j + Time.RTT + Math.min(count, RTT_EXACT)).toSorted();
    median = exact[rankOf(0.5, count) - 1]!;
    p95 = exact[rankOf(0.95, count) - 1]!;
  }
  d.rttMedianNs[row] = median;
  d.rttP95Ns[row] = p95;
}
