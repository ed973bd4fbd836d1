/**
 * Packets that a host has read, and whose memory goes back to the device when all that they told is done.
 *
 * @module
 */
import type { PacketPool } from "../device/packet-pool.ts";
import type { TcpEndpoint } from "../types.ts";

/** What came in one poll. */
export class SpentPackets {
  #pool: PacketPool | null;
  readonly #packets: Uint8Array[] = [];
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
    if (this.#pool !== null) this.#packets.push(packet);
  }

  /** `reader` may still read what came. */
  lentTo(reader: TcpEndpoint): void {
    if (this.#readers.at(-1) !== reader) this.#readers.push(reader);
  }

  /** Everybody has had the chance to read. */
  giveBack(): void {
    for (const reader of this.#readers) reader.settle();
    this.#readers.length = 0;
    for (const packet of this.#packets) this.#pool?.give(packet);
    this.#packets.length = 0;
  }
}
