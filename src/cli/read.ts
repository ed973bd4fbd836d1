/**
 * `seqack read`: what is in a capture, packet by packet.
 *
 * Streaming: a packet's line leaves as soon as the packet is read, from pipes
 * too, and memory follows the number of connections, not the length of the
 * file.
 *
 * @module
 */
import { type Frame, FrameFeed } from "../analysis/fields/frame.ts";
import { text } from "../base/lang.ts";
import { type InputError } from "../node/input-error.ts";
import { readCapture } from "../node/input.ts";
import type { BpfInsn } from "../pcap/filter/bpf.ts";
import { compileFilter } from "../pcap/filter/compile.ts";
import { linkOf } from "../pcap/filter/link.ts";
import { runBpf } from "../pcap/filter/run.ts";
import type { CaptureSink, CaptureWarning, PacketRecord } from "../pcap/sink.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { captureWarning } from "./capture-warning.ts";
import { type Command, Exit, type Io } from "./command.ts";
import { withFilter } from "./filter-error.ts";
import { parseReadOptions, type ReadOptions } from "./read-options.ts";
import { frameOutput, type FrameOutput } from "./read-output.ts";
import { READ_USAGE } from "./read-usage.ts";

/** See the module. */
export const read: Command = {
  name: "read",
  summary: text("the segments of a capture, a line each", "逐条显示抓包中的报文段"),
  usage: READ_USAGE,
  async run(args, io) {
    const options = parseReadOptions(args);
    const reading = new Reading(options, io);
    const errors = await reading.run();
    for (const error of errors) io.err(`seqack: ${error.text[io.lang]}`);
    return errors.length === 0 ? Exit.OK : Exit.UNREADABLE;
  },
};

/** One capture on its way to stdout. */
class Reading {
  readonly #options: ReadOptions;
  readonly #io: Io;
  readonly #output: FrameOutput;
  readonly #filter: PacketFilter;
  /** Stops the reading: Ctrl-C, or as many packets shown as were asked for. */
  readonly #stop = new AbortController();
  #shown = 0;
  #text: string;

  constructor(options: ReadOptions, io: Io) {
    this.#options = options;
    this.#io = io;
    this.#output = frameOutput(options, io);
    this.#filter = new PacketFilter(options.captureFilter);
    this.#text = this.#output.head;
  }

  /** Why reading ended early, when it was not asked to. */
  async run(): Promise<readonly InputError[]> {
    const stop = (): void => this.#stop.abort();
    if (this.#io.signal.aborted) stop();
    this.#io.signal.addEventListener("abort", stop, { once: true });
    try {
      const { errors } = await readCapture(this.#options.paths, this.#sink(), {
        signal: this.#stop.signal,
        afterChunk: () => this.#flush(),
      });
      this.#text += this.#output.end();
      await this.#flush();
      return errors.filter((error) => error.code !== "aborted");
    } finally {
      this.#io.signal.removeEventListener("abort", stop);
    }
  }

  #sink(): CaptureSink {
    const tracker = new SegmentTracker(new FrameFeed((frame) => this.#onFrame(frame)));
    return {
      onPacket: (packet) => tracker.onPacket(packet),
      onEvents: (events) => tracker.onEvents(events),
      onWarning: (warning) => this.#warn(warning),
    };
  }

  #onFrame(frame: Frame): void {
    const { count, displayFilter } = this.#options;
    if (this.#shown >= count) return;
    this.#output.pass(frame);
    if (!this.#filter.accepts(frame.packet)) return;
    if (displayFilter !== null && !displayFilter(frame)) return this.#output.hide(frame);
    this.#text += this.#output.frame(frame);
    if (++this.#shown >= count) this.#stop.abort();
  }

  /** What ends the reading is told when it is over. */
  #warn(warning: CaptureWarning): void {
    if (warning.fatal) return;
    this.#io.err(`seqack: ${captureWarning(this.#options.paths, warning)[this.#io.lang]}`);
  }

  async #flush(): Promise<void> {
    const ready = this.#text;
    this.#text = "";
    if (ready !== "") await this.#io.out(ready);
  }
}

/** A capture filter, compiled for each link type that comes along. */
class PacketFilter {
  readonly #expression: string;
  readonly #programs = new Map<number, readonly BpfInsn[] | null>();

  constructor(expression: string) {
    this.#expression = expression;
  }

  accepts({ view, at, capLen, origLen, linkType }: PacketRecord): boolean {
    if (this.#expression === "") return true;
    let program = this.#programs.get(linkType);
    if (program === undefined) {
      program = this.#compile(linkType);
      this.#programs.set(linkType, program);
    }
    return program !== null && runBpf(program, view, at, capLen, origLen) !== 0;
  }

  /** `null` for a link type that nothing is known of: its packets pass no filter. */
  #compile(linkType: number): readonly BpfInsn[] | null {
    if (linkOf(linkType) === null) return null;
    return withFilter(this.#expression, (filter) => compileFilter(filter, linkType));
  }
}
