/**
 * The file of a TUN interface as a {@link Device}: what hosts and links are
 * plugged into.
 *
 * @module
 */
import type { Device } from "../../stack/device/device.ts";
import { needFfi, type Libc } from "../ffi.ts";
import type { TunFile } from "./interface.ts";
import type { Source } from "./pump.ts";

/** Bytes of the longest packet that the kernel hands out. */
const MAX_PACKET = 65_536;

/** Packets taken in a row: then others have their turn. */
const BATCH = 256;

/** Packets through the file of a TUN interface, without waiting. */
export class TunDevice implements Device, Source {
  readonly mtu: number;
  readonly fd: number;
  /** Packets that the kernel did not take: its interface is down, or has no room. */
  refused: number = 0;
  /** Packets that the kernel sent. */
  taken: number = 0;
  readonly #libc: Libc;
  readonly #buffer = new Uint8Array(MAX_PACKET);
  #isReady = true;
  #isOpen = true;
  #batch = 0;

  constructor(file: TunFile, mtu: number) {
    this.fd = file.fd;
    this.mtu = mtu;
    this.#libc = needFfi().libc;
  }

  send(packet: Uint8Array): void {
    if (!this.#isOpen || this.#libc.write(this.fd, packet, packet.length) !== packet.length)
      this.refused++;
  }

  poll(): Uint8Array | null {
    if (!this.#isOpen) return null;
    if (this.#batch++ === BATCH) {
      this.#batch = 0;
      return null;
    }
    const length = this.#libc.read(this.fd, this.#buffer, MAX_PACKET);
    if (length > 0) {
      this.taken++;
      return this.#buffer.slice(0, length);
    }
    this.#batch = 0;
    this.#isReady = false;
    return null;
  }

  pollAt(): number {
    return this.#isReady ? -Infinity : Infinity;
  }

  /** There may be packets in the file. */
  onReady(): void {
    this.#isReady = this.#isOpen;
  }

  /** The interface goes away. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#isReady = false;
    this.#libc.close(this.fd);
  }
}
