/**
 * `host` and `net`: what an address in a filter is compared with.
 *
 * @module
 */
import type { End, Id, Qualifiers } from "./ast.ts";
import { type Condition, any } from "./condition.ts";
import { FilterError } from "./error.ts";
import type { Link } from "./link.ts";
import { prefixMask } from "./literal.ts";
import { hasIpv4, hasIpv6, hasMac } from "./protocol.ts";

/**
 * An address or a network that a packet's ends are compared with.
 *
 * @throws {@link FilterError} for a name: nothing is looked up.
 */
export function addressCondition(link: Link, q: Qualifiers, id: Id): Condition {
  switch (id.kind) {
    case "number":
      return ofIpv4(link, q, id, ...ipv4Number(q, id));
    case "ipv4":
      return ofIpv4(link, q, id, ...ipv4Network(q, id));
    case "ipv6":
      return ofIpv6(link, q, id);
    case "mac":
      return ofMac(link, q, id);
    case "name":
      throw new FilterError(
        `${JSON.stringify(id.name)} is a name; names are not looked up, write the address`,
        id.at,
        id.length,
      );
  }
}

/** A lone number: the whole address as one integer for `host`, the leading byte for `net`. */
function ipv4Number(q: Qualifiers, id: Id & { kind: "number" }): readonly [number, number] {
  if (q.type === "host") {
    if (id.prefix !== null) throw networksOnly(id);
    return [id.value, 0xffffffff];
  }
  let address = id.value;
  let bits = 32;
  while (address !== 0 && address <= 0xffffff) {
    address *= 256;
    bits -= 8;
  }
  if (bits === 32 && id.prefix === null) return [address, 0xffffffff];
  let mask = (0xffffffff << (32 - bits)) >>> 0;
  if (id.prefix !== null) mask = checkedPrefix(id, id.prefix);
  return checkedNetwork(id, address, mask);
}

function ipv4Network(q: Qualifiers, id: Id & { kind: "ipv4" }): readonly [number, number] {
  const shift = 32 - id.bits;
  const address = (id.address << shift) >>> 0;
  if (id.prefix === null && id.mask === null) {
    return [address, prefixMask(id.bits)];
  }
  if (q.type === "host") throw networksOnly(id);
  return checkedNetwork(id, address, id.mask ?? checkedPrefix(id, id.prefix!));
}

function checkedPrefix(id: Id, prefix: number): number {
  if (prefix <= 32) return prefixMask(prefix);
  throw new FilterError(`a prefix of ${prefix} bits is longer than 32`, id.at, id.length);
}

function checkedNetwork(id: Id, address: number, mask: number): readonly [number, number] {
  if ((address & ~mask) === 0) return [address, mask];
  throw new FilterError("the address has bits beyond its mask", id.at, id.length);
}

function networksOnly(id: Id): FilterError {
  return new FilterError('only "net" takes a mask or a prefix', id.at, id.length);
}

function ofIpv4(link: Link, q: Qualifiers, id: Id, address: number, mask: number): Condition {
  const { proto, end } = q;
  if (proto === "ip" || proto === "arp" || proto === "rarp") {
    return hasIpv4(link, proto, end, address, mask);
  }
  if (proto !== null) throw wrongProto(q, id, "an IPv4 address");
  return any(...(["ip", "arp", "rarp"] as const).map((p) => hasIpv4(link, p, end, address, mask)));
}

function ofIpv6(link: Link, q: Qualifiers, id: Id & { kind: "ipv6" }): Condition {
  if (q.proto !== null && q.proto !== "ip6") throw wrongProto(q, id, "an IPv6 address");
  const prefix = id.prefix ?? 128;
  if (prefix > 128)
    throw new FilterError(`a prefix of ${prefix} bits is longer than 128`, id.at, id.length);
  const mask = [0, 32, 64, 96].map((from) => prefixMask(Math.min(32, Math.max(0, prefix - from))));
  if (id.words.some((word, i) => (word & ~mask[i]!) !== 0)) {
    throw new FilterError("the address has bits beyond its prefix", id.at, id.length);
  }
  return hasIpv6(link, q.end, id.words, mask);
}

function ofMac(link: Link, q: Qualifiers, id: Id & { kind: "mac" }): Condition {
  if (q.proto !== "ether" || q.type !== "host") throw needsEther(id);
  if (link.macAt === null) {
    throw new FilterError(`${link.name} has no Ethernet addresses`, id.at, id.length);
  }
  const end: End | null = q.end;
  return hasMac(link.macAt, end, id.high, id.low);
}

function needsEther(id: Id): FilterError {
  return new FilterError('an Ethernet address needs "ether host" before it', id.at, id.length);
}

function wrongProto(q: Qualifiers, id: Id, what: string): FilterError {
  return new FilterError(`"${q.proto} ${q.type}" cannot be ${what}`, id.at, id.length);
}
