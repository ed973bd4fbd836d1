/**
 * Reads a capture filter (pcap-filter(7)) into its tree.
 *
 * As in libpcap, `and` and `or` bind equally and to the left, and a value
 * without qualifiers takes those of the value before it: `tcp port 80 or 443`.
 *
 * @module
 */
import { type End, type Expr, PROTOCOLS, type Protocol, type Qualifiers } from "./ast.ts";
import { FilterError } from "./error.ts";
import { parseRelation } from "./parse-arith.ts";
import { parseId, startsId } from "./parse-id.ts";
import { Cursor } from "./cursor.ts";
import { tokenize } from "./lexer.ts";

/** Parentheses and `not`s that may lie in each other. */
const MAX_DEPTH = 100;
/** Conditions in one filter; so many do not fit into a program anyway. */
const MAX_TERMS = 2000;

/** What was read, and the qualifiers that a bare value after it takes. */
interface Read {
  readonly expr: Expr;
  readonly qualifiers: Qualifiers | null;
}

/**
 * Reads a capture filter; `null` for an empty one, which accepts everything.
 *
 * @throws {@link FilterError}
 */
export function parseFilter(text: string): Expr | null {
  const cursor = new Cursor(tokenize(text));
  if (cursor.peek().kind === "end") return null;
  const { expr } = parseChain(cursor, null, 0);
  const rest = cursor.peek();
  if (rest.kind !== "end") throw cursor.unexpected("and, or or the end of the filter");
  return expr;
}

/** `term and term or term …`, from left to right. */
function parseChain(cursor: Cursor, inherited: Qualifiers | null, depth: number): Read {
  let { expr, qualifiers } = parseTerm(cursor, inherited, depth);
  for (let terms = 1; ; terms++) {
    const kind = cursor.takeWord("and", "&&") ? "and" : cursor.takeWord("or", "||") ? "or" : null;
    if (kind === null) return { expr, qualifiers };
    if (terms >= MAX_TERMS) throw cursor.unexpected(`at most ${MAX_TERMS} conditions`);
    const next = parseTerm(cursor, qualifiers, depth);
    const before = expr.kind === kind ? expr.of : [expr];
    // oxlint-disable-next-line oxc/no-accumulating-spread -- a chain holds MAX_TERMS at most
    expr = { kind, of: [...before, next.expr] };
    qualifiers = next.qualifiers;
  }
}

function parseTerm(cursor: Cursor, inherited: Qualifiers | null, depth: number): Read {
  let negated = false;
  while (cursor.takeWord("not", "!")) negated = !negated;
  const { expr, qualifiers } = parsePositive(cursor, inherited, depth);
  return { expr: negated ? { kind: "not", of: expr } : expr, qualifiers };
}

function parsePositive(cursor: Cursor, inherited: Qualifiers | null, depth: number): Read {
  if (depth > MAX_DEPTH) throw cursor.unexpected(`at most ${MAX_DEPTH} parentheses in each other`);
  const relation = parseRelation(cursor);
  if (relation !== null) return { expr: relation, qualifiers: null };
  if (cursor.takeSign("(")) {
    const inner = parseChain(cursor, inherited, depth + 1);
    cursor.expectSign(")");
    return inner;
  }
  if (startsId(cursor.peek())) return parseBareId(cursor, inherited);
  return parseQualified(cursor, depth) ?? { expr: parseOther(cursor), qualifiers: null };
}

function parseBareId(cursor: Cursor, inherited: Qualifiers | null): Read {
  if (inherited === null) {
    throw cursor.unexpected('a qualifier before a value: "host", "net", "port" or "proto"');
  }
  return { expr: parseId(cursor, inherited), qualifiers: inherited };
}

/** `tcp src port 80`, `tcp`, `ip multicast`; `null` when nothing of it stands here. */
function parseQualified(cursor: Cursor, depth: number): Read | null {
  const start = cursor.peek();
  const proto = takeProtocol(cursor);
  const end = takeEnd(cursor);
  const type = takeType(cursor, end);
  if (end !== null || type !== null) {
    const qualifiers: Qualifiers = { proto, end, type: type ?? "host" };
    return { expr: parseQualifiedId(cursor, qualifiers, depth), qualifiers };
  }
  const span = { at: start.at, length: start.length };
  for (const cast of ["broadcast", "multicast"] as const) {
    if (cursor.takeWord(cast))
      return { expr: { kind: "cast", proto, cast, ...span }, qualifiers: null };
  }
  return proto === null ? null : { expr: { kind: "protocol", proto, ...span }, qualifiers: null };
}

/** The value after its qualifiers: `80`, `not 80`, `(80 or 443)`. */
function parseQualifiedId(cursor: Cursor, qualifiers: Qualifiers, depth: number): Expr {
  if (cursor.takeWord("not", "!")) {
    if (depth > MAX_DEPTH) throw cursor.unexpected("a value");
    return { kind: "not", of: parseQualifiedId(cursor, qualifiers, depth + 1) };
  }
  if (!cursor.takeSign("(")) return parseId(cursor, qualifiers);
  const inner = parseChain(cursor, qualifiers, depth + 1);
  cursor.expectSign(")");
  return inner.expr;
}

function takeProtocol(cursor: Cursor): Protocol | null {
  if (cursor.takeWord("link")) return "ether";
  return PROTOCOLS.find((p) => cursor.takeWord(p)) ?? null;
}

function takeEnd(cursor: Cursor): End | null {
  const first = cursor.takeWord("src") ? "src" : cursor.takeWord("dst") ? "dst" : null;
  if (first === null) return null;
  const other = first === "src" ? "dst" : "src";
  if (cursor.takeWords("or", other) || cursor.takeWords("||", other)) return "or";
  if (cursor.takeWords("and", other) || cursor.takeWords("&&", other)) return "and";
  return first;
}

const TYPES = ["host", "net", "portrange", "port"] as const;

function takeType(cursor: Cursor, end: End | null): Qualifiers["type"] | null {
  for (const type of TYPES) if (cursor.takeWord(type)) return type;
  return end === null && cursor.takeWord("proto") ? "proto" : null;
}

function parseOther(cursor: Cursor): Expr {
  const start = cursor.peek();
  if (cursor.takeWord("less")) return { kind: "length", op: "less", value: cursor.takeNumber() };
  if (cursor.takeWord("greater")) {
    return { kind: "length", op: "greater", value: cursor.takeNumber() };
  }
  if (cursor.takeWord("vlan")) {
    const id = cursor.peek().kind === "number" ? cursor.takeNumber() : null;
    if (id !== null && id > 4095)
      throw new FilterError(`VLAN ${id} is above 4095`, start.at, start.length);
    return { kind: "vlan", id, at: start.at, length: start.length };
  }
  throw cursor.unexpected("a condition, such as tcp, port 80 or host 127.0.0.1");
}
