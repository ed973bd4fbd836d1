/** Captures of the corpus, opened as the viewer opens them. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { SHARED } from "../needs.ts";
import { Loading } from "../../src/viewer/model/loading.ts";
import { Recording } from "../../src/viewer/model/recording.ts";

const CORPUS = join(SHARED, "corpus");

/** Paths of all captures. */
export function allCaptures(): readonly string[] {
  return readdirSync(CORPUS, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:tsv|md|txt)$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

/** Paths of every n-th capture below a size: each kind of link and of trouble is among every tenth. */
export function capturesOf(which: { readonly every: number; readonly maxBytes: number }): string[] {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:pcap|pcapng|cap)$/.test(file))
    .toSorted()
    .filter((_, i) => i % which.every === 0);
  return files
    .map((file) => join(CORPUS, file))
    .filter((file) => statSync(file).size < which.maxBytes);
}

/** The recording that these bytes are, read to the end. */
export async function opened(bytes: Uint8Array): Promise<Recording> {
  const recording = new Recording();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const loading = new Loading(recording, [{ name: "x", size: bytes.length, chunks }]);
  await loading.run({ afterPiece: () => Promise.resolve() });
  return recording;
}
