/**
 * ICMP errors about a connection: path MTU (RFC 1191, RFC 8201), hard and soft
 * errors (RFC 1122 §4.2.3.9, RFC 5461, RFC 5927).
 *
 * @module
 */
import { seqLeq, seqLt } from "../../wire/seqnum.ts";
import { IPV6_HEADER_LEN } from "../../wire/ipv6.ts";
import type { IcmpError, TcpErrorCode } from "../types.ts";
import type { Tcb } from "./tcb.ts";

/** Likely MTUs, for a router that tells none (RFC 1191 §7.1). */
const PLATEAUS: readonly number[] = [
  65_535, 32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
];

/** RFC 8200 §5. */
const IPV6_MIN_MTU = 1280;

/** Takes `error`, if it quotes a segment that is out (RFC 5927 §4.1). */
export function onIcmp(t: Tcb, error: IcmpError, nowNs: number): void {
  const { snd } = t;
  if (t.state === "CLOSED" || t.state === "LISTEN" || t.state === "TIME-WAIT") return;
  if (!seqLeq(snd.una, error.seq) || !seqLt(error.seq, snd.nxt)) return;
  switch (error.kind) {
    case "too-big":
      return onTooBig(t, error.mtu);
    case "port-unreachable":
      return onUnreachable(t, "refused", true, nowNs);
    case "unreachable":
      return onUnreachable(t, "unreachable", t.profile.unreachableEndsSyn, nowNs);
    case "time-exceeded":
      return onUnreachable(t, "unreachable", t.profile.timeExceededEndsSyn, nowNs);
    case "other":
      return;
  }
}

/** A smaller path: what is out goes again in smaller segments, and it was not congestion (RFC 1191 §6.5). */
function onTooBig(t: Tcb, told: number): void {
  const { snd, recovery } = t;
  // No link of IPv6 takes less (RFC 8201 §4): who says so lies.
  if (t.ipHeaderLen === IPV6_HEADER_LEN && told < IPV6_MIN_MTU) return;
  const mtu = told > 0 ? told : (PLATEAUS.find((size) => size < t.mtu) ?? t.mtu);
  if (mtu >= t.mtu) return;
  const before = snd.mss;
  t.mtu = mtu;
  t.updateMss(false);
  if (snd.mss >= before || t.state === "SYN-SENT" || t.state === "SYN-RECEIVED") return;
  recovery.markAllLost(snd);
  recovery.isForced = true;
}

/** `endsSyn`: it is a hard error as long as the connection does not stand. */
function onUnreachable(t: Tcb, error: TcpErrorCode, endsSyn: boolean, nowNs: number): void {
  const isEarly = t.state === "SYN-SENT" || t.state === "SYN-RECEIVED";
  if (isEarly && endsSyn) return t.finish(error, "ICMP", nowNs);
  t.tell({ type: "soft-error", error });
}
