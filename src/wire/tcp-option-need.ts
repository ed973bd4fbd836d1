/**
 * Where Wireshark gives up in the options of a segment: where it reads on and
 * nothing is left, because the capture was cut or because an option is shorter than what it
 * is. What it would have said behind that point it does not say, so whoever agrees with it must
 * know the point.
 *
 * @module
 */
import { OPTION_BAD, OPTION_CUT, OPTION_END, OptionKind, tcpOptionLen } from "./tcp-option.ts";

/** A selective negative acknowledgement (SCPS); Wireshark gives up in each that has the right length. */
const SNACK = 21;
const SNACK_LEN = 6;

/** First block of a SACK option, with kind and length. */
const SACK_BLOCK = 10;

// MPTCP subtypes (RFC 8684 §8).
const CAPABLE = 0;
const DSS = 2;
const ADD_ADDR = 3;
const FAIL = 6;
const FASTCLOSE = 7;
const RESET = 8;

/** Options of one length: of another one nothing is read. */
const FIXED_LENGTHS: ReadonlyMap<number, number> = new Map([
  [OptionKind.MSS, 4],
  [OptionKind.WINDOW_SCALE, 3],
  [OptionKind.SACK_PERMITTED, 2],
  [OptionKind.TIMESTAMPS, 10],
  [OptionKind.MD5, 18],
  [OptionKind.USER_TIMEOUT, 4],
]);

/**
 * As {@link tcpOptionLen}, with {@link OPTION_CUT} wherever Wireshark gives up, and nowhere else.
 * `relAck`: the segment's acknowledgement, counted from the other side's first number.
 */
export function readableOptionLen(
  v: DataView,
  at: number,
  headerEnd: number,
  end: number,
  relAck: number,
): number {
  const length = tcpOptionLen(v, at, headerEnd, end);
  if (length > 1) return length < tcpOptionNeed(v, at, length, relAck) ? OPTION_CUT : length;
  if (end >= headerEnd) return length;
  // What stands behind the end of the list is marked up to the header's end.
  if (length === OPTION_END) return at < headerEnd ? OPTION_CUT : OPTION_END;
  if (length === OPTION_CUT && at + 1 < end) return skippedLen(v, at, headerEnd);
  // So is a length that is too long.
  const isTooLong = length === OPTION_BAD && at + 1 < end && v.getUint8(at + 1) > 1;
  return isTooLong && end < headerEnd - 2 ? OPTION_CUT : length;
}

/** Of an option that was cut: its length when nothing of it is read. */
function skippedLen(v: DataView, at: number, headerEnd: number): number {
  const length = v.getUint8(at + 1);
  const expected = FIXED_LENGTHS.get(v.getUint8(at)) ?? length;
  return length === expected || at + length > headerEnd ? OPTION_CUT : length;
}

/** Bytes that are read of the option of `length` bytes at `at`, kind and length among them, whether they are there or not. */
function tcpOptionNeed(v: DataView, at: number, length: number, relAck: number): number {
  switch (v.getUint8(at)) {
    case OptionKind.SACK:
      // An edge that is not there counts as 0, and what lies below the acknowledgement is read again.
      return (relAck | 0) < 0 ? 2 : SACK_BLOCK;
    case OptionKind.MPTCP:
      return mptcpNeed(v, at, length);
    case SNACK:
      return length === SNACK_LEN ? SNACK_LEN + 1 : 2;
    default:
      return 2;
  }
}

function mptcpNeed(v: DataView, at: number, length: number): number {
  if (length < 3) return 3;
  switch (v.getUint8(at + 2) >>> 4) {
    case CAPABLE:
    case ADD_ADDR:
    case RESET:
      return 4;
    case DSS:
      return length < 4 ? 4 : dssNeed(v.getUint8(at + 3));
    case FAIL:
    case FASTCLOSE:
      return 12;
    default:
      return 3;
  }
}

/** An acknowledgement and a mapping, each with 4 or 8 bytes of data sequence number (RFC 8684 §3.3). */
function dssNeed(flags: number): number {
  const ack = (flags & 1) === 0 ? 0 : (flags & 2) === 0 ? 4 : 8;
  const mapping = (flags & 4) === 0 ? 0 : (flags & 8) === 0 ? 10 : 14;
  return 4 + ack + mapping;
}
