/**
 * Which segments of a trace were sent again, and which only ask for an answer: the packets of
 * a stream pass the analysis once more, so that a story counts as the findings do
 * (docs/decisions/0006).
 *
 * @module
 */
import { emptyPacket } from "../pcap/sink.ts";
import type { Row } from "../trace/table.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import type { Trace } from "../trace/trace.ts";
import { LinkType } from "../wire/linktype.ts";
import { CauseAnalyzer } from "./causes/analyzer.ts";
import { Cause } from "./causes/cause.ts";
import { isSentAgain } from "./causes/sent-again.ts";
import { copiesOf } from "./copies.ts";
import type { StreamCounts } from "./offsets.ts";
import { VerdictAnalyzer } from "./verdicts/analyzer.ts";

const NS = 1_000_000_000;

/** Rows of the segment table. */
export interface SentAgain {
  /** Segments with data that were sent again, in the order of the capture. */
  readonly again: readonly Row[];
  /** Keep-alives and probes of a closed window that carry no new byte. */
  readonly probes: readonly Row[];
}

/** Asks of each segment in `bytes`, but not of copies and of what counts from another start. */
export function sentAgainOf(trace: Trace, bytes: StreamCounts): SentAgain {
  const { rows, newLen, dirs } = bytes;
  const again: Row[] = [];
  const probes = new Set(dirs.flatMap((d) => d.probes.map((i) => rows[i]!)));
  const { payloadLen } = trace.segments.columns;
  const copies = copiesOf(trace, rows);
  judge(trace, bytes, (i, bits, cause) => {
    const row = rows[i]!;
    if (payloadLen[row] === 0 || copies.has(row)) return;
    if (isProbe(cause) && newLen[i] === 0) probes.add(row);
    else if (isSentAgain(bits, cause)) again.push(row);
  });
  return { again, probes: [...probes].toSorted((a, b) => a - b) };
}

function isProbe(cause: number): boolean {
  return cause === Cause.KEEP_ALIVE || cause === Cause.WINDOW_PROBE;
}

/** Hands over the verdict bits and the cause of each segment, by its index; the count of another start would confuse them. */
function judge(
  trace: Trace,
  { rows, elsewhere }: StreamCounts,
  onSegment: (i: number, bits: number, cause: number) => void,
): void {
  const verdicts = new VerdictAnalyzer();
  const causes = new CauseAnalyzer();
  let i = 0;
  const tracker = new SegmentTracker({
    onSegment(s) {
      const { bits } = verdicts.analyze(s);
      const { cause } = causes.analyze(s);
      if (!s.path.isQuoted) onSegment(i, bits, cause);
    },
  });
  const packet = emptyPacket();
  for (; i < rows.length; i++) {
    if (elsewhere.has(rows[i]!)) continue;
    fill(packet, trace, rows[i]!);
    tracker.onPacket(packet);
  }
}

/** The packet of a segment; one that fragments were put together to stands for them as it is. */
function fill(p: ReturnType<typeof emptyPacket>, trace: Trace, row: Row): void {
  const packet = trace.segments.columns.packet[row]!;
  const { frame, iface, linkType, flags, gsoSize, origLen, offset, time } = trace.packets.columns;
  const { view, at, end } = trace.viewOfSegment(row);
  const isWhole = view !== trace.viewOf(packet).view || at !== trace.viewOf(packet).at;
  const t = time[packet]!;
  p.frame = frame[packet]!;
  p.iface = iface[packet]!;
  p.linkType = isWhole ? LinkType.RAW : linkType[packet]!;
  p.sec = Math.floor(t / NS);
  p.nsec = t - p.sec * NS;
  p.view = view;
  p.at = at;
  p.capLen = end - at;
  p.origLen = isWhole ? end - at : origLen[packet]!;
  p.flags = flags[packet]!;
  p.gsoSize = gsoSize[packet]!;
  p.offset = offset[packet]!;
}
