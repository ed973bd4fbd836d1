/**
 * The options of most segments that have any, told at a glance.
 *
 * @module
 */
import { TCP_MIN_HEADER_LEN } from "./tcp.ts";

/** NOP, NOP, timestamps (RFC 7323 appendix A). */
const ONLY_TIMESTAMPS = 0x0101_080a;

/** Whether the options of the header of `headerLen` bytes at `tcpAt`, captured up to `tcpEnd`, are timestamps and nothing else. */
export function hasOnlyTimestamps(
  v: DataView,
  tcpAt: number,
  headerLen: number,
  tcpEnd: number,
): boolean {
  return (
    headerLen === 32 &&
    tcpAt + headerLen <= tcpEnd &&
    v.getInt32(tcpAt + TCP_MIN_HEADER_LEN) === ONLY_TIMESTAMPS
  );
}

/** Whether that header was captured whole, and has no options but perhaps timestamps. */
export function isPlainHeader(
  v: DataView,
  tcpAt: number,
  headerLen: number,
  tcpEnd: number,
): boolean {
  if (headerLen === TCP_MIN_HEADER_LEN) return tcpAt + headerLen <= tcpEnd;
  return hasOnlyTimestamps(v, tcpAt, headerLen, tcpEnd);
}
