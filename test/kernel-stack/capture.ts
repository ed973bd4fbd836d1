/** Packets in memory, and the file that they make. */
import { viewOf } from "../../src/base/bytes.ts";
import { PcapWriter } from "../../src/pcap/pcap-writer.ts";
import type { PacketSink } from "../../src/stack/device/tracer.ts";

/** LINKTYPE_RAW. */
const RAW = 101;
const SECOND = 1e9;
/** Any time will do: the packets' clock counts from the start of the process. */
const EPOCH_SEC = 1_700_000_000;

/** See the module. */
export class Capture {
  readonly name: string;
  readonly #packets: { readonly packet: Uint8Array; readonly nowNs: number }[] = [];
  /** For {@link traced}. */
  readonly sink: PacketSink = (_, packet, nowNs) => this.#packets.push({ packet, nowNs });

  constructor(name: string) {
    this.name = name;
  }

  /** A capture file of all so far. */
  toFile(): Uint8Array {
    const writer = new PcapWriter({ linkType: RAW });
    const parts = this.#packets.map(({ packet, nowNs }) => {
      const sec = EPOCH_SEC + Math.floor(nowNs / SECOND);
      const nsec = Math.floor(nowNs % SECOND);
      const { length } = packet;
      return writer.packet({
        sec,
        nsec,
        view: viewOf(packet),
        at: 0,
        capLen: length,
        origLen: length,
      });
    });
    return Buffer.concat([writer.header(), ...parts]);
  }
}
