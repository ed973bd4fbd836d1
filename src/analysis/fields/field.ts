/**
 * A field: one named thing that can be read from a frame, called as
 * Wireshark calls it. Fields are what `-e` prints and what a display filter
 * compares.
 *
 * Adding one is one entry in a list of this folder.
 *
 * @module
 */
import { formatHex, viewOf } from "../../base/bytes.ts";
import { formatIpv4, formatIpv6, formatMac } from "../../wire/address.ts";
import type { Frame } from "./frame.ts";

/** How values compare and print. */
export type FieldType =
  | "uint"
  | "int"
  | "bool"
  /** A point in time or a span, in nanoseconds. */
  | "time"
  | "string"
  | "bytes"
  | "ether"
  | "ipv4"
  | "ipv6"
  /** A whole protocol, there or not. */
  | "protocol"
  /** There or not, and nothing to compare: 1 where it is. */
  | "none";

/** A value: numbers of uint, int, bool, protocol and none; nanoseconds of time; addresses as bytes. */
export type FieldValue = number | bigint | string | Uint8Array;

/** One field of the registry. */
export interface Field {
  /** `"tcp.srcport"`. */
  readonly name: string;
  readonly type: FieldType;
  /** Hexadecimal digits that a `uint` prints with, behind `0x`; decimal without. */
  readonly hex?: number;
  /** Adds every occurrence in the frame to `out`, in order. Bytes are a view, valid during the call. */
  read(frame: Frame, out: FieldValue[]): void;
  /** Of a protocol: adds its bytes, header and all it carries. */
  readBytes?(frame: Frame, out: FieldValue[]): void;
}

/** The value as `tshark -T fields -e` prints it. */
export function showValue(field: Field, value: FieldValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return showTime(value);
  if (typeof value === "number") {
    return field.hex === undefined
      ? String(value)
      : `0x${value.toString(16).padStart(field.hex, "0")}`;
  }
  return showBytes(field.type, value);
}

function showBytes(type: FieldType, bytes: Uint8Array): string {
  if (type === "ether") return formatMac(viewOf(bytes));
  if (type === "ipv4") return formatIpv4(viewOf(bytes));
  // What tshark prints for bytes of which none was captured.
  if (bytes.length === 0) return "<MISSING>";
  return type === "ipv6" ? formatIpv6(viewOf(bytes)) : formatHex(bytes, "");
}

/** Seconds with nine decimals: `"-0.000001000"`. */
export function showTime(ns: bigint): string {
  const sign = ns < 0n ? "-" : "";
  const digits = String(ns < 0n ? -ns : ns).padStart(10, "0");
  return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
