/**
 * A connection in plain words.
 *
 * ```ts
 * const story = tellStory(trace, 0);
 * for (const section of story.sections)
 *   for (const s of section.sentences) print(s.text.en, s.frames);
 * ```
 *
 * @module
 */
import { joinTexts, text, type Text } from "../base/lang.ts";
import type { CallEvent } from "../pcap/event.ts";
import type { Trace } from "../trace/trace.ts";
import { attributeCalls, type CallMap } from "./calls.ts";
import { factsOf, type Facts, type Outcome } from "./facts.ts";
import type { Sentence } from "./sentence.ts";
import { sixSteps } from "./steps.ts";
import { tellEnd } from "./story-end.ts";
import { tellHandshake } from "./story-handshake.ts";
import { tellStack } from "./story-stack.ts";
import { tellTransfer } from "./story-transfer.ts";

/** Sentences that belong together. */
export interface Section {
  readonly kind: "steps" | "handshake" | "transfer" | "stack" | "end";
  readonly title: Text;
  readonly sentences: readonly Sentence[];
}

/** The story of one stream. */
export interface Story {
  readonly stream: number;
  /** `address:port`. */
  readonly client: string;
  readonly server: string;
  readonly outcome: Outcome;
  /** Sections with something to say: steps only when the recording has calls, `stack` only when it has a stack's own account. */
  readonly sections: readonly Section[];
}

/** Tells `stream`; give `calls` when they are attributed already. */
export function tellStory(trace: Trace, stream: number, calls?: CallMap): Story {
  const map = calls ?? attributeCalls(trace);
  const f = factsOf(trace, stream);
  const sections: Section[] = [
    { kind: "steps", title: text("Step by step", "步骤"), sentences: tellSteps(f, map) },
    { kind: "handshake", title: text("Opening", "建立连接"), sentences: tellHandshake(f) },
    { kind: "transfer", title: text("Data", "传输数据"), sentences: tellTransfer(f, map) },
    {
      kind: "stack",
      title: text(
        "Windows and congestion, by the stack's own account",
        "窗口与拥塞：协议栈自己的记录",
      ),
      sentences: tellStack(f),
    },
    { kind: "end", title: text("Closing", "断开连接"), sentences: tellEnd(f, map) },
  ];
  return {
    stream,
    client: f.names[0],
    server: f.names[1],
    outcome: f.outcome,
    sections: sections.filter((s) => s.sentences.length > 0),
  };
}

function tellSteps(f: Facts, map: CallMap): Sentence[] {
  return sixSteps(f.trace, f.stream, map).map((step, i) => ({
    text: joinTexts([
      text(`${i + 1}. ${step.title.en}.`, `${i + 1}. ${step.title.zh}：`),
      step.text,
    ]),
    frames: step.frames,
    calls: step.calls.map((c: CallEvent) => c.id),
  }));
}
