/** Captures of the corpus that were made for one thing each: it is found, and what is not there is not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import type { Finding } from "./finding.ts";
import { FindingSink } from "./read-findings.ts";

function findingsIn(file: string): readonly Finding[] {
  const sink = new FindingSink();
  const reader = new CaptureReader(sink);
  reader.push(readFileSync(join(SHARED, "corpus", file)));
  reader.end();
  return sink.finish().findings;
}

/** Capture -> errors and warnings, in their order. */
const CAPTURES: Readonly<Record<string, readonly string[]>> = {
  "own+live/keepalive-a.pcap": [],
  "own+live/sim_close-a.pcap": [],
  "own+live/sim_open-a.pcap": [],
  "own+live/port_reuse_fin-a.pcap": [],
  "own+live/ecn-b.pcap": [],
  "own+live/syn_lost-a.pcap": ["syn-retransmitted #1 #2 #3 #4 #5"],
  "own+live/zerowin_closed-a.pcap": ["window-closed #13"],
  "OISF+suricata-verify/tests__alert-no-3whs-established__no-3whs.pcap": ["half-open #1 #2 #4"],
  "zeek+zeek/testing__btest__Traces__tcp__qi_internet_SYNACK_curl_jsonip.pcap": [
    "timestamps-missing #5",
  ],
};

testWith("shared").each(Object.entries(CAPTURES))("%s: %j", (file, expected) => {
  const grave = findingsIn(file).filter(({ severity }) => severity !== "note");
  const shown = grave.map(({ id, evidence }) => [id, ...evidence.frames].join(" #"));
  expect(shown).toEqual(expect.arrayContaining([...expected]));
  if (file.startsWith("own+live/")) expect(shown).toEqual(expected);
});

testWith("shared")("every frame that a finding names is in the capture", () => {
  for (const file of ["own+live/slow_reader-a.pcap", "own+live/cwnd_burst-b.pcap"]) {
    let last = 0;
    const sink = new FindingSink();
    const reader = new CaptureReader({
      onPacket(packet) {
        last = packet.frame;
        sink.onPacket(packet);
      },
    });
    reader.push(readFileSync(join(SHARED, "corpus", file)));
    reader.end();
    for (const { evidence } of sink.finish().findings) {
      expect(evidence.frames.toSorted((a, b) => a - b)).toEqual([...evidence.frames]);
      expect(evidence.frames.every((frame) => frame > 0 && frame <= last)).toBe(true);
    }
  }
});
