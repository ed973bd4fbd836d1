/** Lines against tcpdump's, over the corpus. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../test/needs.ts";
import { CaptureReader } from "../pcap/reader.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { type LineOptions, LinePrinter } from "./lines.ts";

const LINKS = new Set(["ether", "linux-sll", "null", "rawip", "rawip4", "rawip6"]);

/** What tcpdump adds of its own: the application's text behind the length, and lines below. */
const APPLICATION = /(Flags \[.*?, length \d+)(?:: .*| \[.*| .*)?$/;

/** Files that are read in another way here, and why. */
const APART: readonly string[] = [
  "ng-simple-packets.pcapng", // no times
  "ip4-totlen0.pcap", // a length of 0 is taken from the frame, not refused
  "damaged-headers.pcap", // a damaged port begins a stream of its own
  "frag4-", // the first part of a packet is no segment: its numbers stay as they are
  "ip6-exthdrs.pcap", // routing headers that tcpdump calls invalid
  "bgp-as-path-oobr", // a digest without tcpdump's remark on the missing secret
  "detect-ipopts", // IP options are not listed
  "ip4-options.pcap", // the same
  "timestamp_invalid", // microseconds beyond a second
  "tcp-malformed.pcap", // a data offset past the end has no length
  "mac-eve-packet", // a data offset past the end has no length
];

/**
 * Two things that we print otherwise: days, which tcpdump drops from spans, and SACK blocks in the first segment of
 * a stream, which it counts from the acknowledgment that it prints as it is.
 */
const comparable = (line: string): string =>
  line.replaceAll(/\{\d+:\d+\}/g, "{}").replace(/^([ -])\d+ days /, "$1");

/** Headers that are not told in full with -e and -v: LLC, IPv6 extensions. */
const IN_SHORT = /, 802\.3, |\b(?:DSTOPT|HBH|RT6|frag) /;

interface Listed {
  readonly file: string;
  readonly link: string;
}

function corpus(): Listed[] {
  const [, ...lines] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8").trim().split("\n");
  return lines
    .map((line) => line.split("\t"))
    .map((cells) => ({ file: cells[0]!, link: cells[7]! }))
    .filter(({ file, link }) => LINKS.has(link) && !APART.some((name) => file.includes(name)));
}

/** Lines of packets that begin with a time; what belongs to them stands below, indented. */
function tcpdumpLines(file: string, flags: readonly string[]): string[] {
  const { stdout } = spawnSync("tcpdump", ["-n", ...flags, "-r", file], {
    encoding: "latin1",
    maxBuffer: 2 ** 30,
    env: { ...process.env, TZ: "UTC" },
  });
  // With -v a packet of IPv4 takes two lines.
  const joined = stdout.replaceAll(/\)\n {4}/g, ")\u0001");
  const lines = joined.split("\n").filter((line) => /^(?:[ -])?\d[\d:. -]*\d\.\d+ /.test(line));
  return lines.map((line) => line.replace("\u0001", "\n    "));
}

function ourLines(file: string, options: LineOptions): string[] {
  const printer = new LinePrinter(options);
  const lines: string[] = [];
  const reader = new CaptureReader(
    new SegmentTracker({
      onSegment: (s) => void lines.push(printer.segment(s)),
      onOther: (p) => void lines.push(printer.other(p)),
    }),
  );
  reader.push(readFileSync(file));
  reader.end();
  return lines;
}

/** A line of a segment. */
const SEGMENT = / (?:Flags \[|tcp \d+(?: |$))/;

/** Whether a line has more than one IP header, or labels in front of it. */
function isTunnelled(line: string): boolean {
  return (
    (line.match(/ > /g) ?? []).length > 1 && / IP6? .* IP6? |MPLS|PPPoE|: IP6? \S+ > /.test(line)
  );
}

function compareAll(flags: readonly string[], options: LineOptions): void {
  const wrong: string[] = [];
  let compared = 0;
  for (const { file } of corpus()) {
    const path = join(SHARED, "corpus", file);
    const theirs = tcpdumpLines(path, flags);
    const ours = ourLines(path, options);
    // tcpdump takes a first time of 0 for none.
    if (
      flags[0]?.startsWith("-ttt") === true &&
      ourLines(path, { time: "epoch" })[0]?.startsWith("0.") === true
    )
      continue;
    if (theirs.length !== ours.length) continue;
    // tcpdump does not follow all tags and tunnels, nor puts fragments together: its relative numbers differ then.
    if (ours.some((line, i) => SEGMENT.test(line) && !SEGMENT.test(theirs[i]!))) continue;
    for (const [i, line] of theirs.entries()) {
      if (!SEGMENT.test(ours[i]!)) continue;
      // The names of tunnels are our own.
      if (isTunnelled(ours[i]!)) continue;
      if (options.verbose === true && /MPLS|PPPoE/.test(ours[i]!)) continue;
      if ((options.link ?? options.verbose) === true && IN_SHORT.test(ours[i]!)) continue;
      compared++;
      const expected = line.replace(APPLICATION, "$1");
      if (comparable(ours[i]!) === comparable(expected)) continue;
      wrong.push(`${file} ${i + 1}:\n${ours[i]}\n${expected}`);
    }
  }
  expect([wrong.length, ...wrong.slice(0, 12)]).toEqual([0]);
  expect(compared).toBeGreaterThan(40_000);
}

testWith("tcpdump", "shared").each([
  { flags: [], options: {} },
  { flags: ["-S"], options: { absolute: true } },
  { flags: ["-q"], options: { quiet: true } },
  { flags: ["-tttt"], options: { time: "date" } },
  { flags: ["-ttt"], options: { time: "delta" } },
  { flags: ["-ttttt"], options: { time: "relative" } },
  { flags: ["-tt"], options: { time: "epoch" } },
  { flags: ["-e"], options: { link: true } },
  { flags: ["-v"], options: { verbose: true } },
] as const)(
  "segments print as tcpdump prints them: $flags",
  ({ flags, options }) => compareAll(flags, options),
  300_000,
);

const SFLOW_FILES = [
  ["the-tcpdump-group+tcpdump/tests__sflow_expanded.pcap", 1],
  ["OISF+suricata-verify/tests__filestore-5408__input.pcap", 11],
] as const;

testWith("shared", "tcpdump").each(SFLOW_FILES)(
  "%s: a datagram of sFlow is a line as tcpdump's, and %i frames with TCP stand below",
  (file, frames) => {
    const path = join(SHARED, "corpus", file);
    for (const [flags, options] of [
      [[], {}],
      [["-q"], { quiet: true }],
    ] as const) {
      const printer = new LinePrinter(options);
      const told: string[] = [];
      const reader = new CaptureReader(
        new SegmentTracker({
          onSegment: () => {},
          onSamples: (p) => void told.push(...printer.samples(p)),
        }),
      );
      reader.push(readFileSync(path));
      reader.end();
      const lines = told.filter((line) => !line.startsWith(" "));
      const below = told.filter((line) => / {4}IP .*Flags \[/.test(line));
      const theirs = tcpdumpLines(path, flags).filter((line) => line.includes(".6343: "));
      // oxlint-disable-next-line vitest/no-standalone-expect -- testWith() makes the test
      expect([lines, below.length]).toEqual([theirs, flags.length > 0 ? 0 : frames]);
    }
  },
);
