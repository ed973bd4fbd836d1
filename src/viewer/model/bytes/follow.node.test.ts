/** The bytes of streams are those that tshark follows. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { capturesOf, opened } from "../../../../test/viewer/corpus.ts";
import { testWith } from "../../../../test/needs.ts";
import { ByteStreams } from "./byte-streams.ts";

const STREAMS = 3;

const pause = (): Promise<void> => Promise.resolve();

/** What tshark puts together: the client's bytes, the server's behind a tab; `null` where some are missing. */
function followed(file: string, stream: number): readonly [string, string] | null {
  const out = execFileSync("tshark", ["-r", file, "-q", "-z", `follow,tcp,raw,${stream}`], {
    encoding: "latin1",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = out.split("\n").filter((line) => /^\t?[0-9a-f]*$/.test(line) && line !== "");
  // "[N bytes missing in capture file]", in hex.
  if (lines.some((line) => line.includes("206279746573206d697373696e6720696e"))) return null;
  const of = (isServer: boolean): string =>
    lines
      .filter((line) => line.startsWith("\t") === isServer)
      .join("")
      .replaceAll("\t", "");
  return [of(false), of(true)];
}

testWith("shared", "tshark")(
  "streams without holes are what tshark follows, byte by byte",
  async () => {
    let compared = 0;
    for (const file of capturesOf({ every: 9, maxBytes: 200_000 })) {
      const recording = await opened(readFileSync(file));
      const streams = new ByteStreams(recording);
      for (let stream = 0; stream < Math.min(STREAMS, recording.trace.streams); stream++) {
        const [client, server] = (await streams.sums(stream, pause))!;
        if (client.holes + server.holes > 0 || client.bytes + server.bytes === 0) continue;
        if (recording.trace.isSelfConnected(stream)) continue;
        const theirs = followed(file, stream);
        if (theirs === null) continue;
        const ours: string[] = [];
        for (const dir of [0, 1] as const) {
          const { bytes } = await streams.block({ stream, dir, from: -Infinity }, pause);
          ours.push(Buffer.from(bytes).toString("hex"));
        }
        // tshark begins with whoever spoke first.
        const shown = (of: readonly string[]): unknown => ({ file, stream, of: of.toSorted() });
        expect(shown(ours)).toEqual(shown(theirs));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(30);
  },
  180_000,
);
