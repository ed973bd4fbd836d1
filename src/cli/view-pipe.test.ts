import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { testWith } from "../../test/needs.ts";
import { startPipe } from "./view-pipe.ts";

const fifoTest = testWith("linux");

async function withFifo(body: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
  const path = join(folder, "<pipe>");
  try {
    spawnSync("mkfifo", [path]);
    await body(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text;
}

fifoTest("a named pipe can be read as often as asked for", async () => {
  await withFifo(async (path) => {
    const { signal } = new AbortController();
    const pipe = startPipe(path, signal);
    createWriteStream(path).end("hello");
    expect(pipe.recording.name).toBe("<pipe>");
    expect(await textOf(pipe.recording.chunks(signal))).toBe("hello");
    expect(await textOf(pipe.recording.chunks(signal))).toBe("hello");
    pipe.close();
  });
});

fifoTest("beyond its limit reading ends with an error, after what was read", async () => {
  await withFifo(async (path) => {
    const { signal } = new AbortController();
    const pipe = startPipe(path, signal, 4);
    createWriteStream(path).end("hello");
    await expect(textOf(pipe.recording.chunks(signal))).rejects.toThrow("more than 4 bytes");
    pipe.close();
  });
});
