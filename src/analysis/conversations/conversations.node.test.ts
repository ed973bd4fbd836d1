/** Frames, bytes and completeness of every connection of the corpus, beside tshark's. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { analyze } from "../analyze.ts";

/**
 * Captures that are another matter: no stream numbers of our own in tshark, packets that it puts
 * together or, for their headers, leaves out of its conversations, and captures inside the payload.
 */
const OTHERWISE =
  /IPcomp|damaged-headers|snap66|drop-protocol-change|5755755617189888|5758569646653440|beep-oobr|vntag_vlan|timestamp_invalid|sflow|filestore-5408|mac-eve-packet|tcp-malformed|socks|ftp|sip/i;

/** One in so many, unless all are wanted: tshark takes a third of a second to start. */
const STEP = process.env["CI"] === undefined ? 12 : 1;

function captures(): string[] {
  const [head, ...lines] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const segments = head!.indexOf("tcp_segments");
  return lines
    .filter((l) => Number(l[segments]) > 0 && !OTHERWISE.test(l[0]!))
    .filter((_, i) => i % STEP === 0)
    .map((l) => l[0]!);
}

interface Stream {
  frames: number;
  bytes: number;
  completeness: number;
}

/** By number; segments that ICMP errors quote, several in one frame and fragments apart do not count. */
function tsharkStreams(path: string): Map<number, Stream> {
  const fields = ["tcp.stream", "frame.len", "tcp.completeness", "icmp.type", "icmpv6.type"];
  const args = ["-2", "-n", "-r", path, "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
  const { stdout } = spawnSync("tshark", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const streams = new Map<number, Stream>();
  for (const line of stdout.split("\n")) {
    const [stream, len, completeness, icmp, icmpv6] = line.split("\t");
    if (stream === undefined || !/^\d+$/.test(stream)) continue;
    const s = streams.get(Number(stream)) ?? { frames: 0, bytes: 0, completeness: 0 };
    streams.set(Number(stream), s);
    s.completeness = Number(completeness);
    if (icmp !== "" || icmpv6 !== "") continue;
    s.frames++;
    s.bytes += Number(len);
  }
  return streams;
}

testWith("tshark", "shared")(
  "frames, bytes and completeness of each connection are tshark's",
  async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const file of captures()) {
      const path = join(SHARED, "corpus", file);
      const { conversations } = await analyze(readFileSync(path));
      const theirs = tsharkStreams(path);
      for (const { stream, toServer, toClient, completeness } of conversations) {
        const frames = toServer.segments + toClient.segments;
        const ours = { frames, bytes: toServer.wireBytes + toClient.wireBytes, completeness };
        const other = theirs.get(stream);
        // tshark shows what was seen before a frame, and of the first one nothing.
        if (frames < 2 && other !== undefined) other.completeness = completeness;
        compared++;
        if (JSON.stringify(ours) !== JSON.stringify(other)) {
          wrong.push(`${file} ${stream}: ${JSON.stringify(ours)}, not ${JSON.stringify(other)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(50);
  },
  600_000,
);

testWith("shared")(
  "plain segments that pass by their numbers are measured as those that come as records",
  async () => {
    for (const file of captures()) {
      const bytes = readFileSync(join(SHARED, "corpus", file));
      const short = await analyze(bytes);
      // Rows are made of records: no segment goes the short way.
      const long = await analyze(bytes, { segments: true });
      const { packets } = short;
      expect({ file, packets, rows: [...short.conversations] }).toEqual({
        file,
        packets: long.packets,
        rows: [...long.conversations],
      });
    }
  },
  120_000,
);
