import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { capture } from "../../examples/capture.ts";
import { seqack } from "../../test/seqack.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
const FILE = join(folder, "capture.pcapng.gz");
writeFileSync(FILE, capture);
afterAll(() => rmSync(folder, { recursive: true }));

test("a table, from a file and from standard input", () => {
  const { status, stdout, stderr } = seqack(["conversations", FILE]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(
    [
      "#  client           server       → data   ← data  duration      RTT  retr.     end\n",
      "0  10.0.0.1:40000 → 10.0.0.2:80    51 B  1,219 B    320 ms  20.1 ms      1  closed\n",
    ].join(""),
  );
  expect(seqack(["conversations", "-"], { input: capture }).stdout).toBe(stdout);
});

test("fields, tab-separated values and JSON for programs", () => {
  const fields = ["-e", "stream", "-e", "toServer.rtt.medianNs", "-e", "toClient.rtt.samples"];
  const row = "0\t20800000\t2\n";
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
  expect([one.stdout, one.stderr]).toEqual([
    "[]\n",
    "There is no connection 3: the capture has 1, numbered from 0.\n",
  ]);
  const top = seqack(["conversations", FILE, "--sort", "rtt", "--top", "1", "-T", "json"]);
  expect(JSON.parse(top.stdout)).toHaveLength(1);
});

test("several files, each under its name", () => {
  const { stdout } = seqack(["conversations", FILE, FILE]);
  expect(stdout.split(FILE)).toHaveLength(3);
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
  [[FILE, FILE, "-T", "json"], "give one file with -T"],
  [[FILE, "--top", "0"], "option --top"],
])("conversations %j: %s", (args, message) => {
  const { status, stderr } = seqack(["conversations", ...args]);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
