// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SHARED, testWith } from "../../test/needs.ts";
import { concat } from "../base/bytes.ts";
import { PLAIN } from "../report/paint.ts";
import { packetOf } from "../testing/packets.ts";
import { ClosedPipe, Exit, type Io, UsageError } from "./command.ts";
import { read } from "./read.ts";

const CONVERSATION = [
  "0 > S 100 mss 1460",
  "1 < S. 300 ack 101",
  "2 > . 101 ack 301",
  "3.5 > P. 101:106(5) ack 301",
  "4 < . 301 ack 106",
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqack-read-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A classic pcap of the conversation, raw IP. */
function pcap(lines: readonly string[] = CONVERSATION): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, 65_535, true);
  header.setUint32(20, 101, true);
  const records = lines.map((line, i) => {
    const { sec, nsec, view, capLen } = packetOf(line, i + 1);
    const record = new DataView(new ArrayBuffer(16));
    [sec, nsec / 1000, capLen, capLen].forEach((n, at) => record.setUint32(at * 4, n, true));
    return concat(new Uint8Array(record.buffer), new Uint8Array(view.buffer, 0, capLen));
  });
  return concat(new Uint8Array(header.buffer), ...records);
}

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(bytes: Uint8Array | string, ...args: readonly string[]): Promise<Ran> {
  const path = typeof bytes === "string" ? bytes : join(folder, "capture.pcap");
  if (typeof bytes !== "string") writeFileSync(path, bytes);
  const [out, err]: string[][] = [[], []];
  const status = await read.run(
    [path, ...args],
    fakeIo(async (data) => void out!.push(String(data)), err!),
  );
  return { status, out: out!.join(""), err: err!.join("\n") };
}

function fakeIo(out: Io["out"], err: string[]): Io {
  return {
    out,
    err: (line) => void err.push(line),
    stdin: process.stdin,
    lang: "en",
    columns: 80,
    paint: PLAIN,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
  };
}

const A = "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags";
const B = "IP 10.0.0.2.80 > 10.0.0.1.40000: Flags";

test("a line a segment, as tcpdump prints it", async () => {
  const { status, out } = await run(pcap());
  expect(status).toBe(Exit.OK);
  expect(out.split("\n")).toEqual([
    `00:00:00.000000 ${A} [S], seq 100, win 65535, options [mss 1460], length 0`,
    `00:00:00.001000 ${B} [S.], seq 300, ack 101, win 65535, length 0`,
    `00:00:00.002000 ${A} [.], ack 1, win 65535, length 0`,
    `00:00:00.003500 ${A} [P.], seq 1:6, ack 1, win 65535, length 5`,
    `00:00:00.004000 ${B} [.], ack 6, win 65535, length 0`,
    "",
  ]);
});

test.each([
  [["-t", "-q", "-c", "1"], "IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 0\n"],
  [["-t", "-S", "-Y", "tcp.len == 5"], `${A} [P.], seq 101:106, ack 301, win 65535, length 5\n`],
  [["-t", "src", "port", "80", "and", "tcp[13] == 16"], `${B} [.], ack 106, win 65535, length 0\n`],
  [
    ["-ttttt", "--nano", "-q", "-Y", "frame.number == 4"],
    " 00:00:00.000000000 IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 5\n",
  ],
  [
    ["-T", "fields", "-e", "tcp.seq", "-e", "tcp.port", "-E", "header=y", "-c", "1"],
    "tcp.seq\ttcp.port\n0\t40000,80\n",
  ],
  [
    [
      "-T",
      "fields",
      "-e",
      "tcp.port",
      "-e",
      "tcp.payload",
      "-E",
      "separator=,",
      "-E",
      "occurrence=l",
      "-E",
      "quote=d",
      "-c",
      "1",
    ],
    '"80",\n',
  ],
  [["-Y", "udp", "-T", "json"], "[]\n"],
])("%j", async (args, expected) => {
  expect((await run(pcap(), ...args)).out).toBe(expected);
});

test("JSON is JSON, of one frame and of many", async () => {
  const { out } = await run(pcap(), "-T", "json");
  const frames: unknown = JSON.parse(out);
  expect(frames).toHaveLength(5);
  expect(frames).toMatchObject({
    3: {
      _source: {
        layers: { frame: { "frame.number": "4" }, tcp: { "tcp.payload": "00:00:00:00:00" } },
      },
    },
  });
});

test("packets before the damage are shown, then where it is", async () => {
  const { status, out, err } = await run(pcap().subarray(0, -10));
  expect(out.split("\n")).toHaveLength(5);
  expect(err).toMatch(/after frame 4, at byte \d+/);
  expect(status).toBe(Exit.UNREADABLE);
});

test.each([
  [["tcp", "prt", "80"], "  tcp prt 80\n      ^^^"],
  [["-Y", "tcp.strem == 1"], "  tcp.strem == 1\n  ^^^^^^^^^"],
  [["-Y", 'tcp contains "收到" x'], '  tcp contains "收到" x\n                      ^'],
  [["-T", "fields", "-e", "tcp.sequence"], "did you mean"],
  [["-T", "fields"], "needs -e"],
  [["-T", "xml"], "-T xml"],
  [["-E", "quote=x"], "quote=x"],
  [["-c", "0"], "-c"],
])("%j is refused, and the place shown", async (args, message) => {
  const failed = await run(pcap(), ...args).catch((e: unknown) => e);
  expect(failed).toBeInstanceOf(UsageError);
  expect(String(failed)).toContain(message);
});

test("a filter that the link type cannot answer is refused", async () => {
  await expect(run(pcap(), "vlan", "3")).rejects.toThrow(/raw IP has no VLAN tags/);
});

test("whoever listens at a slow pipe is waited for, and a closed one ends the reading", async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i} > . 101 ack 301`);
  writeFileSync(join(folder, "capture.pcap"), pcap(lines));
  let writes = 0;
  const io = fakeIo(async () => {
    if (++writes === 2) throw new ClosedPipe("closed");
  }, []);
  await expect(read.run([join(folder, "capture.pcap")], io)).rejects.toThrow(ClosedPipe);
  expect(writes).toBe(2);
});

testWith("tshark", "shared")("fields with -E, as tshark prints them", async () => {
  const file = join(SHARED, "corpus/own+derived/eth-qinq9100.pcap");
  for (const settings of [
    ["header=y", "quote=d", "separator=,"],
    ["aggregator=;", "separator=/s", "quote=s"],
    ["occurrence=f"],
    ["occurrence=l", "separator=/t"],
  ]) {
    const args = [
      "-T",
      "fields",
      "-e",
      "vlan.id",
      "-e",
      "tcp.port",
      "-e",
      "tcp.payload",
      ...settings.flatMap((s) => ["-E", s]),
    ];
    const { stdout } = spawnSync("tshark", ["-n", "-r", file, ...args], { encoding: "utf8" });
    expect((await run(file, ...args)).out).toBe(stdout);
  }
});

testWith("shared")("a datagram of sFlow: its line, and the frames it tells of below", async () => {
  const file = join(SHARED, "corpus/the-tcpdump-group+tcpdump/tests__sflow_expanded.pcap");
  const { out } = await run(file, "-t");
  expect(out).toBe(
    "IP 192.0.2.100.47873 > 192.0.2.101.6343: sFlowv5, IPv4 agent 49.49.49.49, agent-id 0, length 328\n" +
      "    IP 52.52.52.52.22 > 53.53.53.53.52237: Flags [P.], seq 4166351748:4166351800, ack 2465226745, win 68, options [nop,nop,TS val 1569710715 ecr 3424906919], length 52\n",
  );
});
