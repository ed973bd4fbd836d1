/**
 * Reads the values of a capture filter: addresses, networks, ports, names.
 *
 * @module
 */
import type { Expr, Id, Qualifiers, Span } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { FilterError } from "./error.ts";
import type { Token } from "./lexer.ts";
import { parseCNumber, parseIpv4Part, parseIpv6Words, parseMac } from "./literal.ts";

/** Words with a meaning of their own; as a name they need a backslash: `ip proto \tcp`. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "and or not ether link ip ip6 arp rarp tcp udp sctp icmp icmp6 igmp pim vrrp esp ah src dst host net port " +
    "portrange proto less greater vlan len broadcast multicast mask inbound outbound gateway protochain mpls " +
    "pppoes pppoed geneve wlan fddi tr ifname ifindex byte iso clnp esis isis decnet atalk aarp lat moprc mopdl"
  ).split(" "),
);

/** Whether a value begins with `token`. */
export function startsId(token: Token): boolean {
  if (token.kind === "word") return !KEYWORDS.has(token.text);
  return token.kind !== "sign" && token.kind !== "end";
}

/** One value with its qualifiers. */
export function parseId(cursor: Cursor, qualifiers: Qualifiers): Expr {
  const token = cursor.peek();
  if (!startsId(token)) {
    const hint =
      token.kind === "word" ? ` (a name that is a keyword is written \\${token.text})` : "";
    throw cursor.unexpected(`a value after "${qualifiers.type}"${hint}`);
  }
  cursor.take();
  const span = { at: token.at, length: token.length };
  return { kind: "id", qualifiers, id: readId(cursor, token, span), ...span };
}

function readId(cursor: Cursor, token: Token, span: Span): Id {
  switch (token.kind) {
    case "number":
      return { kind: "number", value: numberOf(token), prefix: takePrefix(cursor), ...span };
    case "ipv4":
      return readIpv4(cursor, token, span);
    case "ipv6": {
      const words = parseIpv6Words(token.text)!;
      return { kind: "ipv6", words, prefix: takePrefix(cursor), ...span };
    }
    case "mac":
      return { kind: "mac", ...parseMac(token.text), ...span };
    case "word":
    case "escaped":
    case "sign":
    case "end":
      return { kind: "name", name: token.text, ...span };
  }
}

function readIpv4(cursor: Cursor, token: Token, span: Span): Id {
  const part = parseIpv4Part(token.text);
  if (part === null) {
    throw new FilterError(`${token.text} is not an IPv4 address`, token.at, token.length);
  }
  const prefix = takePrefix(cursor);
  const mask = prefix === null && cursor.takeWord("mask") ? takeMask(cursor) : null;
  return { kind: "ipv4", ...part, prefix, mask, ...span };
}

function takePrefix(cursor: Cursor): number | null {
  return cursor.takeSign("/") ? cursor.takeNumber() : null;
}

function takeMask(cursor: Cursor): number {
  const part = parseIpv4Part(cursor.peek().text);
  if (part === null) throw cursor.unexpected("a mask such as 255.255.0.0");
  cursor.take();
  return (part.address << (32 - part.bits)) >>> 0;
}

function numberOf(token: Token): number {
  const value = parseCNumber(token.text);
  if (value !== null) return value;
  throw new FilterError(`${token.text} is not a number of 32 bits`, token.at, token.length);
}
