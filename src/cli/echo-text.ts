/**
 * What the article's programs say, and messages made safe to show.
 *
 * @module
 */
import { NetError } from "../net/errors.ts";
import { utf8Len, visibleBytes } from "../base/visible.ts";

/** What the server puts before what it got. */
export const REPLY_PREFIX: Uint8Array<ArrayBuffer> = new TextEncoder().encode("your message is");

/** Longest UTF-8 sequence. */
const MAX_RUNE_LEN = 4;

/** Bytes at the end of `bytes` that begin a character whose rest has not come. */
export function cutRuneLen(bytes: Uint8Array): number {
  const from = Math.max(0, bytes.length - MAX_RUNE_LEN + 1);
  for (let at = bytes.length - 1; at >= from; at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return isCut(bytes, at) ? bytes.length - at : 0;
  }
  return 0;
}

function isCut(bytes: Uint8Array, at: number): boolean {
  const wanted = bytes[at]! >= 0xf0 ? 4 : bytes[at]! >= 0xe0 ? 3 : 2;
  return (
    bytes[at]! >= 0xc2 &&
    bytes[at]! < 0xf5 &&
    bytes.length - at < wanted &&
    utf8Len(bytes, at) === 0
  );
}

/** A message in one line: everything but plain text escaped, line ends at its own end as they are. */
export function shownMessage(bytes: Uint8Array): string {
  const plain = LATIN1.decode(bytes);
  if (PLAIN_LINE.test(plain)) return plain;
  const end = lineEnd(bytes);
  return shownText(bytes.subarray(0, end)) + LATIN1.decode(bytes.subarray(end));
}

/** {@link visibleBytes} with tabs as they are: they are plain text, and harmless. */
export function shownText(bytes: Uint8Array): string {
  let shown = "";
  let at = 0;
  for (let tab; (tab = bytes.indexOf(TAB, at)) >= 0; at = tab + 1) {
    shown += `${visibleBytes(bytes.subarray(at, tab))}\t`;
  }
  return shown + visibleBytes(bytes.subarray(at));
}

const TAB = 0x09;

const LATIN1 = new TextDecoder("latin1");

/** Nothing to escape: most messages. */
const PLAIN_LINE = /^[\x20-\x7e\t]*[\r\n]*$/;

/** Where the line ends at the end of `bytes` begin. */
export function lineEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  return end;
}

/** An error as Go prints it: `read tcp 127.0.0.1:8080->127.0.0.1:5000: read: connection reset by peer`. */
export function goError(error: unknown): string {
  if (!(error instanceof NetError)) return error instanceof Error ? error.message : String(error);
  const path = [error.local, error.remote].filter((a) => a !== null).join("->");
  const why = error.message.slice(error.message.lastIndexOf(": ") + 2);
  const syscall = error.code === "reset" || error.code === "refused" ? `${error.op}: ` : "";
  return `${error.op} tcp ${path}: ${syscall}${why}`;
}
