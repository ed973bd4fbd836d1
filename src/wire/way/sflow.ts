/**
 * sFlow version 5: datagrams in which a switch tells of frames that it saw, one
 * in so many, and sends their beginnings.
 *
 * @module
 */
import { formatIpv4, formatIpv6 } from "../address.ts";
import { LinkType } from "../linktype.ts";

/** A frame of which a datagram has the beginning. */
export interface SflowSample {
  readonly linkType: number;
  readonly at: number;
  /** Bytes of it in the datagram. */
  readonly capLen: number;
  /** Bytes of it on the wire. */
  readonly origLen: number;
}

/** Samples read of one datagram: UDP has no room for more. */
const MAX_SAMPLES = 1024;

/** Kinds of samples: of a flow, and the same with longer interface numbers. */
const FLOW = 1;
const EXPANDED_FLOW = 3;
/** The record that holds a frame's beginning. */
const RAW_HEADER = 1;

/** Of the header protocols those that lead to TCP. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [1, LinkType.ETHERNET],
  [4, LinkType.FDDI],
  [7, LinkType.PPP],
  [11, LinkType.IPV4],
  [12, LinkType.IPV6],
]);

//  Datagram: version (4), type of the agent's address (4), the address (4 or 16), sub-agent,
//            sequence number, uptime, number of samples (4 each), samples
//  Sample:   kind (4), length (4); of a flow: 7 words, with longer numbers 10, then the
//            number of records (4), records
//  Record:   kind (4), length (4); of a header: protocol, bytes of the frame, bytes stripped,
//            bytes of the header (4 each), the header

/** `sFlowv5, IPv4 agent 192.0.2.1, agent-id 0`, as tcpdump has it; `null` for what is no datagram of version 5. */
export function describeSflow(v: DataView, at: number, end: number): string | null {
  if (end - at < 8 || v.getUint32(at) !== 5) return null;
  const addressType = v.getUint32(at + 4);
  const idAt = at + 8 + (addressType === 1 ? 4 : 16);
  if ((addressType !== 1 && addressType !== 2) || end - idAt < 4) return null;
  const agent =
    addressType === 1
      ? `IPv4 agent ${formatIpv4(v, at + 8)}`
      : `IPv6 agent ${formatIpv6(v, at + 8)}`;
  return `sFlowv5, ${agent}, agent-id ${v.getUint32(idAt)}`;
}

/** The frames that the datagram at `v[at, end)` has the beginning of, in their order. */
export function sflowSamples(v: DataView, at: number, end: number): SflowSample[] {
  const samples: SflowSample[] = [];
  if (end - at < 8 || v.getUint32(at) !== 5) return samples;
  const addressType = v.getUint32(at + 4);
  if (addressType !== 1 && addressType !== 2) return samples;
  let o = at + 8 + (addressType === 1 ? 4 : 16) + 16;
  while (end - o >= 8 && samples.length < MAX_SAMPLES) {
    const kind = v.getUint32(o);
    const next = o + 8 + v.getUint32(o + 4);
    const words = kind === FLOW ? 7 : kind === EXPANDED_FLOW ? 10 : -1;
    if (words > 0) addRecords(samples, v, o + 8 + words * 4 + 4, Math.min(end, next));
    o = next;
  }
  return samples;
}

function addRecords(samples: SflowSample[], v: DataView, at: number, end: number): void {
  for (let o = at; end - o >= 8 && samples.length < MAX_SAMPLES;) {
    const next = o + 8 + v.getUint32(o + 4);
    if (v.getUint32(o) === RAW_HEADER && Math.min(end, next) - o >= 24) {
      const linkType = LINK_TYPES.get(v.getUint32(o + 8));
      const capLen = Math.min(v.getUint32(o + 20), end - (o + 24));
      if (linkType !== undefined)
        samples.push({ linkType, at: o + 24, capLen, origLen: v.getUint32(o + 12) });
    }
    o = next;
  }
}
