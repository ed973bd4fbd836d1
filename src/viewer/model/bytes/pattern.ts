/**
 * What is looked for in a stream: words, or bytes in hex behind `0x`.
 *
 * @module
 */
import { parseHex } from "../../../base/bytes.ts";
import type { BytesAs } from "./cells.ts";

/** The bytes that `words` are; `null` for nothing. In Latin-1 each character is a byte, if it can be. */
export function patternOf(words: string, as: BytesAs): Uint8Array<ArrayBuffer> | null {
  const hex = /^0x((?:\s*[0-9a-f]{2})+)\s*$/i.exec(words)?.[1];
  if (hex !== undefined) return parseHex(hex);
  if (words === "") return null;
  const isLatin1 = as === "latin1" && !/[^ -\u00ff]/.test(words);
  return isLatin1
    ? Uint8Array.from(words, (c) => c.charCodeAt(0))
    : new TextEncoder().encode(words);
}
