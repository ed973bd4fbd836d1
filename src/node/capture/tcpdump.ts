/**
 * Live capture through the system's tcpdump, where there are no packet sockets
 * (macOS): it writes pcap to a pipe, and we read it. A packet that tcpdump has
 * not read yet when it is told to stop is lost; in its immediate mode that is
 * next to nothing, not nothing.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { MAX_SNAPLEN } from "../../pcap/filter/bpf.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import type { CaptureInterface, CaptureSink } from "../../pcap/sink.ts";
import { badInterfaceName } from "../interfaces.ts";
import { findProgram } from "../namespace.ts";
import { CaptureError } from "./error.ts";
import { MAX_HEADERS_LEN } from "./kernel-filter.ts";
import {
  type CaptureEnd,
  type CaptureOptions,
  DEFAULT_RING_BYTES,
  type LiveCapture,
} from "./live.ts";
import { withFile } from "./with-file.ts";

type Tcpdump = ChildProcessByStdio<null, Readable, Readable>;

/** Enough of what tcpdump says to know what went wrong. */
const SAID_LEN = 4096;
const KIB = 1024;

/**
 * Resolves when tcpdump listens.
 *
 * @throws {CaptureError} with tcpdump's own words when it does not.
 */
export async function startTcpdumpCapture(options: CaptureOptions): Promise<LiveCapture> {
  const program = findProgram("tcpdump");
  if (program === null) {
    throw new CaptureError(
      "unsupported",
      text("tcpdump is not installed, and this system needs it", "未安装 tcpdump，而此系统需要它"),
    );
  }
  const child = spawn(program, tcpdumpArgs(options), { stdio: ["ignore", "pipe", "pipe"] });
  const capture = new TcpdumpCapture(options, child);
  await capture.live;
  return capture;
}

/**
 * An array of arguments, no shell, and `--` before the filter: nothing in it is an option.
 *
 * @throws {CaptureError} `no-interface` when the name cannot be one.
 */
export function tcpdumpArgs(options: CaptureOptions): string[] {
  const bad = badInterfaceName(options.interface);
  if (bad !== null) {
    const name = visible(options.interface);
    throw new CaptureError(
      "no-interface",
      text(`"${name}" names no interface: ${bad}`, `“${name}”不是接口名`),
    );
  }
  const { snapLen = MAX_SNAPLEN, direction = "inout", filter = "", ringBytes } = options;
  const bytes = snapLen === "headers" ? MAX_HEADERS_LEN : snapLen;
  const kib = Math.ceil((ringBytes ?? DEFAULT_RING_BYTES) / KIB);
  const args = ["-i", options.interface, "-w", "-", "-U", "--immediate-mode", "-n", "-p"];
  args.push("-s", String(bytes), "-B", String(kib), "--time-stamp-precision", "nano");
  if (process.platform === "darwin") args.splice(-2);
  if (direction !== "inout") args.push("-Q", direction);
  if (options.count !== undefined) args.push("-c", String(options.count));
  return filter.trim() === "" ? args : [...args, "--", filter];
}

class TcpdumpCapture implements LiveCapture {
  readonly interfaces: CaptureInterface[] = [];
  readonly ringBytes = 0;
  readonly live: Promise<void>;
  readonly ended: Promise<CaptureEnd>;
  readonly #options: CaptureOptions;
  readonly #child: Tcpdump;
  readonly #sink: CaptureSink;
  readonly #closeFile: () => void;
  #captured = 0;
  #said = "";

  constructor(options: CaptureOptions, child: Tcpdump) {
    this.#options = options;
    this.#child = child;
    const { sink, close } = withFile(options);
    this.#sink = sink;
    this.#closeFile = close;
    child.stderr.setEncoding("utf8").on("data", (words: string) => {
      this.#said = (this.#said + words).slice(-SAID_LEN);
    });
    const stop = (): void => void child.kill("SIGINT");
    options.signal?.addEventListener("abort", stop, { once: true });
    this.ended = this.#readAll().finally(() => {
      options.signal?.removeEventListener("abort", stop);
      child.kill("SIGKILL");
    });
    this.live = this.#untilListening();
    this.ended.catch(() => {});
    this.live.catch(() => {});
    if (options.signal?.aborted === true) stop();
  }

  stop(): Promise<CaptureEnd> {
    this.#child.kill("SIGINT");
    return this.ended;
  }

  #untilListening(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.stderr.on("data", () => {
        if (/listening on /.test(this.#said)) resolve();
      });
      this.ended.then(() => resolve(), reject);
    });
  }

  async #readAll(): Promise<CaptureEnd> {
    const closed = new Promise<number | null>((done) => this.#child.once("close", done));
    const reader = new CaptureReader({
      onInterface: (iface) => this.#describe(iface),
      onPacket: (packet) => {
        this.#captured++;
        this.#sink.onPacket(packet);
      },
    });
    for await (const chunk of this.#child.stdout) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no encoding was set
      reader.push(chunk as Buffer);
      await this.#options.afterPackets?.();
    }
    const status = await closed;
    if (status !== 0) throw this.#whyEnded();
    reader.end();
    const received = this.#counter("received by filter") ?? this.#captured;
    const dropped = this.#counter("dropped by kernel") ?? 0;
    this.#sink.onStats?.({ iface: 0, received, dropped });
    this.#closeFile();
    return { captured: this.#captured, received, dropped, why: null };
  }

  /** A pcap file knows neither the interface's name nor the filter. */
  #describe(iface: CaptureInterface): void {
    const { interface: name, filter = "" } = this.#options;
    const described = { ...iface, name, filter: filter.trim() === "" ? null : filter };
    this.interfaces.push(described);
    this.#sink.onInterface?.(described, this.interfaces.length - 1);
  }

  #counter(what: string): number | null {
    const found = new RegExp(`(\\d+) packets? ${what}`).exec(this.#said);
    return found === null ? null : Number(found[1]);
  }

  #whyEnded(): CaptureError {
    const words = this.#said.trim().split("\n").at(-1) ?? "";
    const said = visible(words.replace(/^tcpdump: /, ""));
    const denied = /permission|not permitted/i.test(said);
    return new CaptureError(
      denied ? "not-permitted" : "failed",
      text(`tcpdump says: ${said}`, `tcpdump 报告：${said}`),
    );
  }
}
