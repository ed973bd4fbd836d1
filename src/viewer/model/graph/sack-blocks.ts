/**
 * The SACK option of a segment of a trace.
 *
 * @module
 */
import type { Row } from "../../../trace/table.ts";
import type { Trace } from "../../../trace/trace.ts";
import { OptionKind, tcpOptionLen } from "../../../wire/tcp-option.ts";

/** A header with one block and nothing else. */
const LEAST_HEADER = 20 + 10;

/** Header with nothing but timestamps, aligned as everyone does it (RFC 7323 app. A). */
const PLAIN_HEADER = 32;
const NOP_NOP_TIMESTAMPS = 0x0101080a;

/** Hands over each block `[left, right)` of `row`, as on the wire (RFC 2018 §3); none where it was not captured. */
export function eachSackBlock(
  trace: Trace,
  row: Row,
  take: (left: number, right: number) => void,
): void {
  const { headerLen, tcpAt } = trace.segments.columns;
  const header = headerLen[row]!;
  if (header < LEAST_HEADER) return;
  const { view, at, end } = trace.viewOfSegment(row);
  const tcp = at + tcpAt[row]!;
  if (tcp + 24 > end) return;
  if (header === PLAIN_HEADER && view.getUint32(tcp + 20) === NOP_NOP_TIMESTAMPS) return;
  const headerEnd = tcp + header;
  for (let o = tcp + 20; ;) {
    const length = tcpOptionLen(view, o, headerEnd, Math.min(end, headerEnd));
    if (length <= 0) return;
    if (view.getUint8(o) === OptionKind.SACK && length % 8 === 2) {
      for (let b = o + 2; b < o + length; b += 8) take(view.getUint32(b), view.getUint32(b + 4));
    }
    o += length;
  }
}
