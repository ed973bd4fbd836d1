/**
 * TCP options as tcpdump 4.99 prints them: `mss 1460,sackOK,TS val 1 ecr 0`.
 *
 * As tcpdump does, an option whose length is not the one of its kind is read
 * by the length of its kind, and the stated one is printed: `wscale 7[len 4]`.
 *
 * Departures: the user timeout is shown in seconds by RFC 5482 (tcpdump takes
 * the wrong bit for the unit), an MD5 digest without tcpdump's remark about
 * the missing secret.
 *
 * @module
 */
import { describeMptcp, mptcpStart } from "./mptcp-describe.ts";
import { seqAdd } from "./seqnum.ts";
import { FAST_OPEN_EXPERIMENT, OptionKind } from "./tcp-option.ts";

/** Options in words. */
export interface OptionList {
  readonly text: string;
  /** False when the list broke off; `text` then ends with the reason. */
  readonly whole: boolean;
}

/** Why an option cannot be printed to its end. */
type Broken = "bad" | "cut";

/** Bytes of data behind kind and length, and what they say. */
interface Described {
  readonly dataLen: number;
  readonly text: string;
  readonly broken?: Broken;
}

/**
 * The options in `v[at, headerEnd)`, captured up to `end`. `ackBase` is
 * subtracted from the edges of SACK blocks.
 */
export function describeTcpOptions(
  v: DataView,
  at: number,
  headerEnd: number,
  end: number,
  flags: number,
  ackBase: number,
): OptionList {
  let text = "";
  let o = at;
  while (o < headerEnd) {
    const before = text === "" ? "" : ",";
    const one = describeOption(v, o, headerEnd, end, flags, ackBase);
    text += before + one.text;
    if (one.broken === "cut") {
      const close = before === "" || one.text === "" ? "" : ">";
      return { text: `${text} [|tcp]${close}`, whole: false };
    }
    if (one.broken === "bad")
      return { text: `${text}[bad opt]${before === "" ? "" : "]"}`, whole: false };
    const kind = v.getUint8(o);
    if (kind === OptionKind.EOL) break;
    o += kind === OptionKind.NOP ? 1 : 2 + one.dataLen;
  }
  return { text, whole: true };
}

function describeOption(
  v: DataView,
  at: number,
  headerEnd: number,
  end: number,
  flags: number,
  ackBase: number,
): Described {
  if (at >= end) return { dataLen: 0, text: "", broken: "cut" };
  const kind = v.getUint8(at);
  if (kind === OptionKind.EOL) return { dataLen: 0, text: "eol" };
  if (kind === OptionKind.NOP) return { dataLen: 0, text: "nop" };
  // The length byte is looked for before it is known to be in the header.
  if (at + 1 >= end) return { dataLen: 0, text: "", broken: at + 1 < headerEnd ? "cut" : "bad" };
  const length = v.getUint8(at + 1);
  if (length < 2 || at + length > headerEnd) return { dataLen: 0, text: "", broken: "bad" };
  const name = NAMES.get(kind) ?? `unknown-${kind}`;
  const dataLen = DATA_LEN.get(kind) ?? length - 2;
  if (at + 2 + dataLen > headerEnd) return { dataLen, text: name, broken: "bad" };
  if (at + 2 + dataLen > end) return { dataLen, text: name, broken: "cut" };
  const data = describeData(v, at + 2, kind, dataLen, flags, ackBase);
  if (data === null) {
    const start =
      kind === OptionKind.MPTCP && dataLen > 0 ? ` ${mptcpStart(v, at + 2, dataLen)}` : "";
    return { dataLen, text: name + start, broken: "bad" };
  }
  const odd = dataLen + 2 === length ? "" : `[len ${length}]`;
  return { dataLen, text: name + data + odd };
}

/** The data behind the name; null when it cannot be right. */
function describeData(
  v: DataView,
  at: number,
  kind: number,
  dataLen: number,
  flags: number,
  ackBase: number,
): string | null {
  switch (kind) {
    case OptionKind.SACK_PERMITTED:
      return "";
    case OptionKind.MSS:
      return ` ${v.getUint16(at)}`;
    case OptionKind.WINDOW_SCALE:
      return ` ${v.getUint8(at)}`;
    case OptionKind.TIMESTAMPS:
      return ` val ${v.getUint32(at)} ecr ${v.getUint32(at + 4)}`;
    case OptionKind.SACK:
      return describeSack(v, at, dataLen, ackBase);
    case OptionKind.FAST_OPEN:
      return ` ${describeCookie(v, at, dataLen)}`;
    case OptionKind.EXPERIMENT_2:
      if (dataLen < 2) return null;
      if (v.getUint16(at) !== FAST_OPEN_EXPERIMENT) return `-${hexOf(v, at, 2)}`;
      return `-tfo${describeCookie(v, at + 2, dataLen - 2)}`;
    case OptionKind.MPTCP:
      return describeMptcp(v, at, dataLen, flags);
    default:
      return describeRareData(v, at, kind, dataLen);
  }
}

function describeRareData(v: DataView, at: number, kind: number, dataLen: number): string {
  switch (kind) {
    case OptionKind.USER_TIMEOUT: {
      const field = v.getUint16(at);
      const seconds = (field & 0x7fff) * ((field & 0x8000) === 0 ? 1 : 60);
      return ` 0x${field.toString(16)} ${seconds}`;
    }
    case OptionKind.MD5:
      return ` ${hexOf(v, at, dataLen)}`;
    case OptionKind.AO: {
      if (dataLen < 2) return " (invalid)";
      const mac = dataLen > 2 ? ` mac 0x${hexOf(v, at + 2, dataLen - 2)}` : "";
      return ` keyid ${v.getUint8(at)} rnextkeyid ${v.getUint8(at + 1)}${mac}`;
    }
    default:
      if (OLD_NUMBER_KINDS.has(kind)) return ` ${v.getUint32(at)}`;
      return dataLen === 0 ? "" : ` 0x${hexOf(v, at, dataLen)}`;
  }
}

function describeSack(v: DataView, at: number, dataLen: number, ackBase: number): string {
  if (dataLen % 8 !== 0) return " invalid sack";
  let text = ` ${dataLen / 8} `;
  for (let i = at; i < at + dataLen; i += 8) {
    const left = seqAdd(v.getUint32(i), -ackBase);
    text += `{${left}:${seqAdd(v.getUint32(i + 4), -ackBase)}}`;
  }
  return text;
}

function describeCookie(v: DataView, at: number, length: number): string {
  if (length === 0) return " cookiereq";
  // Even and 4 to 16 bytes (RFC 7413 §4.1.1).
  if (length < 4 || length > 16 || length % 2 !== 0) return " (invalid)";
  return ` cookie ${hexOf(v, at, length)}`;
}

function hexOf(v: DataView, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length; i++) text += v.getUint8(i).toString(16).padStart(2, "0");
  return text;
}

/** Echo, echo reply (RFC 1072) and T/TCP's counts (RFC 1644): one 32-bit number each. */
const OLD_NUMBER_KINDS: ReadonlySet<number> = new Set([6, 7, 11, 12, 13]);

const NAMES: ReadonlyMap<number, string> = new Map([
  [OptionKind.MSS, "mss"],
  [OptionKind.WINDOW_SCALE, "wscale"],
  [OptionKind.SACK_PERMITTED, "sackOK"],
  [OptionKind.SACK, "sack"],
  [6, "echo"],
  [7, "echoreply"],
  [OptionKind.TIMESTAMPS, "TS"],
  [11, "cc"],
  [12, "ccnew"],
  [13, "ccecho"],
  [OptionKind.MD5, "md5"],
  [OptionKind.USER_TIMEOUT, "uto"],
  [OptionKind.AO, "tcp-ao"],
  [OptionKind.MPTCP, "mptcp"],
  [OptionKind.FAST_OPEN, "tfo"],
  [OptionKind.EXPERIMENT_2, "exp"],
]);

/** Bytes of data of the kinds that have a fixed number. */
const DATA_LEN: ReadonlyMap<number, number> = new Map([
  [OptionKind.MSS, 2],
  [OptionKind.WINDOW_SCALE, 1],
  [OptionKind.SACK_PERMITTED, 0],
  [6, 4],
  [7, 4],
  [OptionKind.TIMESTAMPS, 8],
  [11, 4],
  [12, 4],
  [13, 4],
  [OptionKind.MD5, 16],
  [OptionKind.USER_TIMEOUT, 2],
]);
