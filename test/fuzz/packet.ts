/** Packets made by hand: raw IP and TCP, as wrong as wanted. */
import { LinkType } from "../../src/wire/linktype.ts";
import { PcapWriter } from "../../src/pcap/pcap-writer.ts";

/** An end of a connection: 10.0.0.`address` or fd00::`address`. */
export interface Endpoint {
  readonly address: number;
  readonly port: number;
}

/** What a packet says. */
export interface PacketFields {
  readonly isSix: boolean;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly seq: number;
  readonly ack: number;
  /** Bytes of payload, all 0. */
  readonly len: number;
  readonly flags: number;
  readonly window: number;
  /** A multiple of 4 bytes. */
  readonly options: Uint8Array;
  /** As stated; that of the header when left out. */
  readonly headerLen?: number;
}

/** The packet from its IP header on; checksums are 0. */
export function emitPacket(p: PacketFields): Uint8Array<ArrayBuffer> {
  const headerLen = 20 + p.options.length;
  const at = p.isSix ? 40 : 20;
  const bytes = new Uint8Array(at + headerLen + p.len);
  const v = new DataView(bytes.buffer);
  if (p.isSix) emitIpv6(v, p.from.address, p.to.address);
  else emitIpv4(v, p.from.address, p.to.address);
  v.setUint16(at, p.from.port);
  v.setUint16(at + 2, p.to.port);
  v.setUint32(at + 4, p.seq);
  v.setUint32(at + 8, p.ack);
  v.setUint8(at + 12, ((p.headerLen ?? headerLen) / 4) << 4);
  v.setUint8(at + 13, p.flags);
  v.setUint16(at + 14, p.window);
  bytes.set(p.options, at + 20);
  return bytes;
}

function emitIpv4(v: DataView, from: number, to: number): void {
  v.setUint8(0, 0x45);
  v.setUint16(2, v.byteLength);
  v.setUint8(8, 64);
  v.setUint8(9, 6);
  v.setUint32(12, 0x0a000000 + from);
  v.setUint32(16, 0x0a000000 + to);
}

function emitIpv6(v: DataView, from: number, to: number): void {
  v.setUint8(0, 0x60);
  v.setUint16(4, v.byteLength - 40);
  v.setUint8(6, 6);
  v.setUint8(7, 64);
  v.setUint32(8, 0xfd00_0000);
  v.setUint32(20, from);
  v.setUint32(24, 0xfd00_0000);
  v.setUint32(36, to);
}

/** A pcap file of the packets, one every `stepNs` nanoseconds, all of them captured whole. */
export function captureOf(
  packets: readonly Uint8Array<ArrayBuffer>[],
  stepNs: number,
): Uint8Array[] {
  const writer = new PcapWriter({ linkType: LinkType.RAW });
  return [
    writer.header(),
    ...packets.map((bytes, i) => {
      const ns = i * stepNs;
      const [sec, nsec] = [1_700_000_000 + Math.floor(ns / 1e9), ns % 1e9];
      const length = bytes.length;
      return writer.packet({
        sec,
        nsec,
        view: new DataView(bytes.buffer),
        at: 0,
        capLen: length,
        origLen: length,
      });
    }),
  ];
}
