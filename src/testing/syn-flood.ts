/**
 * A flood of SYNs from addresses that never answer, made in place: one packet
 * whose source, port and number change.
 *
 * @module
 */
import { viewOf } from "../base/bytes.ts";
import { setTcpChecksum } from "../wire/checksum.ts";
import { setIpv4Checksum } from "../wire/ipv4.ts";
import { tcpPacket } from "./stack-packets.ts";

/** Packets of it, each one good until the next is made. */
export class SynFlood {
  readonly #packet: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #count = 0;

  constructor(dstPort: number = 80) {
    this.#packet = tcpPacket({ dstPort });
    this.#view = viewOf(this.#packet);
  }

  /** The next SYN; a new source each time, numbers from just below the wrap on. */
  next(): Uint8Array {
    const v = this.#view;
    const n = this.#count++;
    v.setUint32(12, 0x0b00_0000 + (n % 0x00ff_ffff));
    v.setUint16(20, 1024 + (n % 60_000));
    v.setUint32(24, (0xffff_fff0 + n) >>> 0);
    setIpv4Checksum(v, 0);
    v.setUint16(36, 0);
    setTcpChecksum(v, 0, 20, 20);
    return this.#packet;
  }
}
