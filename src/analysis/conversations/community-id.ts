/**
 * Community ID v1: one name for a connection in every tool that computes it
 * (Zeek, Suricata, Arkime, Wireshark), so that their records can be joined.
 *
 * The smaller endpoint comes first, so both directions have one name.
 *
 * @module
 */
import { toBase64 } from "../../base/base64.ts";
import { sha1 } from "../../base/sha1.ts";
import type { Endpoint } from "../../trace/endpoint.ts";
import { IpProtocol } from "../../wire/protocol.ts";

/** The ID of a TCP connection between `a` and `b`, in any order, with the usual `seed` of 0: `"1:LQU9qZlK+B5F3KDmev6m5PMibrg="`. */
export function communityId(a: Endpoint, b: Endpoint, seed: number = 0): string {
  const [low, high] = isBefore(a, b) ? [a, b] : [b, a];
  const addrLen = a.words.length * 4;
  const v = new DataView(new ArrayBuffer(2 + 2 * addrLen + 6));
  v.setUint16(0, seed);
  low.words.forEach((word, i) => v.setUint32(2 + i * 4, word));
  high.words.forEach((word, i) => v.setUint32(2 + addrLen + i * 4, word));
  const at = 2 + 2 * addrLen;
  // Then a byte of padding.
  v.setUint8(at, IpProtocol.TCP);
  v.setUint16(at + 2, low.port);
  v.setUint16(at + 4, high.port);
  return `1:${toBase64(sha1(new Uint8Array(v.buffer)))}`;
}

/** By address, then by port. */
function isBefore(a: Endpoint, b: Endpoint): boolean {
  for (const [i, word] of a.words.entries()) {
    const order = word - b.words[i]!;
    if (order !== 0) return order < 0;
  }
  return a.port < b.port;
}
