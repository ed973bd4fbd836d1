/** The reasons of verdicts in the commands that show them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { PLAIN } from "../report/paint.ts";
import { packetOf } from "../testing/packets.ts";
import { LinkType } from "../wire/linktype.ts";
import type { Command, Io } from "./command.ts";
import { read } from "./read.ts";
import { segment } from "./segment.ts";

/** The fifth frame is the fourth one again. */
const LINES = [
  "0 > S 100 mss 1460",
  "10 < S. 300 ack 101",
  "10 > . 101 ack 301",
  "20 > P. 101:106(5) ack 301",
  "232 > P. 101:106(5) ack 301",
  "240 < . 301 ack 106",
];

const WHY =
  "retransmission of frame 4: its bytes 1–5 were sent 212 ms before and never acknowledged";

const CAUSE =
  "cause: sent again because the retransmission timer ran out: nothing new was acknowledged for 212 ms";

let folder = "";
let file = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqack-reasons-"));
  file = join(folder, "again.pcapng");
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  const packets = LINES.map((line, i) => writer.packet(packetOf(line, i + 1)));
  writeFileSync(file, Buffer.concat([...head, ...packets]));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  command: Command,
  args: readonly string[],
  face: Partial<Io> = {},
): Promise<string> {
  let out = "";
  await command.run(args, {
    out: async (data) => void (out += String(data)),
    err: () => {},
    stdin: process.stdin,
    lang: "en",
    columns: 120,
    paint: PLAIN,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
    ...face,
  });
  return out;
}

test("read -v says below each line why the segment is what it is", async () => {
  const lines = (await run(read, [file, "-v", "-t"])).split("\n");
  const at = lines.findIndex((line) => line.includes(WHY));
  expect(lines[at]).toBe(`      ${WHY}`);
  expect(lines[at - 1]).toMatch(/^ {4}10\.0\.0\.1\.40000 > .* seq 1:6, ack 1, /);
  expect(lines[at + 1]).toBe(`      ${CAUSE}`);
  expect(lines[at + 2]).toBe("      5 bytes in flight, <1 % of the window of 65,535");
  expect(lines.at(-2)).toBe("      acknowledges frame 4 after 220 ms");
});

test("positions are those of the line above: with -S as on the wire", async () => {
  const out = await run(read, [file, "-v", "-S"]);
  expect(out).toContain(WHY.replace("bytes 1–5", "bytes 101–105"));
});

test("frames that a filter hides still count", async () => {
  const out = await run(read, [file, "-v", "-t", "-Y", "tcp.analysis.retransmission"]);
  expect(out).toMatch(/ seq 1:6, ack 1, .*\n {6}retransmission of frame 4: its bytes 1–5 /);
});

test("without -v a line is tcpdump's; a terminal and --tags get the verdicts at its end", async () => {
  const plain = (await run(read, [file, "-t"])).split("\n");
  expect(plain[4]).toMatch(/length 5$/);
  const tagged = plain.map((line, i) => (i === 4 ? `${line} [retransmission]` : line));
  expect((await run(read, [file, "-t", "--tags"])).split("\n")).toEqual(tagged);
  expect((await run(read, [file, "-t"], { stdoutIsTerminal: true })).split("\n")).toEqual(tagged);
  expect(await run(read, [file, "-t", "-q"], { stdoutIsTerminal: true })).not.toContain("[");
});

test("-T json has them in a layer of our own, with -v alone", async () => {
  const args = [file, "-T", "json", "-Y", "frame.number == 5"];
  const frames: unknown = JSON.parse(await run(read, [...args, "-v"]));
  expect(frames).toMatchObject([
    {
      _source: {
        layers: {
          seqack: {
            "seqack.why": [
              { field: "tcp.analysis.retransmission", frame: "4", text: WHY },
              { field: "seqack.cause", text: CAUSE },
              { field: "tcp.analysis.bytes_in_flight" },
            ],
          },
        },
      },
    },
  ]);
  expect(frames).toMatchObject([{ _source: { layers: { seqack: { "seqack.sent_frame": "4" } } } }]);
  const chosen: unknown = JSON.parse(await run(read, [...args, "-v", "-e", "frame.number"]));
  expect(chosen).toMatchObject([
    { _source: { layers: { "frame.number": ["5"], "seqack.why": [{ frame: "4" }, {}, {}] } } },
  ]);
  expect(await run(read, args)).not.toContain("seqack.why");
});

test("segment ends with what the analysis says, in both languages", async () => {
  expect(await run(segment, [file, "5"])).toContain(
    `\n\nWhat the analysis says\n  ${WHY}\n    tcp.analysis.retransmission\n  ${CAUSE}\n    seqack.cause\n`,
  );
  expect(await run(segment, [file, "5"], { lang: "zh" })).toContain(
    "\n\n分析结论\n  重传第 4 帧：它的第 1–5 字节 212 ms 前已经发过，一直没有得到确认\n",
  );
  expect(await run(segment, [file, "1"])).not.toContain("What the analysis says");
});
