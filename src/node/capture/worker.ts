/**
 * The thread that captures: it waits on the ring and hands full blocks over,
 * copied, so that the kernel has its block back at once.
 *
 * No more than {@link QUEUE_KIB} are under way to an owner that is slow. After
 * that blocks stay in the ring, the ring fills, and the kernel counts what it
 * drops: there is one place where packets are lost, and it has a counter.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { SystemError } from "../ffi.ts";
import { BlockReader } from "./block.ts";
import { closeCaptureFile, openCaptureFile } from "./capture-file.ts";
import { FileWriter } from "./file-writer.ts";
import { InterfaceTable } from "./interface-table.ts";
import {
  Control,
  type EndReason,
  type FileSetup,
  kibOf,
  type KernelCounters,
  type WorkerMessage,
  type WorkerSetup,
} from "./messages.ts";
import { PacketSocket } from "./packet-socket.ts";
import { PacketRing, type RingBlock } from "./ring.ts";

const QUEUE_KIB = 64 * 1024;
/** Nothing waits longer: an ending process has to join this thread. */
const WAIT_MS = 200;
const STATS_MS = 200;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- startCapture() passes it
const setup = workerData as WorkerSetup;
const control = new Int32Array(setup.control);

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

class Capture {
  readonly #socket: PacketSocket;
  readonly #ring: PacketRing;
  readonly #file: PacketFile | null;
  #captured = 0;
  #sentKib = 0;
  #dropped = 0;
  #statsAt = 0;

  constructor() {
    this.#socket = new PacketSocket();
    this.#socket.attachFilter(setup.program);
    if (setup.ignoreOutgoing) this.#socket.ignoreOutgoing();
    this.#ring = new PacketRing(this.#socket, setup.ringBytes, setup.wakeFd);
    // Not before everything else is well: an older file of that name is lost here.
    this.#file = setup.file === null ? null : new PacketFile(setup.file);
    this.#socket.listen(setup.ifindex);
    post({ kind: "live", ringBytes: this.#ring.bytes });
  }

  run(): void {
    const reason = this.#untilEnd();
    // What is in the ring by now is still delivered, and nothing after it.
    if (reason === "stopped") this.#socket.deafen(setup.ifindex);
    while (!this.#isFull()) {
      if (this.#takeBlock()) continue;
      if (!this.#ring.holdsMore()) break;
      this.#ring.wait(WAIT_MS);
    }
    const stats = this.#socket.statistics();
    this.#file?.end(stats);
    this.#ring.unmap();
    this.#socket.close();
    post({ kind: "ended", reason, captured: this.#captured, stats });
  }

  #untilEnd(): EndReason {
    while (Atomics.load(control, Control.STOP) === 0) {
      if (this.#isFull()) return "count";
      this.#tellDrops();
      if (this.#takeBlock()) continue;
      this.#file?.flush();
      if (this.#ring.wait(WAIT_MS) && this.#socket.takeError() !== null) return "interface-down";
    }
    return "stopped";
  }

  #takeBlock(): boolean {
    const block = this.#ring.read();
    if (block === null) return false;
    this.#waitForRoom();
    this.#hand(block);
    this.#ring.release();
    return true;
  }

  #hand(block: RingBlock): void {
    const left = (setup.count ?? Infinity) - this.#captured;
    const packets = Math.min(block.packets, left);
    if (packets === 0) return;
    this.#captured += packets;
    // The file's reader writes into the block: the copy comes first.
    const copy = setup.handOver ? block.copy() : null;
    this.#file?.add(block, packets);
    if (copy === null) return;
    this.#sentKib += kibOf(copy);
    post({ kind: "block", block: copy, packets }, [copy]);
  }

  #waitForRoom(): void {
    for (;;) {
      const consumed = Atomics.load(control, Control.CONSUMED_KIB);
      if (((this.#sentKib - consumed) | 0) < QUEUE_KIB) return;
      Atomics.wait(control, Control.CONSUMED_KIB, consumed, WAIT_MS);
    }
  }

  #isFull(): boolean {
    return setup.count !== null && this.#captured >= setup.count;
  }

  /** A loss is told near the packets where it happened. */
  #tellDrops(): void {
    const now = performance.now();
    if (now - this.#statsAt < STATS_MS) return;
    this.#statsAt = now;
    const stats = this.#socket.statistics();
    if (stats.dropped === this.#dropped) return;
    this.#dropped = stats.dropped;
    this.#file?.lost(stats);
    post({ kind: "stats", stats });
  }
}

/** The recording, when the worker writes it. */
class PacketFile {
  readonly #fd: number;
  readonly #to: FileSetup["to"];
  readonly #writer: FileWriter;
  readonly #reader: BlockReader;

  constructor(file: FileSetup) {
    this.#to = file.to;
    this.#fd = openCaptureFile(file.to);
    this.#writer = new FileWriter(this.#fd, file.application);
    const interfaces = new InterfaceTable(this.#writer, file.snapLen, file.filter);
    const { device } = file;
    if (device !== null) interfaces.add(device.ifindex, device.name, device.arphrd);
    this.#reader = new BlockReader((ifindex, arphrd) => interfaces.of(ifindex, arphrd));
    this.#writer.flush();
  }

  add(block: RingBlock, packets: number): void {
    this.#reader.read(block.view, block.at, packets, (packet) => this.#writer.onPacket(packet));
  }

  lost(stats: KernelCounters): void {
    this.#writer.onStats({ iface: 0, ...stats });
  }

  flush(): void {
    this.#writer.flush();
  }

  end(stats: KernelCounters): void {
    this.lost(stats);
    this.flush();
    closeCaptureFile(this.#to, this.#fd);
  }
}

try {
  new Capture().run();
} catch (e) {
  if (e instanceof SystemError) post({ kind: "failed", call: e.call, code: e.code });
  else if (e instanceof Error && "syscall" in e && "code" in e) {
    post({ kind: "cannot-write", code: String(e.code) });
  } else throw e;
}
