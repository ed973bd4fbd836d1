import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { analyze } from "../../analysis/analyze.ts";
import { SHARED, testWith } from "../../../test/needs.ts";
import { Answers } from "./answers.ts";
import { Loading } from "./loading.ts";
import { Recording } from "./recording.ts";
import { NO_STREAM } from "./rows.ts";

const CORPUS = join(SHARED, "corpus");
const MAX_BYTES = 100_000;

/** Captures of every tenth file: each kind of link and of trouble is among them. */
function captures(): string[] {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:pcap|pcapng|cap)$/.test(file))
    .toSorted()
    .filter((_, i) => i % 10 === 0);
  return files.map((file) => join(CORPUS, file)).filter((file) => statSync(file).size < MAX_BYTES);
}

const answersOf = (recording: Recording): Answers =>
  new Answers(recording, { pause: () => Promise.resolve(), filtering: () => {} });

async function open(bytes: Uint8Array): Promise<Recording> {
  const recording = new Recording();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const loading = new Loading(recording, [{ name: "x", size: bytes.length, chunks }]);
  await loading.run({ afterPiece: () => Promise.resolve() });
  return recording;
}

testWith("shared")("the numbers of each segment and conversation are the analysis's", async () => {
  const { signal } = new AbortController();
  for (const file of captures()) {
    const bytes = readFileSync(file);
    const [{ segments, conversations }, recording] = [
      await analyze(bytes, { segments: true }),
      await open(bytes),
    ];
    const answers = answersOf(recording);
    expect({ file, of: [...recording.conversations] }).toEqual({ file, of: [...conversations] });
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
