/**
 * The IP header in words, as `tcpdump -v` prints it.
 *
 * @module
 */
import { checksum16 } from "../wire/checksum.ts";
import { ipProtocolName } from "../wire/protocol.ts";

const ECN: readonly string[] = ["", ",ECT(1)", ",ECT(0)", ",CE"];

/** `(tos 0x0, ttl 64, id 38004, offset 0, flags [DF], proto TCP (6), length 60)`; the header is whole. */
export function describeIpv4Header(v: DataView, at: number): string {
  const tos = v.getUint8(at + 1);
  const fragment = v.getUint16(at + 6);
  const number = v.getUint8(at + 9);
  const headerLen = (v.getUint8(at) & 15) * 4;
  const parts = [
    `tos 0x${tos.toString(16)}${ECN[tos & 3]}`,
    `ttl ${v.getUint8(at + 8)}`,
    `id ${v.getUint16(at + 4)}`,
    `offset ${(fragment & 0x1fff) * 8}`,
    `flags [${fragmentFlags(fragment)}]`,
    `proto ${ipProtocolName(number) ?? "unknown"} (${number})`,
    `length ${v.getUint16(at + 2)}`,
  ];
  if (checksum16(v, at, at + headerLen) !== 0) {
    const is = v.getUint16(at + 10);
    // What it would be with the field itself left out.
    const zeroed = checksum16(v, at, at + 10, checksumRest(v, at, headerLen));
    parts.push(`bad cksum ${is.toString(16)} (->${zeroed.toString(16)})!`);
  }
  return `(${parts.join(", ")})`;
}

/** The sum of the header behind its checksum field. */
const checksumRest = (v: DataView, at: number, headerLen: number): number =>
  ~checksum16(v, at + 12, at + headerLen) & 0xffff;

function fragmentFlags(field: number): string {
  const names: string[] = [];
  if ((field & 0x8000) !== 0) names.push("rsvd");
  if ((field & 0x4000) !== 0) names.push("DF");
  if ((field & 0x2000) !== 0) names.push("+");
  return names.length === 0 ? "none" : names.join(", ");
}

/** `(class 0x2, flowlabel 0x707f5, hlim 64, next-header TCP (6) payload length: 40)`. */
export function describeIpv6Header(v: DataView, at: number): string {
  const trafficClass = (v.getUint16(at) >>> 4) & 0xff;
  const label = v.getUint32(at) & 0xfffff;
  const number = v.getUint8(at + 6);
  const name = ipProtocolName(number) ?? "unknown";
  const start =
    (trafficClass === 0 ? "" : `class 0x${trafficClass.toString(16).padStart(2, "0")}, `) +
    (label === 0 ? "" : `flowlabel 0x${label.toString(16).padStart(5, "0")}, `);
  return `(${start}hlim ${v.getUint8(at + 7)}, next-header ${name} (${number}) payload length: ${v.getUint16(at + 4)})`;
}
