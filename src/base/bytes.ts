/**
 * Small operations on bytes.
 *
 * @module
 */

/** The parts, one after the other, in an array of their own. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A view of the same memory. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const HEX_JUNK = /0x|[\s:,.-]/gi;

/**
 * Reads bytes written in hexadecimal: `"cb cc 1f 90"`, `"cbcc1f90"`, `"cb:cc"`, `"0xcb, 0xcc"`.
 *
 * @throws {SyntaxError} when something else stands there, or half a byte.
 */
export function parseHex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(HEX_JUNK, "");
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong !== null)
    throw new SyntaxError(`Cannot read hex bytes: "${wrong[0]}" is not a hexadecimal digit`);
  if (digits.length % 2 !== 0) {
    throw new SyntaxError(
      `Cannot read hex bytes: ${digits.length} digits are not a whole number of bytes`,
    );
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (d) => Number.parseInt(d, 16));
}

/** Bytes as lower-case hexadecimal, with `separator` between them. */
export function formatHex(bytes: Uint8Array, separator: string = " "): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(separator);
}
