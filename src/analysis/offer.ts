/**
 * What an end offers in its SYN.
 *
 * @module
 */
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../wire/tcp.ts";
import { parseTcpOptions, windowShift, type TcpOption } from "../wire/tcp-option.ts";

/** The options and the window of a SYN, with or without ACK. */
export interface Offer {
  /** Room for the first bytes; never scaled. */
  readonly window: number;
  /** Largest payload it wants in a segment; `null` when it does not say. */
  readonly mss: number | null;
  /** Shift of its later windows; `null` when it offers none. */
  readonly shift: number | null;
  readonly hasSack: boolean;
  readonly hasTimestamps: boolean;
  /** Explicit congestion notification (RFC 3168 §6.1.1). */
  readonly hasEcn: boolean;
  readonly hasMptcp: boolean;
  /** Fast open (RFC 7413): asks for or brings a cookie. */
  readonly fastOpen: "empty" | "cookie" | null;
  /** The capture ends before its options do. */
  readonly isCut: boolean;
}

/** Reads the SYN in `row`. */
export function offerOf(trace: Trace, row: Row): Offer {
  const { tcpAt, headerLen, flags, window } = trace.segments.columns;
  const { view, at, end } = trace.viewOfSegment(row);
  const start = at + tcpAt[row]!;
  const first = start + TCP_MIN_HEADER_LEN;
  const options = parseTcpOptions(view, first, start + headerLen[row]!, Math.max(first, end));
  const find = <K extends TcpOption["kind"]>(kind: K): Extract<TcpOption, { kind: K }> | null => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- found by its kind
    return (options.find((o) => o.kind === kind) ?? null) as Extract<TcpOption, { kind: K }> | null;
  };
  const shift = find("window-scale")?.shift;
  const cookie = find("fast-open")?.cookie;
  const ecn = flags[row]! & (Flag.ECE | Flag.CWR);
  const isAnswer = (flags[row]! & Flag.ACK) !== 0;
  return {
    window: window[row]!,
    mss: find("mss")?.mss ?? null,
    shift: shift === undefined ? null : windowShift(shift),
    hasSack: find("sack-permitted") !== null,
    hasTimestamps: find("timestamps") !== null,
    hasEcn: ecn === (isAnswer ? Flag.ECE : Flag.ECE | Flag.CWR),
    hasMptcp: find("mptcp") !== null,
    fastOpen: cookie === undefined ? null : cookie.length > 0 ? "cookie" : "empty",
    isCut: find("broken")?.why === "truncated",
  };
}
