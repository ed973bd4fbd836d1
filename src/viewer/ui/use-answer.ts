/**
 * An answer that is asked for again as more is read, but seldom.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { FindingsReport } from "../../analysis/findings/finding.ts";
import type { Question, Questions } from "../model/protocol.ts";
import type { App } from "./app.ts";

/** While a capture goes on. */
const AGAIN_MS = 1500;

/** What {@link useAnswer} knows. */
export interface Answered<Q extends Question> {
  /** The last answer to this very question; `null`: none yet. */
  readonly answer: Questions[Q]["answer"] | null;
  readonly isAsking: boolean;
}

/** Asks `question`; again when `ask` or the recording changes. `null`: asks nothing. */
export function useAnswer<Q extends Question>(
  app: App,
  question: Q,
  ask: Questions[Q]["ask"] | null,
): Answered<Q> {
  const key = JSON.stringify(ask);
  const [got, setGot] = useState<{ readonly key: string; readonly answered: Answered<Q> }>({
    key: "",
    answered: NOTHING,
  });
  const askedAt = useRef({ key: "", at: 0 });
  const asked = useRef<AbortController | null>(null);
  const version = app.version.value;
  const isReading = app.progress.value?.phase === "reading";
  const inputs = app.inputs.value;
  useEffect(() => {
    if (ask === null) return;
    const isAgain = askedAt.current.key === key;
    const wait = isAgain && isReading ? askedAt.current.at + AGAIN_MS - performance.now() : 0;
    const timer = setTimeout(
      () => {
        askedAt.current = { key, at: performance.now() };
        const given = new AbortController();
        giveUp(asked.current);
        asked.current = given;
        void app.client.ask(question, ask, given.signal).then(
          (answer) => setGot({ key, answered: { answer, isAsking: false } }),
          (e: unknown) => {
            if (!given.signal.aborted) throw e;
          },
        );
      },
      Math.max(0, wait),
    );
    return () => clearTimeout(timer);
  }, [question, key, inputs, isReading, isReading ? version : 0]);
  // A long answer still comes while more is read: only another question gives it up.
  useEffect(() => () => giveUp(asked.current), [question, key, inputs]);
  return got.key === key && ask !== null ? got.answered : NOTHING;
}

function giveUp(asked: AbortController | null): void {
  asked?.abort(new DOMException("asked anew", "AbortError"));
}

/** Packets of a capture that goes on up to which its findings are looked for again and again. */
const FINDINGS_WHILE_READING = 100_000;

/** The findings; `null` until all has been read, of a live capture as long as it is short. */
export function useFindings(app: App, stream: number | null): FindingsReport | null {
  const { phase = "reading", size = 0, packets = 0 } = app.progress.value ?? {};
  const isTime = phase !== "reading" || (size === null && packets < FINDINGS_WHILE_READING);
  return useAnswer(app, "findings", isTime ? { stream } : null).answer;
}

const NOTHING = { answer: null, isAsking: true } as const;
