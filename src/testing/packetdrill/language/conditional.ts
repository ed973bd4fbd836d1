/**
 * `#ifdef NAME … #endif` of the nplab dialect, one level; `#ifndef` and `#else` are read too.
 *
 * @module
 */
import { syntaxErrorAt } from "./cursor.ts";

/**
 * The text with the parts whose name is not in `defined` blanked out, so that lines keep their numbers.
 *
 * @throws {SyntaxError} when an `#ifdef` is not closed, or an `#endif` not opened.
 */
export function applyConditionals(
  source: string,
  path: string,
  defined: ReadonlySet<string>,
): string {
  if (!/^#(?:ifn?def|else|endif)/m.test(source)) return source;
  let isKept = true;
  let openedAt = -1;
  let offset = 0;
  const lines: string[] = [];
  for (const line of source.split("\n")) {
    const begin = /^#if(n?)def\s+(\w+)/.exec(line);
    const isElse = line.startsWith("#else");
    const isEnd = line.startsWith("#endif");
    if (begin !== null && openedAt >= 0)
      throw syntaxErrorAt(source, path, offset, "#ifdef inside #ifdef");
    if ((isElse || isEnd) && openedAt < 0)
      throw syntaxErrorAt(source, path, offset, `${line.trim()} without #ifdef`);
    lines.push(begin !== null || isElse || isEnd || !isKept ? "" : line);
    if (begin !== null) {
      openedAt = offset;
      isKept = defined.has(begin[2]!) === (begin[1] === "");
    }
    if (isElse) isKept = !isKept;
    if (isEnd) {
      openedAt = -1;
      isKept = true;
    }
    offset += line.length + 1;
  }
  if (openedAt >= 0) throw syntaxErrorAt(source, path, openedAt, "#ifdef without #endif");
  return lines.join("\n");
}
