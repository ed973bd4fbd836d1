/**
 * System calls of a script: `setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0`.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { CallSpec, Expr, Member } from "./script.ts";

const WORD = /[A-Za-z_]\w*/y;
const STRING = /"((?:[^"\\\n]|\\.)*)"/y;
/** Lists and structures in each other; scripts have four. */
const MOST_DEEP = 32;

/** A call whose time has been read; `returnsNs` as in {@link CallSpec}. */
export function parseCall(c: Cursor, returnsNs: number | null): CallSpec {
  const name = c.need(WORD, "a packet, a system call, a command or a check")[0];
  c.needText("(");
  const args = parseList(c, ")", 0);
  c.needText("=");
  const result = c.takeText("...") ? "any" : parseSigned(c);
  const errno = c.take(/E[A-Z][A-Z0-9]+(?!\w)/y)?.[0] ?? null;
  if (c.takeOpen("(")) skipNote(c);
  return { name, args, returnsNs, result, errno };
}

/** A note in round brackets, which may hold more of them. */
function skipNote(c: Cursor): void {
  c.takeUntil(")", "(");
}

function parseSigned(c: Cursor): number {
  const isNegative = c.takeText("-");
  const value = c.needNumber("the result of the call");
  return isNegative ? -value : value;
}

function parseList(c: Cursor, close: string, depth: number): Expr[] {
  if (depth > MOST_DEEP) throw c.error(`more than ${MOST_DEEP} lists in each other`);
  const items: Expr[] = [];
  if (c.takeText(close)) return items;
  do items.push(parseExpr(c, depth));
  while (c.takeText(","));
  c.needText(close);
  return items;
}

function parseExpr(c: Cursor, depth: number): Expr {
  const first = parsePrimary(c, depth + 1);
  if (!c.sees(/\|(?!\|)/y)) return first;
  const parts = [first];
  while (c.takeText("|")) parts.push(parsePrimary(c, depth + 1));
  return { kind: "or", parts };
}

function parsePrimary(c: Cursor, depth: number): Expr {
  if (c.takeText("...")) return { kind: "any" };
  if (c.takeText("[")) return { kind: "list", items: parseList(c, "]", depth) };
  if (c.takeText("{")) return { kind: "struct", members: parseMembers(c, depth) };
  const string = parseString(c);
  if (string !== null) return { kind: "string", value: string };
  const isNegative = c.takeText("-");
  const value = c.takeNumber();
  if (value !== null) return { kind: "number", value: isNegative ? -value : value };
  const name = isNegative ? null : c.takeWord(WORD);
  if (name === null) throw c.error("expected an argument");
  // A word that is defined as a text between quotes.
  if (name.startsWith('"')) return { kind: "string", value: name.slice(1, -1) };
  return c.takeText("(")
    ? { kind: "apply", name, args: parseList(c, ")", depth) }
    : { kind: "name", name };
}

/** `"a"`, `"a" "b"`, which is one text, or `"a"...`, the beginning of one; `null`: none. */
function parseString(c: Cursor): string | null {
  const first = c.take(STRING);
  if (first === null) return null;
  let text = first[1]!;
  for (let more = c.take(STRING); more !== null; more = c.take(STRING)) text += more[1]!;
  c.takeText("...");
  return text;
}

function parseMembers(c: Cursor, depth: number): Member[] {
  const members: Member[] = [];
  if (c.takeText("}")) return members;
  do members.push(parseMember(c, depth));
  while (c.takeText(","));
  c.needText("}");
  return members;
}

/** `name=value`, `name(args)=value`, or a value alone. */
function parseMember(c: Cursor, depth: number): Member {
  const at = c.at;
  const name = c.take(WORD)?.[0];
  if (name !== undefined) {
    const args = c.takeText("(") ? parseList(c, ")", depth) : [];
    if (c.takeText("=")) return { name, args, value: parseExpr(c, depth) };
    c.backTo(at);
  }
  return { name: null, args: [], value: parseExpr(c, depth) };
}
