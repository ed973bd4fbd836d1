/**
 * The page's end of the worker: questions out, answers back as promises.
 *
 * @module
 */
import { buffersOf, bytesOf } from "../model/buffers.ts";
import { Litter } from "../model/garbage.ts";
import type {
  Asking,
  Input,
  Problem,
  Question,
  Questions,
  ToPage,
  ToWorker,
} from "../model/protocol.ts";

/** A question that could not be answered; its {@link problem} says why. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.text.en);
    this.problem = problem;
  }
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages that are no answers. */
type Report = Exclude<ToPage, { readonly kind: "answer" | "failed" }>;

/**
 * See the module. While anything is being read or asked, the page bears `data-waiting`: who drives it from outside, as tests
 * do, knows by it when all is shown.
 */
export class Client {
  readonly #worker = new Worker(new URL("worker.js", document.baseURI), { type: "module" });
  readonly #waiting = new Map<number, Waiting>();
  readonly #litter = new Litter();
  #nextId = 1;
  /** Of the recording that is open. */
  #session = 0;
  #isReading = false;

  /** @param report Hears of the reading and the filtering. */
  constructor(report: (message: Report) => void) {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
      if (data.kind === "answer") {
        // The next one takes its place soon: graphs ask with every movement.
        this.#litter.add(bytesOf(buffersOf(data.answer)));
        this.#take(data.id)?.resolve(data.answer);
      } else if (data.kind === "failed") this.#take(data.id)?.reject(new AnswerError(data.problem));
      // What was on its way when another recording was opened is about the one before.
      else if (data.session === this.#session) {
        if (data.kind === "progress") this.#isReading = data.progress.phase === "reading";
        report(data);
      }
      this.#mark();
    });
  }

  /** Opens captures in place of those that were open. What was asked about those is never answered. */
  open(inputs: readonly Input<Blob>[]): void {
    this.#isReading = true;
    this.#waiting.clear();
    this.#mark();
    this.#session++;
    this.#send({ kind: "open", session: this.#session, inputs });
  }

  /** Ends the reading; what was read stays. */
  stop(): void {
    this.#send({ kind: "stop" });
  }

  /** Asks; rejects with an {@link AnswerError}, or when `signal` gives up. */
  ask<Q extends Question>(
    question: Q,
    ask: Questions[Q]["ask"],
    signal?: AbortSignal,
  ): Promise<Questions[Q]["answer"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer to `id` is that of its question
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.#mark();
      signal?.addEventListener("abort", () => {
        this.#send({ kind: "cancel", id });
        this.#take(id)?.reject(signal.reason);
        this.#mark();
      });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a question with its own ask
      this.#send({ kind: "ask", id, question, ask } as { kind: "ask"; id: number } & Asking);
    });
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #mark(): void {
    const isWaiting = this.#isReading || this.#waiting.size > 0;
    document.documentElement.toggleAttribute("data-waiting", isWaiting);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
