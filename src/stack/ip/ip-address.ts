/**
 * Addresses of hosts: bytes, and what is special about some of them.
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import { formatIpv4, formatIpv6, parseIpv4Address, parseIpv6Address } from "../../wire/address.ts";

/** The bytes of `"10.0.0.1"` or `"2001:db8::1"`: 4 or 16. @throws {SyntaxError} when it is neither. */
export function parseIpAddress(text: string): Uint8Array<ArrayBuffer> {
  return text.includes(":") ? parseIpv6Address(text) : parseIpv4Address(text);
}

/** Its inverse. */
export function formatIpAddress(address: Uint8Array): string {
  return address.length === 4 ? formatIpv4(viewOf(address)) : formatIpv6(viewOf(address));
}

/** Whether both are the same. */
export function isSameAddress(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether the `length` bytes at byte `at` of `view` are `address`. */
export function isAddressAt(
  address: Uint8Array,
  view: DataView,
  at: number,
  length: number,
): boolean {
  if (address.length !== length) return false;
  for (let i = 0; i < length; i++) if (view.getUint8(at + i) !== address[i]) return false;
  return true;
}

/** Whether it is `0.0.0.0` or `::`, which stand for any. */
export function isAnyAddress(address: Uint8Array): boolean {
  for (let i = 0; i < address.length; i++) if (address[i] !== 0) return false;
  return true;
}

/** Whether one host alone can have it: TCP takes nothing from others (RFC 1122 §4.2.3.10, RFC 9293 §3.9.2.3). */
export function isUnicast(address: Uint8Array): boolean {
  if (isAnyAddress(address)) return false;
  return address.length === 4 ? address[0]! < 224 && address[0] !== 0 : address[0] !== 0xff;
}

/** Whether it never leaves a host: 127.0.0.0/8 and `::1` (RFC 1122 §3.2.1.3 g, RFC 4291 §2.5.3). */
export function isLoopbackAddress(address: Uint8Array): boolean {
  if (address.length === 4) return address[0] === 127;
  for (let i = 0; i < 15; i++) if (address[i] !== 0) return false;
  return address[15] === 1;
}
