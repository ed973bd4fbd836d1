import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { PLAIN } from "../report/paint.ts";
import { packetOf } from "../testing/packets.ts";
import { LinkType } from "../wire/linktype.ts";
import { Exit, type Io, UsageError } from "./command.ts";
import { findings } from "./findings.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqack-findings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A capture file of the lines; its path. */
function fileOf(name: string, lines: readonly string[]): string {
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  const path = join(folder, name);
  const packets = lines.map((line, i) => writer.packet(packetOf(line, i + 1)));
  writeFileSync(path, Buffer.concat([...head, ...packets]));
  return path;
}

const refused = (): string => fileOf("refused.pcapng", ["0 > S 100", "1 < R. 0 ack 101"]);
const fine = (): string =>
  fileOf("fine.pcapng", ["0 > S 100", "1 < S. 300 ack 101", "2 > . 101 ack 301"]);

/** Later, on the same ports: a connection of its own. */
const late = (): string =>
  fileOf("late.pcapng", ["100 > S 9000", "101 < S. 700 ack 9001", "102 > . 9001 ack 701"]);

async function run(
  ...args: readonly string[]
): Promise<{ status: number; out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  const io: Io = {
    out: async (data) => void out!.push(String(data)),
    err: (line) => void err!.push(line),
    stdin: process.stdin,
    lang: "en",
    columns: 80,
    paint: PLAIN,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
  };
  const status = await findings.run(args, io);
  return { status, out: out!.join(""), err: err!.join("\n") };
}

test("findings alone are no failure; asked for, they are", async () => {
  const path = refused();
  const { status, out } = await run(path);
  expect(status).toBe(Exit.OK);
  expect(out).toMatch(/^error {2}connection-refused\n/);
  for (const what of ["error", "warning", "note", "errors", "reset,connection-refused"]) {
    expect((await run("--fail-on", what, path)).status).toBe(Exit.FAILED);
  }
  expect((await run("--fail-on", "reset", path)).status).toBe(Exit.OK);
  expect((await run("--fail-on", "warning", fine())).status).toBe(Exit.OK);
});

test("what is not asked for is left out, and still counts for --fail-on", async () => {
  const { status, out } = await run("--only", "reset", "--fail-on", "error", refused());
  expect(status).toBe(Exit.FAILED);
  expect(out).toMatch(/^Nothing of that kind was found in 1 connection/);
});

test("several files are one, merged by time; one that cannot be read stops nothing", async () => {
  const missing = join(folder, "missing.pcap");
  const { status, out, err } = await run(refused(), missing, late());
  expect(status).toBe(Exit.UNREADABLE);
  expect(out).toMatch(/^error {2}connection-refused\n/);
  expect(out).toContain(" in 2 connections (5 segments in 5 packets, ");
  expect(err).toContain("missing.pcap");
});

test("JSON: one object, in both languages", async () => {
  const [a, b] = [refused(), late()];
  const { out } = await run("-T", "json", "--only", "error", a, b);
  const found: unknown = JSON.parse(out);
  expect(found).toMatchObject({
    files: [a, b],
    errors: [],
    findings: [
      {
        id: "connection-refused",
        sentence: { zh: "服务端拒绝了连接：SYN 发出 1.00 ms 后收到复位（RST）。" },
        evidence: { frames: [1, 2], numbers: { syns: 1 } },
      },
    ],
    looked: { connections: 2 },
  });
});

test("what cannot be meant is a usage error", async () => {
  await expect(run()).rejects.toThrow(UsageError);
  await expect(run("--fail-on", "refused", refused())).rejects.toThrow(
    "did you mean connection-refused?",
  );
  await expect(run("--only", "syn", refused())).rejects.toThrow(
    "did you mean syn-unanswered, syn-retransmitted or syn-ack-retransmitted?",
  );
  await expect(run("-T", "xml", refused())).rejects.toThrow("-T xml: text and json are known");
  await expect(run("-", "-")).rejects.toThrow("standard input (-) can be read once");
});
