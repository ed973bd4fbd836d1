/**
 * What a capture filter says, as a tree.
 *
 * @module
 */

/** Protocols that are keywords of the language. */
export const PROTOCOLS = [
  "ether",
  "ip",
  "ip6",
  "arp",
  "rarp",
  "tcp",
  "udp",
  "sctp",
  "icmp",
  "icmp6",
  "igmp",
  "pim",
  "vrrp",
  "esp",
  "ah",
] as const;

/** A protocol keyword. */
export type Protocol = (typeof PROTOCOLS)[number];

/** Which end of a packet a qualifier is about; `"or"` when the filter does not say. */
export type End = "src" | "dst" | "or" | "and";

/** Everything that can stand before a value: `tcp src port`. */
export interface Qualifiers {
  readonly proto: Protocol | null;
  /** `null` when the filter does not say, which means `"or"`. */
  readonly end: End | null;
  readonly type: "host" | "net" | "port" | "portrange" | "proto";
}

/** Where something stands in the filter. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** A value: an address, a port, a name. */
export type Id = Span &
  (
    | { readonly kind: "number"; readonly value: number; readonly prefix: number | null }
    | {
        readonly kind: "ipv4";
        readonly address: number;
        /** Bits that were written: 16 for `10.1`. */
        readonly bits: number;
        readonly prefix: number | null;
        readonly mask: number | null;
      }
    | { readonly kind: "ipv6"; readonly words: readonly number[]; readonly prefix: number | null }
    | { readonly kind: "mac"; readonly high: number; readonly low: number }
    | { readonly kind: "name"; readonly name: string }
  );

/** A number computed from the packet. */
export type Arith =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "len" }
  | { readonly kind: "negate"; readonly of: Arith }
  | (Span & {
      readonly kind: "load";
      readonly proto: Protocol;
      readonly index: Arith;
      readonly size: 1 | 2 | 4;
    })
  | (Span & {
      readonly kind: "binary";
      readonly op: ArithOp;
      readonly left: Arith;
      readonly right: Arith;
    });

/** Operators of arithmetic. */
export type ArithOp = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>";

/** Comparisons of two numbers. */
export type Relation = "==" | "!=" | "<" | ">" | "<=" | ">=";

/** A condition on a packet. */
export type Expr =
  | { readonly kind: "and" | "or"; readonly of: readonly Expr[] }
  | { readonly kind: "not"; readonly of: Expr }
  | (Span & {
      readonly kind: "relation";
      readonly op: Relation;
      readonly left: Arith;
      readonly right: Arith;
    })
  | (Span & { readonly kind: "id"; readonly qualifiers: Qualifiers; readonly id: Id })
  | (Span & { readonly kind: "protocol"; readonly proto: Protocol })
  | (Span & {
      readonly kind: "cast";
      readonly proto: Protocol | null;
      readonly cast: "broadcast" | "multicast";
    })
  | { readonly kind: "length"; readonly op: "less" | "greater"; readonly value: number }
  | (Span & { readonly kind: "vlan"; readonly id: number | null });
