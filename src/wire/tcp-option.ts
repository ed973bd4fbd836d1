/**
 * TCP options: what stands between the fixed header and the data
 * (RFC 9293 §3.2; kinds: IANA "TCP Parameters").
 *
 * Two levels. On the hot path walk with {@link tcpOptionLen}, which allocates
 * nothing:
 *
 * ```ts
 * for (let o = at + 20, len; (len = tcpOptionLen(v, o, headerEnd, end)) > 0; o += len) {
 *   if (v.getUint8(o) === OptionKind.MSS && len === 4) mss = v.getUint16(o + 2);
 * }
 * ```
 *
 * Elsewhere {@link parseTcpOptions} gives a list of {@link TcpOption}; it and
 * {@link emitTcpOptions} are inverse, byte for byte, for damaged options too.
 *
 * @module
 */
import type { SeqNum } from "./seqnum.ts";

/** Option kinds, byte 0 of each option. */
export const OptionKind = {
  /** End of the list (RFC 9293 §3.2). */
  EOL: 0,
  NOP: 1,
  MSS: 2,
  /** RFC 7323 §2. */
  WINDOW_SCALE: 3,
  /** RFC 2018 §2. */
  SACK_PERMITTED: 4,
  /** RFC 2018 §3. */
  SACK: 5,
  /** RFC 7323 §3. */
  TIMESTAMPS: 8,
  /** RFC 2385. */
  MD5: 19,
  /** RFC 5482. */
  USER_TIMEOUT: 28,
  /** RFC 5925. */
  AO: 29,
  /** RFC 8684. */
  MPTCP: 30,
  /** RFC 7413. */
  FAST_OPEN: 34,
  /** Shared by experiments, told apart by a 16-bit id (RFC 6994). */
  EXPERIMENT_1: 253,
  EXPERIMENT_2: 254,
} as const;

/** The experiment id of fast open before it had a kind (RFC 7413 §4.1.1). */
export const FAST_OPEN_EXPERIMENT = 0xf989;
/** Bytes that options can take: the header is at most 15 words. */
export const TCP_MAX_OPTIONS_LEN = 40;
/** The largest window shift that counts; a larger one is used as this (RFC 7323 §2.3). */
export const MAX_WINDOW_SHIFT = 14;

/** The first word where timestamps stand alone: NOP, NOP, their kind, their length (RFC 7323 appendix A). */
export const TIMESTAMPS_ALONE = 0x0101_080a;

/** {@link tcpOptionLen}: the list ends here. */
export const OPTION_END = 0;
/** {@link tcpOptionLen}: a length of 0 or 1, or one past the header; nothing behind it can be told. */
export const OPTION_BAD = -1;
/** {@link tcpOptionLen}: the capture ends inside this option. */
export const OPTION_CUT = -2;

/**
 * Bytes of the option at `at`, at least 1, or {@link OPTION_END},
 * {@link OPTION_BAD}, {@link OPTION_CUT}. The header ends at `headerEnd`, the
 * captured bytes at `end`.
 */
export function tcpOptionLen(v: DataView, at: number, headerEnd: number, end: number): number {
  if (at >= headerEnd) return OPTION_END;
  if (at >= end) return OPTION_CUT;
  const kind = v.getUint8(at);
  if (kind <= OptionKind.NOP) return kind === OptionKind.NOP ? 1 : OPTION_END;
  if (at + 1 >= headerEnd) return OPTION_BAD;
  if (at + 1 >= end) return OPTION_CUT;
  const length = v.getUint8(at + 1);
  if (length < 2 || at + length > headerEnd) return OPTION_BAD;
  return at + length > end ? OPTION_CUT : length;
}

/** Data that arrived out of order: `[left, right)` (RFC 2018 §3). */
export interface SackBlock {
  left: SeqNum;
  right: SeqNum;
}

/** One option; a known kind with a length that is not its own counts as unknown. */
export type TcpOption =
  /** `rest`: what stands behind it in the header, padding as a rule. */
  | { kind: "eol"; rest: Uint8Array }
  | { kind: "nop" }
  /** Largest payload that the sender of this wants to receive. */
  | { kind: "mss"; mss: number }
  /** `shift` as sent, 0 to 255; {@link windowShift} gives the one that counts. */
  | { kind: "window-scale"; shift: number }
  | { kind: "sack-permitted" }
  | { kind: "sack"; blocks: readonly SackBlock[] }
  /** TSval and TSecr. */
  | { kind: "timestamps"; value: number; echo: number }
  /** An empty cookie asks for one. `experiment`: the kind when it came as an experiment. */
  | { kind: "fast-open"; cookie: Uint8Array; experiment: 253 | 254 | null }
  /** `subtype` 0 to 15 (RFC 8684 §8); `data` from the byte that holds it on. */
  | { kind: "mptcp"; subtype: number; data: Uint8Array }
  | { kind: "user-timeout"; seconds: number; granularity: "s" | "min" }
  | { kind: "md5"; digest: Uint8Array }
  | { kind: "ao"; keyId: number; rNextKeyId: number; mac: Uint8Array }
  | { kind: "unknown"; number: number; data: Uint8Array }
  /** The list cannot be followed further; `rest` is all that is left of it. */
  | { kind: "broken"; why: "bad-length" | "truncated"; rest: Uint8Array };

/** The shift that counts of a window scale option (RFC 7323 §2.3). */
export function windowShift(shift: number): number {
  return Math.min(shift, MAX_WINDOW_SHIFT);
}

/** The options in `v[at, headerEnd)`, as far as `end` lets them be read. */
export function parseTcpOptions(
  v: DataView,
  at: number,
  headerEnd: number,
  end: number = headerEnd,
): TcpOption[] {
  if (headerEnd - at === 12 && end >= headerEnd && v.getInt32(at) === TIMESTAMPS_ALONE) {
    const [value, echo] = [v.getUint32(at + 4), v.getUint32(at + 8)];
    return [{ kind: "nop" }, { kind: "nop" }, { kind: "timestamps", value, echo }];
  }
  const options: TcpOption[] = [];
  let o = at;
  for (;;) {
    const length = tcpOptionLen(v, o, headerEnd, end);
    if (length <= 0) {
      const last = lastOption(v, o, length, Math.min(headerEnd, end), headerEnd);
      return last === null ? options : [...options, last];
    }
    options.push(parseTcpOption(v, o, length));
    o += length;
  }
}

function lastOption(
  v: DataView,
  at: number,
  length: number,
  end: number,
  headerEnd: number,
): TcpOption | null {
  if (length === OPTION_CUT) return { kind: "broken", why: "truncated", rest: bytes(v, at, end) };
  if (length === OPTION_BAD) return { kind: "broken", why: "bad-length", rest: bytes(v, at, end) };
  return at < headerEnd ? { kind: "eol", rest: bytes(v, at + 1, end) } : null;
}

/** The option of `length` bytes at `at`, with `length` from {@link tcpOptionLen}. */
export function parseTcpOption(v: DataView, at: number, length: number): TcpOption {
  const number = v.getUint8(at);
  const known = parseKnown(v, at, number, length);
  return known ?? { kind: "unknown", number, data: bytes(v, at + 2, at + length) };
}

function parseKnown(v: DataView, at: number, number: number, length: number): TcpOption | null {
  switch (number) {
    case OptionKind.NOP:
      return { kind: "nop" };
    case OptionKind.MSS:
      return length === 4 ? { kind: "mss", mss: v.getUint16(at + 2) } : null;
    case OptionKind.WINDOW_SCALE:
      return length === 3 ? { kind: "window-scale", shift: v.getUint8(at + 2) } : null;
    case OptionKind.SACK_PERMITTED:
      return length === 2 ? { kind: "sack-permitted" } : null;
    case OptionKind.SACK:
      return length % 8 === 2 ? { kind: "sack", blocks: sackBlocks(v, at, length) } : null;
    case OptionKind.TIMESTAMPS:
      if (length !== 10) return null;
      return { kind: "timestamps", value: v.getUint32(at + 2), echo: v.getUint32(at + 6) };
    case OptionKind.MD5:
      return length === 18 ? { kind: "md5", digest: bytes(v, at + 2, at + 18) } : null;
    default:
      return parseRare(v, at, number, length);
  }
}

function parseRare(v: DataView, at: number, number: number, length: number): TcpOption | null {
  const end = at + length;
  switch (number) {
    case OptionKind.USER_TIMEOUT:
      return length === 4 ? userTimeout(v.getUint16(at + 2)) : null;
    case OptionKind.AO: {
      if (length < 4) return null;
      const keyId = v.getUint8(at + 2);
      return { kind: "ao", keyId, rNextKeyId: v.getUint8(at + 3), mac: bytes(v, at + 4, end) };
    }
    case OptionKind.MPTCP:
      if (length < 3) return null;
      return { kind: "mptcp", subtype: v.getUint8(at + 2) >>> 4, data: bytes(v, at + 2, end) };
    case OptionKind.FAST_OPEN:
      return { kind: "fast-open", cookie: bytes(v, at + 2, end), experiment: null };
    case OptionKind.EXPERIMENT_1:
    case OptionKind.EXPERIMENT_2:
      if (length < 4 || v.getUint16(at + 2) !== FAST_OPEN_EXPERIMENT) return null;
      return { kind: "fast-open", cookie: bytes(v, at + 4, end), experiment: number };
    default:
      return null;
  }
}

/** One bit tells minutes from seconds, 15 bits count them (RFC 5482 §3). */
function userTimeout(field: number): TcpOption {
  const inMinutes = (field & 0x8000) !== 0;
  const count = field & 0x7fff;
  return {
    kind: "user-timeout",
    seconds: inMinutes ? count * 60 : count,
    granularity: inMinutes ? "min" : "s",
  };
}

function sackBlocks(v: DataView, at: number, length: number): SackBlock[] {
  return Array.from({ length: (length - 2) >>> 3 }, (_, i) => ({
    left: v.getUint32(at + 2 + 8 * i),
    right: v.getUint32(at + 6 + 8 * i),
  }));
}

function bytes(v: DataView, at: number, end: number): Uint8Array {
  return new Uint8Array(v.buffer, v.byteOffset + at, Math.max(0, end - at));
}
