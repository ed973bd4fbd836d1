/** Key facts of recorded connections. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../test/needs.ts";
import { CaptureReader } from "../pcap/reader.ts";
import { TraceBuilder } from "../trace/builder.ts";
import { tellStory } from "./story.ts";

function storyOf(file: string, stream: number): string {
  const builder = new TraceBuilder();
  const reader = new CaptureReader(builder);
  reader.push(readFileSync(join(SHARED, "corpus/own+live", file)));
  reader.end();
  const { outcome, sections } = tellStory(builder.build(), stream);
  const sentences = sections.flatMap((s) => s.sentences.map((x) => x.text.en));
  return [outcome, ...sentences].join("\n");
}

testWith("shared").each([
  [
    "sim_close-a.pcap",
    0,
    ["closed", "Both ends closed at the same time", "FIN was sent again once"],
  ],
  ["sim_open-a.pcap", 0, ["closed", "asked at the same time"]],
  [
    "syn_lost-a.pcap",
    0,
    ["closed", "1.03 s, 2.05 s and 3.08 s after the first SYN", "took 4 segments"],
  ],
  ["zerowin_closed-a.pcap", 0, ["open", "The server said in 3 segments that it has no room left"]],
  [
    "port_reuse_fin-a.pcap",
    3,
    ["closed", "count its bytes: 2496374503", "3 segments instead of 4"],
  ],
  ["tfo-a.pcap", 0, ["reset", "asked for a cookie", "after the server had sent 200 bytes"]],
  ["tfo-a.pcap", 1, ["reset", "SYN already carried 200 bytes (fast open); the server took them"]],
  [
    "../CESNET+ipfixprobe/tests__functional__inputs__tls.pcap",
    0,
    [
      "open",
      "8 of these are in it a second time",
      "The client sent 324 bytes, carried by 2 segments;",
    ],
  ],
  ["mid_stream-b.pcap", 0, ["open", "starts in the middle", "The client sent 1,036,560 bytes"]],
] as const)("%s, connection %i", (file, stream, facts) => {
  const story = storyOf(file, stream);
  // oxlint-disable-next-line vitest/no-standalone-expect -- `testWith` is a test
  for (const fact of facts) expect(story).toContain(fact);
});
