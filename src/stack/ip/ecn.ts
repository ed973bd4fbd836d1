/**
 * The two ECN bits of an IP packet (RFC 3168 §5).
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import { ipv4Ecn, setIpv4Checksum } from "../../wire/ipv4.ts";
import { ipv6Ecn } from "../../wire/ipv6.ts";
import type { EcnCodepoint } from "../types.ts";

/** The bits' values, in the order of the numbers. */
const CODEPOINTS = ["not-ECT", "ECT(1)", "ECT(0)", "CE"] as const;

const CE = 3;

/** The codepoint of the bits' value, 0 to 3. */
export function ecnOf(bits: number): EcnCodepoint {
  return CODEPOINTS[bits & 3] ?? "not-ECT";
}

/** The bits' value, 0 to 3. */
export function ecnBits(ecn: EcnCodepoint): number {
  return CODEPOINTS.indexOf(ecn);
}

/** A copy of the IP packet with CE set; `null` when its sender does not understand ECN. */
export function withCe(packet: Uint8Array): Uint8Array | null {
  const version = packet.length < 2 ? 0 : packet[0]! >>> 4;
  const v = viewOf(packet);
  if (version === 4 && ipv4Ecn(v, 0) !== 0) return withIpv4Ce(packet);
  if (version === 6 && ipv6Ecn(v, 0) !== 0) return withIpv6Ce(packet);
  return null;
}

function withIpv4Ce(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[1]! |= CE;
  setIpv4Checksum(viewOf(copy), 0);
  return copy;
}

function withIpv6Ce(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[1]! |= CE << 4;
  return copy;
}
