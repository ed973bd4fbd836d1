/**
 * Where the packet lies that has come.
 *
 * @module
 */
import type { PacketPool } from "../device/packet-pool.ts";

/** The memory around one packet after the other, kept as long as they come in the same. */
export class PacketPlace {
  /** The packet begins at byte {@link at} of it. */
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;
  readonly #pool: PacketPool | null;
  #buffer: ArrayBufferLike | null = null;
  #view: DataView = this.view;

  /** `pool`: the device's, if it has one. */
  constructor(pool: PacketPool | undefined) {
    this.#pool = pool ?? null;
  }

  /** Sets {@link view} and {@link at}. */
  find(packet: Uint8Array): void {
    if (this.#pool?.locate(packet) === true) {
      this.view = this.#pool.view;
      this.at = this.#pool.at;
      return;
    }
    const { buffer } = packet;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#view = new DataView(buffer);
    }
    this.view = this.#view;
    this.at = packet.byteOffset;
  }
}
