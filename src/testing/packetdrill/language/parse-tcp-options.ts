/**
 * TCP options of a script: `<mss 1460,nop,wscale 7,sackOK,TS val 1 ecr 0>`.
 *
 * @module
 */
import { parseHex } from "../../../base/bytes.ts";
import { TCP_MAX_OPTIONS_LEN, type SackBlock, type TcpOption } from "../../../wire/tcp-option.ts";
import { tcpOptionSize } from "../../../wire/tcp-option-emit.ts";
import type { Cursor } from "./cursor.ts";
import { LARGEST_SEQ } from "./parse-sequence.ts";

/** Kinds of accurate ECN: e0b first, and e1b first (RFC 9768 §3.2.3). */
const ACC_ECN_ORDER_0 = 172;
const ACC_ECN_ORDER_1 = 174;

/** What follows `<`: the options, or `"any"` for `...`. */
export function parseTcpOptionList(c: Cursor): readonly TcpOption[] | "any" {
  if (c.takeText("...")) {
    c.needText(">");
    return "any";
  }
  const at = c.at;
  const options: TcpOption[] = [];
  if (!c.takeText(">")) {
    do options.push(parseTcpOption(c));
    while (c.takeText(","));
    c.needText(">");
  }
  const size = options.reduce((sum, option) => sum + tcpOptionSize(option), 0);
  if (size % 4 !== 0) throw c.error(`the options are ${size} bytes long, not a multiple of 4`, at);
  if (size > TCP_MAX_OPTIONS_LEN) throw c.error(`the options are ${size} bytes long, not 40`, at);
  return options;
}

function parseTcpOption(c: Cursor): TcpOption {
  const at = c.at;
  const name = c.need(/[A-Za-z]\w*/y, "an option")[0];
  switch (name) {
    case "nop":
      return { kind: "nop" };
    case "eol":
      return { kind: "eol", rest: new Uint8Array() };
    case "mss":
      return { kind: "mss", mss: c.needNumber("the largest segment", 0xffff) };
    case "wscale":
      return { kind: "window-scale", shift: c.needNumber("the window's shift", 0xff) };
    case "sackOK":
      return { kind: "sack-permitted" };
    case "sack":
      return { kind: "sack", blocks: parseBlocks(c) };
    case "TS":
      return parseTimestamps(c);
    case "FO":
      return { kind: "fast-open", cookie: parseBytes(c), experiment: null };
    case "FOEXP":
      return { kind: "fast-open", cookie: parseBytes(c), experiment: 254 };
    case "md5":
      return { kind: "md5", digest: parseBytes(c) };
    case "ECN":
      return parseAccEcn(c);
    default:
      throw c.error(`the option "${name}" is not built`, at);
  }
}

function parseBlocks(c: Cursor): SackBlock[] {
  const blocks: SackBlock[] = [];
  while (c.sees(/\d/y)) {
    const left = c.needNumber("the left edge", LARGEST_SEQ);
    c.needText(":");
    blocks.push({ left, right: c.needNumber("the right edge", LARGEST_SEQ) });
  }
  return blocks;
}

function parseTimestamps(c: Cursor): TcpOption {
  c.needText("val");
  const value = c.needNumber("TSval", LARGEST_SEQ);
  c.needText("ecr");
  return { kind: "timestamps", value, echo: c.needNumber("TSecr", LARGEST_SEQ) };
}

function parseBytes(c: Cursor): Uint8Array {
  const at = c.at;
  const digits = c.takeWord(/\w+/y) ?? "";
  if (!/^(?:[\da-fA-F]{2})*$/.test(digits)) throw c.error("expected bytes in hexadecimal", at);
  return parseHex(digits);
}

/** Up to three counters of 24 bits, e0b first or e1b first, ceb in the middle. */
function parseAccEcn(c: Cursor): TcpOption {
  const at = c.at;
  const names: string[] = [];
  const data: number[] = [];
  for (;;) {
    const name = c.take(/(?:e0b|ceb|e1b)(?!\w)/y)?.[0];
    if (name === undefined) break;
    names.push(name);
    const value = c.needNumber("a counter of bytes", 0xff_ffff);
    data.push((value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  }
  const order = names.join(" ");
  const isOrder1 = "e1b ceb e0b".startsWith(order);
  if (!isOrder1 && !"e0b ceb e1b".startsWith(order))
    throw c.error("the counters stand as e0b ceb e1b, or as e1b ceb e0b", at);
  const number = isOrder1 ? ACC_ECN_ORDER_1 : ACC_ECN_ORDER_0;
  return { kind: "unknown", number, data: Uint8Array.from(data) };
}

/** The counters of an accurate ECN option as the script writes them; `null`: another option. */
export function accEcnCounters(option: TcpOption): string | null {
  if (option.kind !== "unknown" || option.data.length % 3 !== 0 || option.data.length > 9)
    return null;
  if (option.number !== ACC_ECN_ORDER_0 && option.number !== ACC_ECN_ORDER_1) return null;
  const names = option.number === ACC_ECN_ORDER_1 ? ["e1b", "ceb", "e0b"] : ["e0b", "ceb", "e1b"];
  const d = option.data;
  return names
    .slice(0, d.length / 3)
    .map((name, i) => `${name} ${(d[3 * i]! << 16) | (d[3 * i + 1]! << 8) | d[3 * i + 2]!}`)
    .join(" ");
}
