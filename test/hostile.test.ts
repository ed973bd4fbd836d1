/** Hostile captures through the whole command line: nothing crashes, nothing hidden is shown, memory is bounded. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { visible } from "../src/base/visible.ts";
import { concat } from "../src/base/bytes.ts";
import { PcapngWriter } from "../src/pcap/pcapng-writer.ts";
import { packetOf } from "../src/testing/packets.ts";
import { LinkType } from "../src/wire/linktype.ts";
import { seqack } from "./seqack.ts";

/** Acts on terminals, hides, turns text round, or is no line end everywhere. */
const EVIL = "\u001b]0;p\u0007\u009b31m\u202e<script>\u2028\u{e0041}../x\r\n";

function fileOf(name: string, ...parts: readonly Uint8Array[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "seqack-hostile-")), name);
  writeFileSync(path, concat(...parts));
  return path;
}

function withComments(comments: readonly string[]): string {
  const writer = new PcapngWriter();
  return fileOf(
    "comments.pcapng",
    writer.section(),
    writer.iface({ linkType: LinkType.RAW, name: EVIL, description: EVIL, filter: EVIL }),
    writer.packet({ ...packetOf("0 > S 1"), comments }),
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
