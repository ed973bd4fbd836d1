/**
 * The worker: holds the recording, reads it, and answers the page.
 *
 * @module
 */
import { Answers, problemOf } from "../model/answers.ts";
import { buffersOf, bytesOf } from "../model/buffers.ts";
import { collectGarbageNow, Litter } from "../model/garbage.ts";
import { Loading } from "../model/loading.ts";
import type { Asking, Input, ToPage, ToWorker } from "../model/protocol.ts";
import { Recording } from "../model/recording.ts";
import { openInput } from "./sources.ts";

/** What of a worker's global object is used. */
interface Scope {
  postMessage(message: ToPage, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of workers and of pages exclude each other
const scope = globalThis as unknown as Scope;

/** Between two turns of whoever waits, and between two reports. */
const TURN_MS = 12;
const REPORT_MS = 80;

/** One recording, from its opening until the next one. */
class Session {
  readonly #recording = new Recording();
  readonly #answers: Answers;
  readonly #asked = new Map<number, AbortController>();
  readonly #litter = new Litter();
  #loading: Loading | null = null;
  #turnAt = performance.now();
  #reportAt = 0;
  /** Tells its reports from those of the recording before. */
  readonly #number: number;
  /** The report that is due when no more pieces come. */
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(number: number) {
    this.#number = number;
    this.#answers = new Answers(this.#recording, {
      pause: nextTurn,
      filtering: (done, total, matches) =>
        scope.postMessage({ kind: "filtering", session: number, done, total, matches }),
      released: collectGarbageNow,
    });
  }

  async load(inputs: readonly Input[]): Promise<void> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the page's files arrive as files
    const opened = inputs.map((input) => openInput(input as Input<Blob>));
    const loading = (this.#loading = new Loading(this.#recording, opened));
    await loading.run({ afterPiece: () => this.#afterPiece(loading) });
    this.#reportNow(loading);
    // What the analysis held until the end is up to a third of all memory.
    collectGarbageNow();
  }

  stop(): void {
    this.#loading?.stop();
  }

  /** Another one takes its place: nobody listens to it any more. */
  close(): void {
    this.stop();
    for (const id of this.#asked.keys()) this.cancel(id);
  }

  async ask(id: number, asking: Asking): Promise<void> {
    const asked = new AbortController();
    this.#asked.set(id, asked);
    try {
      const answer = await this.#answers.answer(asking, asked.signal);
      const buffers = buffersOf(answer);
      // What was made on the way to them is as large.
      this.#litter.add(bytesOf(buffers));
      scope.postMessage({ kind: "answer", id, answer }, buffers);
    } catch (e) {
      scope.postMessage({ kind: "failed", id, problem: problemOf(e) });
    } finally {
      this.#asked.delete(id);
    }
  }

  cancel(id: number): void {
    this.#asked.get(id)?.abort(new DOMException("given up", "AbortError"));
  }

  async #afterPiece(loading: Loading): Promise<void> {
    const now = performance.now();
    // Of a capture that goes on nobody knows when the next piece comes.
    this.#late ??= setTimeout(() => this.#reportNow(loading), REPORT_MS);
    if (now - this.#turnAt < TURN_MS) return;
    if (now - this.#reportAt >= REPORT_MS) this.#reportNow(loading);
    await nextTurn();
    this.#turnAt = performance.now();
  }

  #reportNow(loading: Loading): void {
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#reportAt = performance.now();
    this.#answers.grow();
    this.#report(loading);
  }

  #report(loading: Loading): void {
    scope.postMessage({ kind: "progress", session: this.#number, progress: loading.progress });
  }
}

const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.addEventListener("message", () => turns.shift()?.());
channel.port1.start();

/** Lets messages that have arrived be taken first. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(null);
  });
}

let session = new Session(0);

scope.addEventListener("message", ({ data }) => {
  switch (data.kind) {
    case "open":
      session.close();
      session = new Session(data.session);
      void session.load(data.inputs);
      break;
    case "stop":
      session.stop();
      break;
    case "ask":
      void session.ask(data.id, data);
      break;
    case "cancel":
      session.cancel(data.id);
      break;
  }
});
