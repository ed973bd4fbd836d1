/**
 * Reads inputs into a recording, a piece at a time, and tells how far it is.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { concat } from "../../base/bytes.ts";
import { visible } from "../../base/visible.ts";
import { causeWords } from "./cause-words.ts";
import { FINGERPRINT_LEN, fingerprint } from "./fingerprint.ts";
import { detect } from "../../pcap/detect.ts";
import { mergeCaptures } from "../../pcap/merge.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import type { CaptureSink, CaptureWarning } from "../../pcap/sink.ts";
import { MAX_PROBLEMS, type Problem, type Progress } from "./protocol.ts";
import type { ReadAgain } from "../../trace/file-bytes.ts";
import type { Recording } from "./recording.ts";

/** Bytes that are decoded before others get their turn. */
const PIECE_LEN = 256 * 1024;

/** Bytes read before it is guessed how many packets there will be; and how many are believed. */
const EXPECT_AFTER = 2 * PIECE_LEN;
const MAX_EXPECTED = 8_000_000;

/** One input: its name, its length when that is known, and its bytes in order. */
export interface OpenInput {
  readonly name: string;
  readonly size: number | null;
  /** Reads bytes of it a second time, at once; `null` when that cannot be. */
  readonly readAgain?: ReadAgain | null;
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** What loading may use of the world outside. */
export interface LoadingWorld {
  /** After each piece; waits when others are to have their turn. */
  afterPiece(): Promise<void>;
}

/** Why a system fails to give bytes, for `problems`. */
class SourceError extends Error {
  override readonly name = "SourceError";
}

/** One run over the inputs. */
export class Loading {
  readonly #recording: Recording;
  readonly #inputs: readonly OpenInput[];
  readonly #stop = new AbortController();
  #bytes = 0;
  #phase: Progress["phase"] = "reading";
  readonly #problems: Problem[] = [];
  #untold = 0;
  #hasExpected = false;
  /** The first bytes of each input, as far as they have come. */
  readonly #firsts = new Map<OpenInput, Uint8Array>();

  constructor(recording: Recording, inputs: readonly OpenInput[]) {
    this.#recording = recording;
    this.#inputs = inputs;
  }

  /** How far it is now. */
  get progress(): Progress {
    const { trace } = this.#recording;
    const { time } = trace.packets.columns;
    const sizes = this.#inputs.map((input) => input.size);
    const size = sizes.reduce((sum, n) => (sum === null || n === null ? null : sum + n), 0);
    const last = trace.packets.length - 1;
    return {
      phase: this.#phase,
      fingerprint: size === null ? null : fingerprintOf(this.#inputs, this.#firsts),
      bytes: this.#bytes,
      size,
      packets: trace.packets.length,
      segments: trace.segments.length,
      streams: trace.streams,
      calls: trace.calls.length,
      durationNs: last < 0 ? 0 : time[last]!,
      epoch: trace.epoch,
      problems: this.#told(),
    };
  }

  /** Ends the reading; what was read stays. */
  stop(): void {
    this.#stop.abort();
  }

  /** Reads to the end, or as far as it goes: {@link progress} says why it ended. Never rejects. */
  async run(world: LoadingWorld): Promise<void> {
    const sink = this.#watching(this.#recording.sink);
    try {
      if (this.#inputs.length === 1) await this.#readOne(this.#inputs[0]!, sink, world);
      else
        await mergeCaptures(
          this.#inputs.map((i) => this.#pieces(i, world)),
          sink,
        );
    } catch (e) {
      this.#fail(e);
    }
    if (this.#phase === "reading") this.#phase = this.#stop.signal.aborted ? "stopped" : "done";
    if (this.#recording.isFull) this.#phase = "failed";
    this.#recording.end();
  }

  async #readOne(input: OpenInput, sink: CaptureSink, world: LoadingWorld): Promise<void> {
    const reader = new CaptureReader(sink);
    try {
      for await (const piece of this.#pieces(input, world)) {
        if (this.#bytes === piece.length) this.#keepNothingOf(input, piece);
        reader.push(piece);
        if (reader.done) break;
      }
    } finally {
      // What is incomplete because the reading was stopped is not damaged.
      if (!this.#stop.signal.aborted) reader.end();
    }
  }

  /** Of a file that is no compressed one: its bytes are where they were. */
  #keepNothingOf({ readAgain = null }: OpenInput, first: Uint8Array): void {
    const isPlain = ["pcap", "pcapng", "snoop"].includes(detect(first));
    if (readAgain !== null && isPlain) this.#recording.readAgainBy(readAgain);
  }

  /**
   * The input's bytes, with a pause after each piece.
   *
   * @yields At most {@link PIECE_LEN} bytes.
   */
  async *#pieces(input: OpenInput, world: LoadingWorld): AsyncGenerator<Uint8Array> {
    const { signal } = this.#stop;
    try {
      for await (const chunk of input.chunks(signal)) {
        for (let at = 0; at < chunk.length; at += PIECE_LEN) {
          if (signal.aborted || this.#recording.isFull) return;
          const piece = chunk.subarray(at, at + PIECE_LEN);
          this.#bytes += piece.length;
          this.#keepFirst(input, piece);
          yield piece;
          this.#recording.changed();
          if (!this.#hasExpected) this.#expectRest();
          await world.afterPiece();
        }
      }
    } catch (e) {
      if (signal.aborted) return;
      throw new SourceError(input.name, { cause: e });
    }
  }

  #keepFirst(input: OpenInput, piece: Uint8Array): void {
    const first = this.#firsts.get(input) ?? new Uint8Array(0);
    if (first.length >= FINGERPRINT_LEN) return;
    this.#firsts.set(input, concat(first, piece.slice(0, FINGERPRINT_LEN - first.length)));
  }

  /** By what the first bytes held. A file that lies about it has its tables grow. */
  #expectRest(): void {
    const { size, packets, streams } = this.progress;
    if (this.#bytes < EXPECT_AFTER) return;
    this.#hasExpected = true;
    if (size === null || this.#bytes >= size) return;
    const inAll = (n: number): number =>
      Math.min(Math.ceil((size / this.#bytes) * n * 1.03), MAX_EXPECTED);
    this.#recording.expect(inAll(packets), inAll(streams));
  }

  #watching(sink: CaptureSink): CaptureSink {
    return {
      onPacket: (packet) => sink.onPacket(packet),
      onInterface: (iface, index) => sink.onInterface?.(iface, index),
      onEvents: (events) => sink.onEvents?.(events),
      onStats: (stats) => sink.onStats?.(stats),
      onWarning: (warning) => {
        this.#warn(warning);
        sink.onWarning?.(warning);
      },
    };
  }

  #warn(warning: CaptureWarning): void {
    const { offset, frame, message, fatal, input = 0 } = warning;
    if (fatal && this.#inputs.length === 1) this.#phase = "failed";
    const name = visible(this.#inputs[input]?.name ?? "");
    const why = causeWords(visible(message));
    this.#add({ text: placed(name, offset, frame, why, fatal), position: offset, length: 0 });
  }

  #fail(e: unknown): void {
    this.#phase = "failed";
    const name = visible(e instanceof SourceError ? e.message : (this.#inputs[0]?.name ?? ""));
    const cause = e instanceof SourceError ? e.cause : e;
    const why = visible(cause instanceof Error ? cause.message : String(cause));
    const words = text(
      `${name}: reading ended after ${this.#bytes} bytes: ${why}`,
      `${name}：读了 ${this.#bytes} 字节后中断：${why}`,
    );
    this.#add({ text: words, position: this.#bytes, length: 0 });
  }

  #add(problem: Problem): void {
    if (this.#problems.length < MAX_PROBLEMS - 1) this.#problems.push(problem);
    else this.#untold++;
  }

  #told(): readonly Problem[] {
    if (this.#untold === 0) return [...this.#problems];
    const more = text(`and ${this.#untold} more`, `另有 ${this.#untold} 处`);
    return [...this.#problems, { text: more, position: null, length: 0 }];
  }
}

/** `null` until the beginning of each has come. */
function fingerprintOf(
  inputs: readonly OpenInput[],
  firsts: ReadonlyMap<OpenInput, Uint8Array>,
): string | null {
  const parts: { first: Uint8Array; size: number }[] = [];
  for (const input of inputs) {
    const [first, size] = [firsts.get(input), input.size ?? 0];
    if (first === undefined || first.length < Math.min(size, FINGERPRINT_LEN)) return null;
    parts.push({ first, size });
  }
  return fingerprint(parts);
}

function placed(name: string, offset: number, frame: number, why: Text, fatal: boolean): Text {
  return fatal
    ? text(
        `${name}: reading ended at byte ${offset}, after frame ${frame}: ${why.en}`,
        `${name}：读到第 ${offset} 字节、第 ${frame} 帧之后就中断了：${why.zh}`,
      )
    : text(
        `${name}: at byte ${offset}, after frame ${frame}: ${why.en}`,
        `${name}：第 ${offset} 字节处（第 ${frame} 帧之后）：${why.zh}`,
      );
}
