/**
 * File names that are not UTF-8. Linux takes any bytes but `/` and NUL; Node
 * reads the command line as UTF-8 and loses what is not.
 *
 * A name with such bytes is a string here all the same: each of them stands as
 * a lone surrogate, U+DC00 and the byte, as Python has it (PEP 383). So it goes
 * through options and messages like any other, and {@link fileName} gives the
 * bytes back where a file is opened.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { utf8Len, visible, visibleBytes } from "../base/visible.ts";

/** U+DC80 to U+DCFF: bytes that are no UTF-8. */
const ESCAPED = /[\udc80-\udcff]/u;
const ESCAPE_BASE = 0xdc00;

/** What Node makes of bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";

/** What `node:fs` is given for a name. */
export function fileName(name: string): string | Buffer {
  return ESCAPED.test(name) ? bytesOf(name) : name;
}

/** A name made safe to show: `\xff` for a byte that is no UTF-8. */
export function visibleName(name: string): string {
  return ESCAPED.test(name) ? visibleBytes(bytesOf(name)) : visible(name);
}

/** Whether bytes of the name were lost before it came here: no file can be found by it. */
export function hasLostBytes(name: string): boolean {
  return name.includes(REPLACEMENT);
}

/**
 * The words of the command line without loss, where the system tells them (Linux does):
 * `process.argv.slice(2)` in, the same out but for words with bytes that are no UTF-8.
 */
export function wordsWithoutLoss(words: readonly string[]): readonly string[] {
  if (!words.some((word) => hasLostBytes(word))) return words;
  const raw = commandLine().slice(-words.length);
  if (raw.length !== words.length) return words;
  return words.map((word, i) => (raw[i]!.toString() === word ? nameOf(raw[i]!) : word));
}

/** The words as bytes; none where the system does not tell. */
function commandLine(): Buffer[] {
  try {
    const all = readFileSync("/proc/self/cmdline");
    const words: Buffer[] = [];
    for (let at = 0, end; (end = all.indexOf(0, at)) >= 0; at = end + 1) {
      words.push(all.subarray(at, end));
    }
    return words;
  } catch {
    return []; // another system than Linux
  }
}

/** A name for bytes; {@link fileName} gives them back. */
export function nameOf(bytes: Buffer): string {
  let name = "";
  for (let at = 0; at < bytes.length;) {
    const len = utf8Len(bytes, at);
    name +=
      len === 0
        ? String.fromCharCode(ESCAPE_BASE + bytes[at]!)
        : bytes.toString("utf8", at, at + len);
    at += len || 1;
  }
  return name;
}

function bytesOf(name: string): Buffer {
  const parts = Array.from(name, (c) =>
    ESCAPED.test(c) ? Buffer.of(c.charCodeAt(0) - ESCAPE_BASE) : Buffer.from(c),
  );
  return Buffer.concat(parts);
}
