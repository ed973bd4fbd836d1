/** Captures made of others: other links, other orders, losses, copies, cuts, other numbers. */
import { readFileSync } from "node:fs";
import { PcapWriter } from "../../src/pcap/pcap-writer.ts";
import { CaptureReader } from "../../src/pcap/reader.ts";
import { layersOf } from "../../src/wire/layers.ts";
import type { Random } from "./random.ts";
import type { Wrapping } from "./wrap.ts";

/** An IP packet of a capture. */
export interface IpPacket {
  readonly sec: number;
  readonly nsec: number;
  /** From the outermost IP header on, as far as captured. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes on the wire. */
  readonly length: number;
}

/** The IP packets of the capture at `path`, `most` at most. */
export function ipPackets(path: string, most: number): IpPacket[] {
  const packets: IpPacket[] = [];
  const reader = new CaptureReader({
    onPacket({ view, at, capLen, origLen, linkType, sec, nsec }) {
      const layers = layersOf(view, at, capLen, origLen, linkType);
      const ip = layers.find(({ kind }) => kind === "ip" || kind === "ipv6");
      if (ip === undefined || ip.why !== null || packets.length >= most) return;
      const bytes = new Uint8Array(view.buffer, view.byteOffset + ip.at, at + capLen - ip.at);
      packets.push({ sec, nsec, bytes: bytes.slice(), length: origLen - (ip.at - at) });
    },
  });
  reader.push(readFileSync(path));
  reader.end();
  return packets;
}

/** The packets behind other headers, as a pcap file of which `snapLen` bytes a packet were captured. */
export function wrapped(
  packets: readonly IpPacket[],
  { linkType, head }: Wrapping,
  snapLen: number,
): Uint8Array[] {
  const writer = new PcapWriter({ linkType, snapLen });
  const chunks: Uint8Array[] = [writer.header()];
  for (const { sec, nsec, bytes, length } of packets) {
    // No room in the lengths of some headers for what a network card was to cut up.
    if (length > 65_000) continue;
    const front = head(bytes[0]! >>> 4 === 4 ? 4 : 6, length);
    const all = new Uint8Array(front.length + bytes.length);
    all.set(front);
    all.set(bytes, front.length);
    const view = new DataView(all.buffer);
    const capLen = Math.min(all.length, snapLen);
    const origLen = front.length + length;
    chunks.push(writer.packet({ sec, nsec, view, at: 0, capLen, origLen }));
  }
  return chunks;
}

/** What can happen to packets on their way; times stay in the order of the file now and then. */
export const ACCIDENTS: Readonly<
  Record<string, (r: Random, packets: readonly IpPacket[]) => IpPacket[]>
> = {
  nothing: (_, packets) => [...packets],
  lost: (r, packets) => packets.filter(() => !r.oneIn(12)),
  twice: (r, packets) => packets.flatMap((p) => (r.oneIn(8) ? [p, p] : [p])),
  "twice, later": (r, packets) => {
    const out = [...packets];
    for (let i = packets.length >> 3; i > 0; i--) {
      const from = r.below(out.length);
      out.splice(Math.min(out.length, from + r.below(20)), 0, out[from]!);
    }
    return out;
  },
  overtaken: (r, packets) => {
    const out = [...packets];
    for (let i = 0; i + 1 < out.length; i++) {
      if (!r.oneIn(6)) continue;
      const other = Math.min(out.length - 1, i + 1 + r.below(4));
      [out[i], out[other]] = [at(out[other]!, out[i]!), at(out[i]!, out[other]!)];
    }
    return out;
  },
  shuffled: (r, packets) => {
    const out = [...packets];
    for (let i = out.length - 1; i > 0; i--) {
      const other = r.below(i + 1);
      [out[i], out[other]] = [out[other]!, out[i]!];
    }
    return out;
  },
  "one way": (_, packets) => {
    const first = packets.find(({ bytes }) => bytes[0]! >>> 4 === 4 && bytes[9] === 6)?.bytes;
    const source = first?.subarray(12, 16).join(".");
    return packets.filter(({ bytes }) => bytes.subarray(12, 16).join(".") === source);
  },
  "from the middle": (_, packets) => packets.slice(packets.length >> 2),
};

/** Two captures, one after the other: the second one goes on a second after the first one's end. */
export function joined(first: readonly IpPacket[], second: readonly IpPacket[]): IpPacket[] {
  const shift = (first.at(-1)?.sec ?? 0) + 1 - (second[0]?.sec ?? 0);
  return [...first, ...second.map((p) => ({ ...p, sec: p.sec + shift }))];
}

/** Packet `p` at the time of `other`. */
const at = (p: IpPacket, other: IpPacket): IpPacket => ({ ...p, sec: other.sec, nsec: other.nsec });

/** All sequence numbers moved by `shift`, so that they pass 0 somewhere else. */
export function renumbered(packets: readonly IpPacket[], shift: number): IpPacket[] {
  return packets.map((p) => {
    const tcpAt = p.bytes[0]! >>> 4 === 4 ? (p.bytes[0]! & 15) * 4 : 40;
    const isTcp = p.bytes[p.bytes[0]! >>> 4 === 4 ? 9 : 6] === 6;
    if (!isTcp || p.bytes.length < tcpAt + 14) return p;
    const bytes = p.bytes.slice();
    const v = new DataView(bytes.buffer);
    v.setUint32(tcpAt + 4, v.getUint32(tcpAt + 4) + shift);
    if ((bytes[tcpAt + 13]! & 0x10) !== 0) v.setUint32(tcpAt + 8, v.getUint32(tcpAt + 8) + shift);
    return { ...p, bytes };
  });
}
