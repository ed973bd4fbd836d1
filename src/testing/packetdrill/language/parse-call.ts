/**
 * System calls of a script: `setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0`.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { CallSpec, Expr, Member } from "./script.ts";

const WORD = /[A-Za-z_]\w*/y;

/** A call whose time has been read; `returnsNs` as in {@link CallSpec}. */
export function parseCall(c: Cursor, returnsNs: number | null): CallSpec {
  const name = c.need(WORD, "a packet, a system call, a command or a check")[0];
  c.needText("(");
  const args = parseList(c, ")");
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

function parseList(c: Cursor, close: string): Expr[] {
  const items: Expr[] = [];
  if (c.takeText(close)) return items;
  do items.push(parseExpr(c));
  while (c.takeText(","));
  c.needText(close);
  return items;
}

function parseExpr(c: Cursor): Expr {
  const first = parsePrimary(c);
  if (!c.sees(/\|(?!\|)/y)) return first;
  const parts = [first];
  while (c.takeText("|")) parts.push(parsePrimary(c));
  return { kind: "or", parts };
}

function parsePrimary(c: Cursor): Expr {
  if (c.takeText("...")) return { kind: "any" };
  if (c.takeText("[")) return { kind: "list", items: parseList(c, "]") };
  if (c.takeText("{")) return { kind: "struct", members: parseMembers(c) };
  const string = c.take(/"((?:[^"\\\n]|\\.)*)"/y);
  if (string !== null) return { kind: "string", value: string[1]! };
  const isNegative = c.takeText("-");
  const value = c.takeNumber();
  if (value !== null) return { kind: "number", value: isNegative ? -value : value };
  const name = isNegative ? null : c.takeWord(WORD);
  if (name === null) throw c.error("expected an argument");
  return c.takeText("(")
    ? { kind: "apply", name, args: parseList(c, ")") }
    : { kind: "name", name };
}

function parseMembers(c: Cursor): Member[] {
  const members: Member[] = [];
  if (c.takeText("}")) return members;
  do members.push(parseMember(c));
  while (c.takeText(","));
  c.needText("}");
  return members;
}

/** `name=value`, `name(args)=value`, or a value alone. */
function parseMember(c: Cursor): Member {
  const at = c.at;
  const name = c.take(WORD)?.[0];
  if (name !== undefined) {
    const args = c.takeText("(") ? parseList(c, ")") : [];
    if (c.takeText("=")) return { name, args, value: parseExpr(c) };
    c.backTo(at);
  }
  return { name: null, args: [], value: parseExpr(c) };
}
