/** Hostile captures through the whole command line: nothing crashes, nothing hidden is shown, memory is bounded. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { visible } from "../src/base/visible.ts";
import { concat } from "../src/base/bytes.ts";
import { PcapngWriter } from "../src/pcap/pcapng-writer.ts";
import { PCAP_HEADER, record, words } from "../src/testing/blocks.ts";
import { packetOf } from "../src/testing/packets.ts";
import { LinkType } from "../src/wire/linktype.ts";
import { seqack } from "./seqack.ts";

/** Acts on terminals, hides, turns text round, or is no line end everywhere. */
const EVIL = "\u001b]0;p\u0007\u009b31m\u202e<script>\u2028\u{e0041}../x\r\n";

const folder = mkdtempSync(join(tmpdir(), "seqack-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, ...parts: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, concat(...parts));
  return path;
}

function withComments(comments: readonly string[]): string {
  const writer = new PcapngWriter();
  return fileOf(
    "comments.pcapng",
    writer.section(),
    writer.iface({ linkType: LinkType.RAW, name: EVIL, description: EVIL, filter: EVIL }),
    writer.packet({ ...packetOf("0 > S 1", 1), comments }),
  );
}

test.each([
  ["read", ["-v"]],
  ["read", ["-T", "fields", "-e", "frame.comment", "-e", "frame.number"]],
  ["read", ["-T", "json"]],
  ["read", ["-T", "json", "-e", "frame.comment"]],
  ["story", ["--ladder"]],
  ["story", ["-T", "json"]],
])("%s %j shows nothing hidden of comments and names", (command, options) => {
  const { status, stdout, stderr } = seqack([command, withComments([EVIL]), ...options]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const plain = stdout.replaceAll(/[\n\t]/g, "");
  expect(visible(plain)).toBe(plain);
});

test("a comment is the same text again when the JSON is parsed", () => {
  const { stdout } = seqack(["read", withComments([EVIL]), "-T", "json", "-e", "frame.comment"]);
  expect(JSON.parse(stdout)).toMatchObject([{ _source: { layers: { "frame.comment": [EVIL] } } }]);
});

test("200,000 comments on one packet", () => {
  const path = withComments(Array.from({ length: 200_000 }, () => ""));
  const { status, stdout } = seqack(["read", path, "-T", "fields", "-e", "frame.comment"]);
  expect({ status, length: stdout.length }).toEqual({ status: 0, length: 200_000 });
});

test.each(["tcp.port == \u009b31m\u202e", 'frame.comment matches "\u202e("', "\u202e"])(
  "filter %j: what is wrong with it is said without hidden characters",
  (filter) => {
    for (const args of [["-Y", filter], [filter]]) {
      const { status, stderr } = seqack(["read", withComments([]), ...args]);
      expect(status).toBe(2);
      expect(visible(stderr.replaceAll("\n", ""))).toBe(stderr.replaceAll("\n", ""));
    }
  },
);

test("interfaces without end, from a few compressed bytes: refused by name", () => {
  const writer = new PcapngWriter();
  const section = writer.section();
  const iface = writer.iface({ linkType: LinkType.RAW });
  const bomb = new Uint8Array(section.length + iface.length * 1_100_000);
  bomb.set(section);
  for (let at = section.length; at < bomb.length; at += iface.length) bomb.set(iface, at);
  const path = fileOf("bomb.pcapng.gz", gzipSync(bomb));
  for (const command of ["read", "story"]) {
    const { status, stderr } = seqack([command, path]);
    expect(status).toBe(4);
    expect(stderr).toContain("more than 1048576 interfaces");
  }
});

test("every message about a damaged or odd capture names the file and the byte", () => {
  const empty = record(0, 0, 0, 0);
  const cut = fileOf("cut\n.pcap", PCAP_HEADER, empty.subarray(0, 6));
  const odd = fileOf("odd.pcap", PCAP_HEADER, empty);
  const old = fileOf("old.pcap", words(0xa1b2c3d4, 0x0002_0001, 0, 0, 65_535, 1));
  for (const command of ["read", "story"]) {
    for (const [path, status, says] of [
      [cut, 4, "cut\\n.pcap: damaged at byte 24: "],
      [odd, 0, "odd.pcap: at byte 24, after frame 1: "],
      [old, 4, "old.pcap: at byte 4: "],
    ] as const) {
      const outcome = seqack([command, path]);
      expect(outcome.status).toBe(status);
      expect(outcome.stderr).toContain(says);
    }
  }
});

test("hex that is none is quoted without hidden characters", () => {
  const { status, stderr } = seqack(["segment", "--hex", "\u001b[31m"]);
  expect({ status, lines: stderr.split("\n")[0] }).toEqual({
    status: 2,
    lines: String.raw`seqack: option --hex: "\x1b" is not a hexadecimal digit`,
  });
});

test("an option given twice is a usage error, unless it may be", () => {
  const path = withComments([]);
  for (const args of [
    ["read", path, "-c", "1", "--count=2"],
    ["story", path, "--ladder", "--ladder"],
  ]) {
    const { status, stderr } = seqack(args);
    expect(status).toBe(2);
    expect(stderr).toContain("is given twice");
  }
  expect(seqack(["read", path, "-tt", "-vv", "-nn"]).status).toBe(0);
});
