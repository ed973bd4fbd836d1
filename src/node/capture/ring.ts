/**
 * The ring that the kernel and we share (packet_mmap, TPACKET_V3): the kernel
 * fills blocks with packets, hands each over, and takes it back when we are
 * through. No packet costs a system call.
 *
 * ```text
 *   block   ┌ version ┬ private ┬ status ┬ packets ┬ first ┬ used ┬ …
 *           │ u32     │ u32     │ u32    │ u32     │ u32   │ u32  │
 *           └─────────┴─────────┴────────┴─────────┴───────┴──────┘
 *   offset  0         4         8        12        16      20
 * ```
 *
 * @module
 */
import { type Libc, memoryAt, needFfi, SystemError } from "../ffi.ts";
import { PacketSocket, type RingShape } from "./packet-socket.ts";

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const POLLIN = 1;
const POLLERR = 8;
/** The block is ours to read (linux/if_packet.h, TP_STATUS_USER). */
const STATUS_USER = 1;

const BLOCK_STATUS = 8;
const BLOCK_PACKETS = 12;
const BLOCK_USED = 20;

/** A 64 KiB super-segment with its headers fits four times; smaller contiguous pages are easier to get. */
const BLOCK_BYTES = 1 << 18;
const MIN_BLOCKS = 4;
const RETIRE_MS = 10;

/** A full block, in place: good until {@link PacketRing.release}. */
export interface RingBlock {
  readonly packets: number;
  /** The whole ring; the block begins at `at`. */
  readonly view: DataView;
  readonly at: number;
  /** A copy of the bytes in use; offsets within are the kernel's. */
  copy(): ArrayBuffer;
}

/** A mapped ring on a packet socket. */
export class PacketRing {
  readonly socket: PacketSocket;
  /** Bytes that the kernel gave, maybe fewer than were asked for. */
  readonly bytes: number;
  readonly #libc: Libc;
  readonly #at: bigint;
  readonly #memory: ArrayBuffer;
  readonly #words: Int32Array;
  readonly #view: DataView;
  readonly #blocks: number;
  readonly #polled: DataView;
  #next = 0;

  /**
   * @param wakeFd A file descriptor that ends {@link wait} when it is readable; -1 for none.
   * @throws {SystemError} when the kernel has no memory for the smallest ring.
   */
  constructor(socket: PacketSocket, wantedBytes: number, wakeFd: number) {
    this.#libc = needFfi().libc;
    this.socket = socket;
    this.#blocks = makeLargest(socket, Math.max(MIN_BLOCKS, Math.ceil(wantedBytes / BLOCK_BYTES)));
    this.bytes = this.#blocks * BLOCK_BYTES;
    this.#at = this.#libc.mmap(null, this.bytes, PROT_READ_WRITE, MAP_SHARED, socket.fd, 0);
    if (this.#at === MAP_FAILED) throw new SystemError("map the ring", "ENOMEM");
    this.#memory = memoryAt(this.#at, this.bytes);
    this.#words = new Int32Array(this.#memory);
    this.#view = new DataView(this.#memory);
    this.#polled = new DataView(new ArrayBuffer(16));
    this.#polled.setInt32(0, socket.fd, true);
    this.#polled.setInt16(4, POLLIN | POLLERR, true);
    this.#polled.setInt32(8, wakeFd, true);
    this.#polled.setInt16(12, POLLIN, true);
  }

  /** The next full block, `null` while the kernel holds it. */
  read(): RingBlock | null {
    const base = this.#next * BLOCK_BYTES;
    const status = Atomics.load(this.#words, (base + BLOCK_STATUS) >> 2);
    if ((status & STATUS_USER) === 0) return null;
    const used = this.#words[(base + BLOCK_USED) >> 2]!;
    return {
      packets: this.#words[(base + BLOCK_PACKETS) >> 2]!,
      view: this.#view,
      at: base,
      copy: () => this.#memory.slice(base, base + used),
    };
  }

  /** Gives the block that was {@link read} back to the kernel. */
  release(): void {
    // The kernel clears this only when it opens the block again: see holdsMore().
    this.#words[(this.#next * BLOCK_BYTES + BLOCK_PACKETS) >> 2] = 0;
    Atomics.store(this.#words, (this.#next * BLOCK_BYTES + BLOCK_STATUS) >> 2, 0);
    this.#next = (this.#next + 1) % this.#blocks;
  }

  /** Whether the block that the kernel is filling holds packets already: it will be handed over soon. */
  holdsMore(): boolean {
    const base = this.#next * BLOCK_BYTES;
    return Atomics.load(this.#words, (base + BLOCK_PACKETS) >> 2) > 0;
  }

  /** Sleeps until a block is full, the wake descriptor is readable, or the time is over. @returns Whether the socket has an error. */
  wait(timeoutMs: number): boolean {
    const fds = new Uint8Array(this.#polled.buffer);
    this.#libc.poll(fds, 2, timeoutMs);
    return (this.#polled.getInt16(6, true) & POLLERR) !== 0;
  }

  /** Ends the ring, not the socket. Nothing read from it may be touched afterwards but copies. */
  unmap(): void {
    this.#libc.munmap(this.#at, this.bytes);
  }
}

/** Asks for half as long as the kernel says that there is no memory. @returns The number of blocks. */
function makeLargest(socket: PacketSocket, wanted: number): number {
  for (let blocks = wanted; ; blocks = Math.ceil(blocks / 2)) {
    try {
      const shape: RingShape = { blockBytes: BLOCK_BYTES, blocks, retireMs: RETIRE_MS };
      socket.makeRing(shape);
      return blocks;
    } catch (e) {
      if (!(e instanceof SystemError && e.code === "ENOMEM") || blocks <= MIN_BLOCKS) throw e;
    }
  }
}
