/**
 * Values written in a display filter, read as the type that they are compared with.
 *
 * @module
 */
import { parseHex } from "../../base/bytes.ts";
import { FilterError } from "../../pcap/filter/error.ts";
import { parseIpv4Address, parseIpv6Address } from "../../wire/address.ts";
import type { FieldType, FieldValue } from "../fields/field.ts";
import type { Token } from "./lexer.ts";

/** A value, or a network of addresses: `prefix` leading bits count. */
export interface Literal {
  readonly value: FieldValue;
  readonly prefix: number | null;
}

const WHAT: Readonly<Record<FieldType, string>> = {
  uint: "a number",
  int: "a number",
  bool: "1 or 0",
  time: "a number of seconds",
  string: "text",
  bytes: 'bytes such as 0d:0a or "text"',
  protocol: 'bytes such as 0d:0a or "text"',
  ether: "an Ethernet address",
  ipv4: "an IPv4 address or network",
  ipv6: "an IPv6 address or network",
  none: "no comparison, since it is only there or not",
};

/**
 * Reads `token` as a value of `type`.
 *
 * @throws {@link FilterError} when it is none.
 */
export function readLiteral(token: Token, type: FieldType): Literal {
  const literal = token.kind === "sign" || token.kind === "end" ? null : read(token, type);
  if (literal !== null) return literal;
  const found = token.kind === "end" ? "the end" : JSON.stringify(token.text);
  throw new FilterError(`expected ${WHAT[type]}, found ${found}`, token.at, token.length);
}

const plain = (value: FieldValue | null): Literal | null =>
  value === null ? null : { value, prefix: null };

function read({ text, kind }: Token, type: FieldType): Literal | null {
  switch (type) {
    case "uint":
    case "int":
      return kind === "string" ? null : plain(readNumber(text));
    case "bool":
      return kind === "string" ? null : plain(readBool(text));
    case "time":
      return plain(readSeconds(text));
    case "string":
      return plain(text);
    case "bytes":
    case "protocol":
      return plain(kind === "string" ? new TextEncoder().encode(text) : readBytes(text));
    case "ether":
      return plain(readBytes(text, 6));
    case "ipv4":
      return readNetwork(text, parseIpv4Address, 32);
    case "ipv6":
      return readNetwork(text, parseIpv6Address, 128);
    case "none":
      return null;
  }
}

function readNumber(text: string): number | null {
  if (/^0x[0-9a-f]{1,8}$/i.test(text) || /^-?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  return /^0[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null;
}

function readBool(text: string): number | null {
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  const number = readNumber(text);
  return number === null ? null : Number(number !== 0);
}

/** Nanoseconds of a decimal number of seconds. */
function readSeconds(text: string): bigint | null {
  const m = /^(-?)(\d{1,18})(?:\.(\d{1,9}))?$/.exec(text) ?? /^(-?)()\.(\d{1,9})$/.exec(text);
  if (m === null) return null;
  const ns = BigInt(`0${m[2]!}`) * 1_000_000_000n + BigInt((m[3] ?? "0").padEnd(9, "0"));
  return m[1] === "-" ? -ns : ns;
}

/** `0d:0a`, `0d-0a`, `0d0a`. */
function readBytes(text: string, length?: number): Uint8Array | null {
  if (!/^[0-9a-f]{1,2}(?:[:.-][0-9a-f]{1,2})*$|^(?:[0-9a-f]{2})+$/i.test(text)) return null;
  const parts = text.split(/[:.-]/);
  const bytes = parseHex(parts.length > 1 || text.length < 2 ? pad(parts) : text);
  return length === undefined || bytes.length === length ? bytes : null;
}

const pad = (parts: readonly string[]): string => parts.map((p) => p.padStart(2, "0")).join("");

function readNetwork(
  text: string,
  parse: (text: string) => Uint8Array,
  bits: number,
): Literal | null {
  const [address, prefix, ...more] = text.split("/");
  if (more.length > 0) return null;
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)) return null;
  try {
    const value = parse(address!);
    return { value, prefix: prefix === undefined ? null : Number(prefix) };
  } catch {
    return null;
  }
}
