/** The page tells what `seqack story` and `seqack findings` tell. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { testWith } from "../../../test/needs.ts";
import { FindingSink } from "../../analysis/findings/read-findings.ts";
import { tellStory } from "../../analysis/story.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { TraceBuilder } from "../../trace/builder.ts";
import { Answers } from "./answers.ts";
import { capturesOf, opened } from "../../../test/viewer/corpus.ts";

const STREAMS = 20;

/** A capture whose clock jumped by decades has times beyond 2^53 ns, which lose their last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) =>
      typeof v === "number" ? Number(v.toPrecision(12)) : v,
    ),
  );

testWith("shared")(
  "stories and findings are those of the commands",
  async () => {
    const { signal } = new AbortController();
    for (const file of capturesOf({ every: 10, maxBytes: 100_000 })) {
      const bytes = readFileSync(file);
      const builder = new TraceBuilder();
      const findings = new FindingSink();
      for (const sink of [builder, findings]) {
        const reader = new CaptureReader(sink);
        reader.push(bytes);
        reader.end();
      }
      const trace = builder.build();
      const recording = await opened(bytes);
      const answers = new Answers(recording, {
        pause: () => Promise.resolve(),
        filtering: () => {},
      });
      const found = rounded(
        await answers.answer({ question: "findings", ask: { stream: null } }, signal),
      );
      expect({ file, found }).toEqual({ file, found: rounded(findings.finish()) });
      for (let stream = 0; stream < Math.min(STREAMS, trace.streams); stream++) {
        const story = await answers.answer({ question: "story", ask: { stream } }, signal);
        expect({ file, story }).toEqual({ file, story: tellStory(trace, stream) });
      }
    }
  },
  120_000,
);
