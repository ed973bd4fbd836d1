/**
 * A capture's packets as a pcapng file, written where they are captured.
 *
 * @module
 */
import { writeSync } from "node:fs";
import { PcapngWriter } from "../../pcap/pcapng-writer.ts";
import type { CaptureInterface, CaptureSink, CaptureStats, PacketRecord } from "../../pcap/sink.ts";
import { needFfi } from "../ffi.ts";
import { emitPacketBlock, packetBlockLen } from "./packet-block.ts";

const BUFFER_LEN = 1 << 20;
const POLLOUT = 4;
const WAIT_MS = 200;

/** Gathers blocks and writes them together. Every call writes whole blocks: a file cut short is still one. */
export class FileWriter implements CaptureSink {
  readonly #fd: number;
  readonly #writer: PcapngWriter;
  readonly #buffer = new Uint8Array(BUFFER_LEN);
  readonly #view = new DataView(this.#buffer.buffer);
  #length = 0;
  #interfaces = 0;

  /**
   * @param fd An open file or pipe; not closed here.
   * @throws whatever writing throws (`ENOSPC`, `EPIPE`), as all methods do.
   */
  constructor(fd: number, application: string) {
    this.#fd = fd;
    this.#writer = new PcapngWriter({ application });
    this.#add(this.#writer.section());
  }

  onInterface(iface: CaptureInterface): void {
    this.#interfaces++;
    this.#add(this.#writer.iface(iface));
  }

  onPacket(packet: PacketRecord): void {
    const len = packetBlockLen(packet);
    this.#makeRoom(len);
    emitPacketBlock(packet, this.#view, this.#length);
    this.#length += len;
  }

  /** Without an interface there is nothing that they could be about. */
  onStats(stats: CaptureStats): void {
    if (this.#interfaces > 0) this.#add(this.#writer.stats(stats));
  }

  /** Writes what was gathered. */
  flush(): void {
    for (let at = 0; at < this.#length;) at += this.#write(this.#buffer.subarray(at, this.#length));
    this.#length = 0;
  }

  #add(block: Uint8Array): void {
    this.#makeRoom(block.length);
    this.#buffer.set(block, this.#length);
    this.#length += block.length;
  }

  #makeRoom(len: number): void {
    if (this.#length + len > BUFFER_LEN) this.flush();
  }

  /** A pipe of Node's does not wait by itself: we do. @returns Bytes written, maybe 0. */
  #write(bytes: Uint8Array): number {
    try {
      return writeSync(this.#fd, bytes);
    } catch (e) {
      if (!(e instanceof Error && "code" in e && e.code === "EAGAIN")) throw e;
      const polled = Uint8Array.from([
        ...new Uint8Array(Int32Array.of(this.#fd).buffer),
        POLLOUT,
        0,
        0,
        0,
      ]);
      needFfi().libc.poll(polled, 1, WAIT_MS);
      return 0;
    }
  }
}
