/**
 * Packets that a host has read, and whose memory goes back to the device when all that they told is done.
 *
 * @module
 */
import type { PacketPool } from "../device/packet-pool.ts";
import { NO_PACKET } from "../device/packet-slab.ts";
import type { TcpEndpoint } from "../types.ts";

/** Places that are kept for the packets to come. */
const KEPT = 1024;

/** What came in one poll. */
export class SpentPackets {
  #pool: PacketPool | null;
  /** The first {@link #count} of these places. */
  readonly #packets: Uint8Array[] = [];
  #count = 0;
  /** Who was lent bytes of them. */
  readonly #readers: TcpEndpoint[] = [];

  /** `pool`: the device's, if it has one. */
  constructor(pool: PacketPool | undefined) {
    this.#pool = pool ?? null;
  }

  /** Whether packets stay as they are until {@link giveBack}, and not beyond. */
  get isLending(): boolean {
    return this.#pool !== null;
  }

  /** Somebody sees packets from now on who may keep them: none is given back any more. */
  keepAll(): void {
    this.#pool = null;
  }

  /** `packet` came; nobody but those that {@link lentTo} is told of reads it after this. */
  add(packet: Uint8Array): void {
    if (this.#pool !== null) this.#packets[this.#count++] = packet;
  }

  /** `reader` may still read what came. */
  lentTo(reader: TcpEndpoint): void {
    if (this.#readers.at(-1) !== reader) this.#readers.push(reader);
  }

  /** Everybody has had the chance to read. */
  giveBack(): void {
    for (const reader of this.#readers) reader.settle();
    this.#readers.length = 0;
    const pool = this.#pool;
    for (let i = 0; i < this.#count; i++) {
      pool?.give(this.#packets[i]!);
      this.#packets[i] = NO_PACKET;
    }
    if (this.#packets.length > KEPT) this.#packets.length = 0;
    this.#count = 0;
  }
}
