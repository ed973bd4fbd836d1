/**
 * What a filter's tree means on one link type, as conditions.
 *
 * @module
 */
import type { Expr, Id, Qualifiers } from "./ast.ts";
import { relationCondition } from "./arithmetic.ts";
import { Op } from "./bpf.ts";
import { type Condition, all, any, bytesAre, bytesTest, insn, not, test } from "./condition.ts";
import { FilterError } from "./error.ts";
import { addressCondition } from "./generate-address.ts";
import type { Link } from "./link.ts";
import { ETHER_TYPES, IP_PROTOCOLS, SERVICES } from "./names.ts";
import {
  ETHERTYPE_IP,
  ETHERTYPE_IP6,
  hasIpProto,
  hasMac,
  hasPort,
  isProtocol,
} from "./protocol.ts";

const TCP = 6;
const UDP = 17;
const SCTP = 132;
/** In the order in which libpcap asks. */
const WITH_PORTS = [SCTP, TCP, UDP];

/**
 * Walks a filter from left to right. `vlan` moves where everything after it
 * looks, as in libpcap.
 */
export class Generator {
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** @throws {@link FilterError} for what cannot be asked of this link type. */
  condition(e: Expr): Condition {
    switch (e.kind) {
      case "and":
        return all(...e.of.map((part) => this.condition(part)));
      case "or":
        return any(...e.of.map((part) => this.condition(part)));
      case "not":
        return not(this.condition(e.of));
      case "relation":
        return relationCondition(this.#link, e);
      case "length": {
        const jump = e.op === "less" ? Op.JGT : Op.JGE;
        const longer = test([insn(Op.LD_LEN)], jump, e.value);
        return e.op === "less" ? not(longer) : longer;
      }
      case "protocol":
        if (e.proto !== "ether") return isProtocol(this.#link, e.proto);
        throw new FilterError('"ether" needs host, proto or an address after it', e.at, e.length);
      case "cast":
        return this.#cast(e);
      case "vlan":
        return this.#vlan(e);
      case "id":
        return this.#value(e.qualifiers, e.id);
    }
  }

  #value(q: Qualifiers, id: Id): Condition {
    switch (q.type) {
      case "host":
      case "net":
        return addressCondition(this.#link, q, id);
      case "port":
      case "portrange":
        return this.#port(q, id);
      case "proto":
        return this.#proto(q, id);
    }
  }

  #port(q: Qualifiers, id: Id): Condition {
    const only = { tcp: TCP, udp: UDP, sctp: SCTP } as const;
    const proto = q.proto;
    if (proto !== null && proto !== "tcp" && proto !== "udp" && proto !== "sctp") {
      throw new FilterError(`${proto} has no ports; tcp, udp and sctp have`, id.at, id.length);
    }
    const protos = proto === null ? WITH_PORTS : [only[proto]];
    const [low, high, named] = q.type === "port" ? portOf(id, proto) : rangeOf(id, proto);
    return hasPort(this.#link, named === null ? protos : [only[named]], q.end, low, high);
  }

  #proto(q: Qualifiers, id: Id): Condition {
    if (q.proto === "ether") return this.#link.isType(numberOf(id, ETHER_TYPES, "EtherType"));
    const number = numberOf(id, IP_PROTOCOLS, "protocol");
    if (q.proto === null) return hasIpProto(this.#link, number, "both");
    if (q.proto === "ip" || q.proto === "ip6") return hasIpProto(this.#link, number, q.proto);
    throw new FilterError(
      `"${q.proto} proto" means nothing; ip, ip6 and ether have protocols`,
      id.at,
      id.length,
    );
  }

  #vlan(e: Expr & { kind: "vlan" }): Condition {
    const link = this.#link;
    if (link.tagged === null)
      throw new FilterError(`${link.name} has no VLAN tags`, e.at, e.length);
    const tag = any(...[0x8100, 0x88a8, 0x9100].map((type) => link.isType(type)));
    this.#link = link.tagged();
    return e.id === null ? tag : all(tag, bytesAre(link.netAt, 2, e.id, 0x0fff));
  }

  #cast(e: Expr & { kind: "cast" }): Condition {
    const { netAt, macAt } = this.#link;
    if (e.proto === null || e.proto === "ether") {
      if (macAt === null) throw noMac(this.#link, e);
      if (e.cast === "multicast") return bytesTest(macAt, 1, Op.JSET, 1);
      return hasMac(macAt, "dst", 0xffff, 0xffffffff);
    }
    if (e.cast === "multicast" && e.proto === "ip") {
      return all(this.#link.isType(ETHERTYPE_IP), bytesTest(netAt + 16, 1, Op.JGE, 224));
    }
    if (e.cast === "multicast" && e.proto === "ip6") {
      return all(this.#link.isType(ETHERTYPE_IP6), bytesAre(netAt + 24, 1, 255));
    }
    throw new FilterError(`"${e.proto} ${e.cast}" is not known`, e.at, e.length);
  }
}

function noMac(link: Link, e: { at: number; length: number }): FilterError {
  return new FilterError(`${link.name} has no Ethernet addresses`, e.at, e.length);
}

type PortProto = "tcp" | "udp" | "sctp";

/** A port: its number twice, and the one protocol that its name is registered for. */
function portOf(id: Id, proto: PortProto | null): readonly [number, number, "tcp" | "udp" | null] {
  const name = id.kind === "number" ? String(id.value) : id.kind === "name" ? id.name : "";
  const { port, only } = onePort(name, proto, id);
  return [port, port, only];
}

function rangeOf(id: Id, proto: PortProto | null): readonly [number, number, "tcp" | "udp" | null] {
  if (id.kind !== "name") return portOf(id, proto);
  for (let dash = id.name.indexOf("-"); dash > 0; dash = id.name.indexOf("-", dash + 1)) {
    const [first, last] = [id.name.slice(0, dash), id.name.slice(dash + 1)];
    if (!isPort(first) || !isPort(last)) continue;
    const low = onePort(first, proto, id);
    const high = onePort(last, proto, id);
    const only = low.only === high.only ? low.only : null;
    return [Math.min(low.port, high.port), Math.max(low.port, high.port), only];
  }
  return portOf(id, proto);
}

const isPort = (text: string): boolean => /^\d+$/.test(text) || SERVICES.has(text);

function onePort(
  text: string,
  proto: PortProto | null,
  id: Id,
): { port: number; only: "tcp" | "udp" | null } {
  const service = /^\d+$/.test(text) ? { port: Number(text), only: null } : SERVICES.get(text);
  if (service === undefined) {
    throw new FilterError(
      `${JSON.stringify(text)} is no port and no known service`,
      id.at,
      id.length,
    );
  }
  if (service.port > 65535) {
    throw new FilterError(`port ${text} is above 65535`, id.at, id.length);
  }
  if (proto !== null && service.only !== null && service.only !== proto) {
    throw new FilterError(`service ${text} is a ${service.only} service`, id.at, id.length);
  }
  return service;
}

function numberOf(id: Id, names: ReadonlyMap<string, number>, what: string): number {
  if (id.kind === "number") return id.value;
  const number = id.kind === "name" ? names.get(id.name) : undefined;
  if (number !== undefined) return number;
  throw new FilterError(`this is no ${what} that is known; write its number`, id.at, id.length);
}
