/**
 * Live capture on Linux: a packet socket's ring in a worker, its blocks turned
 * into packets here.
 *
 * @module
 */
import type { Worker } from "node:worker_threads";
import { text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { MAX_SNAPLEN } from "../../pcap/filter/bpf.ts";
import type { CaptureInterface } from "../../pcap/sink.ts";
import { needFfi } from "../ffi.ts";
import { startWorker } from "../worker-thread.ts";
import { BlockReader } from "./block.ts";
import { cannotWrite } from "./capture-file.ts";
import {
  type CaptureEnd,
  type CaptureOptions,
  DEFAULT_RING_BYTES,
  type LiveCapture,
} from "./live.ts";
import { explainFailure, findDevice } from "./device.ts";
import { CaptureError } from "./error.ts";
import { compileForKernel } from "./filter.ts";
import { InterfaceTable } from "./interface-table.ts";
import { isLoopback, kernelProgram } from "./kernel-filter.ts";
import { Control, kibOf, type WorkerMessage, type WorkerSetup } from "./messages.ts";

const EFD_NONBLOCK_CLOEXEC = 0o2004000;

/** Resolves when the ring is live. @throws {CaptureError} when it cannot be. */
export async function startLinuxCapture(options: CaptureOptions): Promise<LiveCapture> {
  const device = findDevice(options.interface);
  const { filter = "", snapLen = MAX_SNAPLEN, direction = "inout" } = options;
  const program = kernelProgram({
    arphrd: device.arphrd,
    compile: (linkType, keep) => compileForKernel(filter, linkType, keep),
    snapLen,
    direction,
  });
  const interfaces = new InterfaceTable(options.sink ?? {}, options.snapLen, options.filter);
  const { arphrd, ifindex } = device;
  const only = arphrd === null ? null : { ifindex, name: options.interface, arphrd };
  if (only !== null) interfaces.add(ifindex, only.name, only.arphrd);
  const capture = new LinuxCapture(options, interfaces, {
    ifindex,
    program,
    ignoreOutgoing: arphrd !== null && isLoopback(arphrd) && direction !== "out",
    ringBytes: options.ringBytes ?? DEFAULT_RING_BYTES,
    count: options.count ?? null,
    handOver: options.sink !== undefined,
    file:
      options.file === undefined
        ? null
        : { ...options.file, snapLen: options.snapLen, filter: options.filter, device: only },
    wakeFd: needFfi().libc.eventfd(0, EFD_NONBLOCK_CLOEXEC),
    control: new SharedArrayBuffer(Control.LENGTH * Int32Array.BYTES_PER_ELEMENT),
  });
  await capture.live;
  return capture;
}

class LinuxCapture implements LiveCapture {
  readonly interfaces: readonly CaptureInterface[];
  /** Rejects when the capture did not come to life. */
  readonly live: Promise<void>;
  readonly ended: Promise<CaptureEnd>;
  ringBytes = 0;
  readonly #options: CaptureOptions;
  readonly #control: Int32Array;
  readonly #wakeFd: number;
  readonly #reader: BlockReader;
  #running = true;
  /** Settles when the owner has dealt with all packets handed over so far. */
  #after: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #end: CaptureEnd | null = null;

  constructor(options: CaptureOptions, interfaces: InterfaceTable, workerData: WorkerSetup) {
    this.interfaces = interfaces.all;
    this.#options = options;
    this.#control = new Int32Array(workerData.control);
    this.#wakeFd = workerData.wakeFd;
    this.#reader = new BlockReader((ifindex, arphrd) => interfaces.of(ifindex, arphrd));
    const worker = startWorker("./worker", import.meta.url, { workerData });
    worker.on("error", (error) => (this.#failure ??= { error }));
    this.ended = new Promise((resolve, reject) => {
      worker.once("exit", () => {
        this.#close();
        void this.#after.then(() => this.#settle(resolve, reject));
      });
    });
    this.live = this.#untilLive(worker);
    // How it ended is told to those who ask.
    this.ended.catch(() => {});
    this.live.catch(() => {});
    options.signal?.addEventListener("abort", this.#askToStop, { once: true });
    if (options.signal?.aborted === true) this.#askToStop();
  }

  stop(): Promise<CaptureEnd> {
    this.#askToStop();
    return this.ended;
  }

  #untilLive(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      worker.on("message", (message: WorkerMessage) => {
        if (message.kind !== "live") return this.#take(message);
        this.ringBytes = message.ringBytes;
        resolve();
      });
      this.ended.then(() => resolve(), reject);
    });
  }

  readonly #askToStop = (): void => {
    if (!this.#running) return;
    Atomics.store(this.#control, Control.STOP, 1);
    needFfi().libc.write(this.#wakeFd, new Uint8Array(BigUint64Array.of(1n).buffer), 8);
  };

  #take(message: Exclude<WorkerMessage, { kind: "live" }>): void {
    switch (message.kind) {
      case "block":
        return this.#takeBlock(message.block, message.packets);
      case "stats":
        return this.#tellSink(() => this.#options.sink?.onStats?.({ iface: 0, ...message.stats }));
      case "ended": {
        const { captured, stats, reason } = message;
        this.#tellSink(() => this.#options.sink?.onStats?.({ iface: 0, ...stats }));
        const name = visible(this.#options.interface);
        const down = text(`the interface ${name} went down`, `接口 ${name} 已关闭或消失`);
        this.#end = { captured, ...stats, why: reason === "interface-down" ? down : null };
        return;
      }
      case "failed":
        this.#failure = {
          error: explainFailure(message.call, message.code, this.#options.interface),
        };
        return;
      case "cannot-write":
        this.#failure = { error: cannotWrite(this.#options.file?.to ?? "", message.code) };
    }
  }

  #takeBlock(block: ArrayBuffer, packets: number): void {
    this.#tellSink(() => {
      this.#reader.read(new DataView(block), 0, packets, (packet) =>
        this.#options.sink?.onPacket(packet),
      );
    });
    const { afterPackets } = this.#options;
    if (afterPackets === undefined) return this.#consumed(block);
    this.#after = this.#after
      .then(() => (this.#failure === null ? afterPackets() : undefined))
      .catch((error: unknown) => this.#fail(error))
      .then(() => this.#consumed(block));
  }

  #consumed(block: ArrayBuffer): void {
    Atomics.add(this.#control, Control.CONSUMED_KIB, kibOf(block));
    Atomics.notify(this.#control, Control.CONSUMED_KIB);
  }

  /** A sink that threw hears nothing more, and its error ends the capture. */
  #tellSink(tell: () => void): void {
    if (this.#failure !== null) return;
    try {
      tell();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#askToStop();
  }

  #close(): void {
    this.#running = false;
    needFfi().libc.close(this.#wakeFd);
    this.#options.signal?.removeEventListener("abort", this.#askToStop);
  }

  #settle(resolve: (end: CaptureEnd) => void, reject: (error: unknown) => void): void {
    if (this.#failure !== null) return reject(this.#failure.error);
    if (this.#end !== null) return resolve(this.#end);
    reject(new CaptureError("failed", text("the capturing thread ended", "抓包线程意外结束")));
  }
}
