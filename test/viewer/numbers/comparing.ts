/** One capture in the viewer beside what the commands say of it, and where the two differ. */
import { isDeepStrictEqual } from "node:util";
import { Answers } from "../../../src/viewer/model/answers.ts";
import type { Asking, Question, Questions } from "../../../src/viewer/model/protocol.ts";
import type { Recording } from "../../../src/viewer/model/recording.ts";
import type { Told } from "./told.ts";

/** Differences that are shown of one capture. */
const MAX_SHOWN = 8;

/** See the module. */
export class Comparing {
  readonly recording: Recording;
  readonly told: Told;
  /** Whether times can be told exactly: not in a capture whose clock jumped by decades. */
  readonly isExact: boolean;
  /** "what: the viewer's / the command's". */
  readonly differences: string[] = [];
  /** Lists and answers that were held against each other. */
  compared = 0;
  readonly #answers: Answers;

  constructor(recording: Recording, told: Told) {
    this.recording = recording;
    this.told = told;
    this.isExact = told.trace.warnings.every(({ message }) => !message.includes("not exact"));
    this.#answers = new Answers(recording, {
      pause: () => Promise.resolve(),
      filtering: () => {},
    });
  }

  /** What the viewer's page would get. */
  async ask<Q extends Question>(
    question: Q,
    ask: Questions[Q]["ask"],
  ): Promise<Questions[Q]["answer"]> {
    const { signal } = new AbortController();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the question decides
    const asking = { question, ask } as unknown as Asking;
    return this.#answers.answer(asking, signal);
  }

  /** One value of each side. */
  same(what: string, viewers: unknown, commands: unknown): void {
    this.compared++;
    if (isDeepStrictEqual(viewers, commands)) return;
    this.#differ(`${what}: ${show(viewers)} / ${show(commands)}`);
  }

  /** Two lists: the first place where they differ. */
  sameList(what: string, viewers: readonly unknown[], commands: readonly unknown[]): void {
    this.compared++;
    const length = Math.max(viewers.length, commands.length);
    for (let i = 0; i < length; i++) {
      if (viewers[i] === commands[i]) continue;
      this.#differ(`${what}, ${i} of ${length}: ${show(viewers[i])} / ${show(commands[i])}`);
      return;
    }
  }

  #differ(words: string): void {
    if (this.differences.length < MAX_SHOWN) this.differences.push(words);
  }
}

function show(value: unknown): string {
  const words = JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
  return (words ?? "nothing").slice(0, 600);
}
