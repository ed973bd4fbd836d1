/**
 * What hosts are plugged into: something that takes IP packets and gives IP
 * packets, without a link header, sans I/O.
 *
 * @module
 */

import type { PacketPool } from "./packet-pool.ts";

/** One end of a link. Times are nanoseconds on the clock of whoever drives it, and never go back. */
export interface Device {
  /** Bytes of the longest IP packet that it takes. */
  readonly mtu: number;
  /** Takes a packet, which is the device's from then on: nobody writes into it any more. */
  send(packet: Uint8Array, nowNs: number): void;
  /** The next packet that has come by `nowNs`; `null` when there is none. */
  poll(nowNs: number): Uint8Array | null;
  /** When {@link poll} is worth a call, not before; `Infinity`: not until something is sent. */
  pollAt(): number;
  /**
   * Where memory for packets comes from and goes back to; only a device has it that gives each packet to one reader
   * once, whole, and keeps nothing of it. Who polls may give back what it got; who looks on and keeps packets offers no pool.
   */
  readonly pool?: PacketPool;
}
