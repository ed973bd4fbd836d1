/**
 * Makes text from the network or from a file safe to show.
 *
 * Nothing that a terminal or a page could act on passes: C0 and C1 controls,
 * DEL, bidirectional controls, zero-width and other format characters, lone
 * surrogates, line separators.
 *
 * @module
 */

const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- these are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** `text` with every character that is not plainly visible written as an escape: `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (c) => NAMED[c] ?? escapeOf(c.codePointAt(0)!));
}

function escapeOf(code: number): string {
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/**
 * JSON text that shows nothing hidden: what {@link visible} would escape, in JSON's own way, so that
 * it parses to the same value. (`JSON.stringify` leaves C1 and bidirectional controls as they are.)
 */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (c) => (c === "\n" ? c : jsonEscapeOf(c)));
}

function jsonEscapeOf(c: string): string {
  const units = Array.from({ length: c.length }, (_, i) => c.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** Bytes as text: UTF-8 where it is, `\xNN` for bytes that are not, escapes made {@link visible}. */
export function visibleBytes(bytes: Uint8Array): string {
  let out = "";
  let start = 0;
  for (let at = 0; at < bytes.length;) {
    const len = utf8Len(bytes, at);
    if (len === 0) {
      out += visible(UTF8.decode(bytes.subarray(start, at))) + escapeOf(bytes[at]!);
      start = at + 1;
    }
    at += len || 1;
  }
  return out + visible(UTF8.decode(bytes.subarray(start)));
}

const UTF8 = new TextDecoder("utf-8");

/** Bytes of the well-formed UTF-8 sequence at `at` (RFC 3629 §4); 0 when there is none. */
export function utf8Len(b: Uint8Array, at: number): number {
  const first = b[at]!;
  if (first < 0x80) return 1;
  const len = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || at + len > b.length) return 0;
  const second = b[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < len; i++) if ((b[at + i]! & 0xc0) !== 0x80) return 0;
  return len;
}
