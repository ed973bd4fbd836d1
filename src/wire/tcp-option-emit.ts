/**
 * Writes TCP options: the inverse of `tcp-option.ts`'s `parseTcpOptions`.
 *
 * @module
 */
import {
  FAST_OPEN_EXPERIMENT,
  OptionKind,
  TIMESTAMPS_ALONE,
  type TcpOption,
} from "./tcp-option.ts";

/** Bytes of one option as {@link emitTcpOptions} writes it. */
export function tcpOptionSize(option: TcpOption): number {
  switch (option.kind) {
    case "nop":
      return 1;
    case "eol":
      return 1 + option.rest.length;
    case "broken":
      return option.rest.length;
    case "sack-permitted":
      return 2;
    case "window-scale":
      return 3;
    case "mss":
    case "user-timeout":
      return 4;
    case "timestamps":
      return 10;
    case "md5":
      return 18;
    case "sack":
      return 2 + 8 * option.blocks.length;
    case "fast-open":
      return (option.experiment === null ? 2 : 4) + option.cookie.length;
    case "ao":
      return 4 + option.mac.length;
    case "mptcp":
    case "unknown":
      return 2 + option.data.length;
  }
}

/** Whether `options` are those of almost every segment: two NOPs and timestamps (RFC 7323 appendix A). */
function isTimestampsAlone(
  options: readonly TcpOption[],
): options is readonly [TcpOption, TcpOption, TcpOption & { kind: "timestamps" }] {
  return (
    options.length === 3 &&
    options[0]!.kind === "nop" &&
    options[1]!.kind === "nop" &&
    options[2]!.kind === "timestamps"
  );
}

/** Bytes of all options, filled up to whole 32-bit words. */
export function tcpOptionsLen(options: readonly TcpOption[]): number {
  if (isTimestampsAlone(options)) return 12;
  let length = 0;
  for (const option of options) length += tcpOptionSize(option);
  return (length + 3) & ~3;
}

/** Writes the options at `at`, zeros (end of list) up to the next whole word; gives the end. */
export function emitTcpOptions(options: readonly TcpOption[], v: DataView, at: number): number {
  if (isTimestampsAlone(options)) {
    v.setInt32(at, TIMESTAMPS_ALONE);
    v.setUint32(at + 4, options[2].value);
    v.setUint32(at + 8, options[2].echo);
    return at + 12;
  }
  let o = at;
  for (const option of options) {
    emitTcpOption(option, v, o);
    o += tcpOptionSize(option);
  }
  const end = at + tcpOptionsLen(options);
  for (; o < end; o++) v.setUint8(o, OptionKind.EOL);
  return end;
}

function emitTcpOption(option: TcpOption, v: DataView, at: number): void {
  if (option.kind === "nop") return v.setUint8(at, OptionKind.NOP);
  if (option.kind === "broken") return put(option.rest, v, at);
  if (option.kind === "eol") {
    v.setUint8(at, OptionKind.EOL);
    return put(option.rest, v, at + 1);
  }
  v.setUint8(at, kindOf(option));
  v.setUint8(at + 1, tcpOptionSize(option));
  emitBody(option, v, at + 2);
}

/** An option with a length byte. */
type LongOption = Exclude<TcpOption, { kind: "nop" | "eol" | "broken" }>;

function kindOf(option: LongOption): number {
  switch (option.kind) {
    case "mss":
      return OptionKind.MSS;
    case "window-scale":
      return OptionKind.WINDOW_SCALE;
    case "sack-permitted":
      return OptionKind.SACK_PERMITTED;
    case "sack":
      return OptionKind.SACK;
    case "timestamps":
      return OptionKind.TIMESTAMPS;
    case "fast-open":
      return option.experiment ?? OptionKind.FAST_OPEN;
    case "mptcp":
      return OptionKind.MPTCP;
    case "user-timeout":
      return OptionKind.USER_TIMEOUT;
    case "md5":
      return OptionKind.MD5;
    case "ao":
      return OptionKind.AO;
    case "unknown":
      return option.number;
  }
}

function emitBody(option: LongOption, v: DataView, at: number): void {
  switch (option.kind) {
    case "mss":
      return v.setUint16(at, option.mss);
    case "window-scale":
      return v.setUint8(at, option.shift);
    case "sack-permitted":
      return;
    case "sack":
      for (const [i, { left, right }] of option.blocks.entries()) {
        v.setUint32(at + 8 * i, left);
        v.setUint32(at + 8 * i + 4, right);
      }
      return;
    case "timestamps":
      v.setUint32(at, option.value);
      return v.setUint32(at + 4, option.echo);
    case "fast-open":
      if (option.experiment === null) return put(option.cookie, v, at);
      v.setUint16(at, FAST_OPEN_EXPERIMENT);
      return put(option.cookie, v, at + 2);
    case "user-timeout":
      if (option.granularity === "s") return v.setUint16(at, option.seconds);
      return v.setUint16(at, 0x8000 | (option.seconds / 60));
    case "md5":
      return put(option.digest, v, at);
    case "ao":
      v.setUint8(at, option.keyId);
      v.setUint8(at + 1, option.rNextKeyId);
      return put(option.mac, v, at + 2);
    case "mptcp":
    case "unknown":
      return put(option.data, v, at);
  }
}

function put(bytes: Uint8Array, v: DataView, at: number): void {
  new Uint8Array(v.buffer, v.byteOffset + at, bytes.length).set(bytes);
}
