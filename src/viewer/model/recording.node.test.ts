import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { testWith } from "../../../test/needs.ts";
import { Answers } from "./answers.ts";
import { capturesOf, opened } from "../../../test/viewer/corpus.ts";
import type { Recording } from "./recording.ts";
import { NO_STREAM } from "./rows.ts";

const answersOf = (recording: Recording): Answers =>
  new Answers(recording, { pause: () => Promise.resolve(), filtering: () => {} });

testWith("shared")("the numbers of each segment and conversation are the analysis's", async () => {
  const { signal } = new AbortController();
  for (const file of capturesOf({ every: 10, maxBytes: 100_000 })) {
    const bytes = readFileSync(file);
    const [{ segments, conversations }, recording] = [
      await analyze(bytes, { segments: true }),
      await opened(bytes),
    ];
    const answers = answersOf(recording);
    const rtts = Array.from({ length: segments.length }, (_, row) => recording.ackRttNs(row));
    const isExact = recording.trace.warnings.every((w) => !w.message.includes("not exact"));
    if (isExact && recording.trace.segments.length === segments.length) {
      expect({ file, of: rtts }).toEqual({
        file,
        of: [...segments].map((s) => s.acks?.rttNs ?? 0),
      });
    }
    const found = [...recording.conversations].toSorted((a, b) => a.stream - b.stream);
    expect({ file, of: found }).toEqual({ file, of: [...conversations] });
    const page = await answers.answer(
      { question: "rows", ask: { from: 0, count: 8192, filtered: false } },
      signal,
    );
    if (typeof page !== "object" || page === null || !("relSeq" in page)) throw new TypeError(file);
    const byFrame = new Map([...segments].map((s) => [s.frame, s]));
    for (let i = 0; i < page.frame.length; i++) {
      const s = byFrame.get(page.frame[i]!);
      if (!("others" in page) || page.stream[i] === NO_STREAM || s === undefined) continue;
      expect([file, page.stream[i], page.relSeq[i], page.len[i], page.window[i]]).toEqual([
        file,
        s.stream,
        s.relSeq,
        s.len,
        s.windowSize,
      ]);
    }
  }
});
