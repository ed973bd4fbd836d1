import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { seqack } from "../../test/seqack.ts";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { packetOf } from "../testing/packets.ts";
import { LinkType } from "../wire/linktype.ts";

/** The fifth segment is the fourth one again. */
const CONNECTION = [
  "0 > S 100 mss 1460",
  "20 < S. 300 ack 101 mss 1460",
  "20.1 > . 101 ack 301",
  "21 > P. 101:118(17) ack 301",
  "245 > P. 101:118(17) ack 301",
  "266 < . 301 ack 118",
  "267 < P. 301:1501(1200) ack 118",
  "268 > . 118 ack 1501",
  "300 > F. 118 ack 1501",
  "319.9 < F. 1501 ack 119",
  "320 > . 119 ack 1502",
];

/** On the same ports, later. */
const NEXT = ["900 > S 9000", "910 < S. 700 ack 9001", "911 > . 9001 ack 701"];

function fileOf(lines: readonly string[]): Buffer {
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  return Buffer.concat([...head, ...lines.map((line, i) => writer.packet(packetOf(line, i + 1)))]);
}

const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
const FILE = join(folder, "capture.pcapng.gz");
const LATER = join(folder, "later.pcapng");
const EMPTY = join(folder, "empty.pcapng");
const capture = fileOf(CONNECTION);
writeFileSync(FILE, gzipSync(capture));
writeFileSync(LATER, fileOf(NEXT));
writeFileSync(EMPTY, fileOf([]));
afterAll(() => rmSync(folder, { recursive: true }));

test("a table, from a file and from standard input", () => {
  const { status, stdout, stderr } = seqack(["conversations", FILE]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(
    [
      "#  client           server       → data   ← data  duration      RTT  retr.     end\n",
      "0  10.0.0.1:40000 → 10.0.0.2:80    34 B  1,200 B    320 ms  20.1 ms      1  closed\n",
    ].join(""),
  );
  expect(seqack(["conversations", "-"], { input: capture }).stdout).toBe(stdout);
});

test("fields, tab-separated values and JSON for programs", () => {
  const fields = ["-e", "stream", "-e", "toServer.rtt.medianNs", "-e", "toClient.rtt.samples"];
  const row = "0\t\t1\n";
  expect(seqack(["conversations", FILE, "-T", "fields", ...fields]).stdout).toBe(row);
  const tsv = seqack(["conversations", FILE, "-T", "tsv", ...fields]).stdout;
  expect(tsv).toBe(`stream\ttoServer.rtt.medianNs\ttoClient.rtt.samples\n${row}`);
  const json: unknown = JSON.parse(seqack(["conversations", FILE, "-T", "json"]).stdout);
  expect(json).toMatchObject([{ stream: 0, toServer: { retransmittedSegments: 1 } }]);
});

test("in words, in Chinese", () => {
  const { stdout } = seqack(["--lang", "zh", "conversations", FILE, "-v"]);
  expect(stdout).toContain("连接 0：10.0.0.1:40000 → 10.0.0.2:80");
  expect(stdout).toContain("握手：往返时间 20.1 ms");
});

test("one connection alone, or the first of an order", () => {
  const one = seqack(["conversations", FILE, "--stream", "3", "-T", "json"]);
  expect([one.status, one.stdout, one.stderr]).toEqual([
    1,
    "[]\n",
    "seqack: there is no connection 3: the capture has 1, numbered from 0\n",
  ]);
  const top = seqack(["conversations", FILE, "--sort", "rtt", "--limit", "1", "-T", "json"]);
  expect(JSON.parse(top.stdout)).toHaveLength(1);
});

test("several files are one, merged by time, whatever their order", () => {
  const { status, stdout } = seqack(["conversations", LATER, FILE, "--sort", "stream"]);
  expect(stdout.split("\n").map((line) => line.slice(0, 18))).toEqual([
    "#  client         ",
    "0  10.0.0.1:40000 ",
    "1  10.0.0.1:40000 ",
    "",
  ]);
  expect(status).toBe(0);
  const fields = ["-T", "fields", "-e", "stream", "-e", "firstFrame"];
  expect(seqack(["conversations", FILE, LATER, ...fields]).stdout).toBe("0\t1\n1\t12\n");
});

test("one of several that is missing keeps nothing from the others", () => {
  const missing = join(folder, "missing.pcap");
  const { status, stdout, stderr } = seqack(["conversations", missing, FILE]);
  expect(stdout).toContain("10.0.0.1:40000");
  expect(stderr).toContain("missing.pcap: no such file");
  expect(status).toBe(4);
});

test("nothing to show is said", () => {
  expect(seqack(["conversations", EMPTY])).toEqual({
    status: 0,
    stdout: "",
    stderr: "There is no TCP segment in this capture, nor any packet.\n",
  });
});

test("damage: what came before it, then the message, and status 4", () => {
  const { status, stdout, stderr } = seqack(["conversations", "-"], {
    input: capture.subarray(0, capture.length - 40),
  });
  expect(stdout).toContain("10.0.0.1:40000");
  expect(stderr).toContain("standard input");
  expect(status).toBe(4);
});

test.each([
  [[], "which capture?"],
  [[FILE, "--sort", "size"], "--sort size: stream, bytes"],
  [[FILE, "-T", "xml"], "-T xml: text, tsv, fields and json are known"],
  [[FILE, "-T", "fields"], "-T fields needs -e NAME"],
  [[FILE, "-T", "tsv", "-e", "rtt"], '"rtt" is not a field of a connection'],
  [[FILE, "-e", "stream"], "-e needs -T fields or -T tsv"],
  [["-", "-"], "standard input (-) can be read once"],
  [[FILE, "--limit", "0"], "option --limit"],
])("conversations %j: %s", (args, message) => {
  const { status, stderr } = seqack(["conversations", ...args]);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
