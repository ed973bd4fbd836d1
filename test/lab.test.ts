/** The lab as a user runs it: what it prints, what the story says, and tshark as the witness. */
// oxlint-disable vitest/no-standalone-expect -- testWith(...) is test
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stringWidth from "string-width";
import { afterAll, expect, test } from "vitest";
import { visible } from "../src/base/visible.ts";
import { SCENARIOS } from "../src/lab/catalogue.ts";
import { tsharkFields } from "./demo-oracle.ts";
import { testWith } from "./needs.ts";
import { seqack } from "./seqack.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-lab-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a scenario into a file; the file. */
function lab(scenario: string, ...options: readonly string[]): string {
  const file = join(folder, `${scenario}.pcapng`);
  const { status, stderr } = seqack(["lab", scenario, "-w", file, ...options]);
  expect({ scenario, status, stderr }).toEqual({ scenario, status: 0, stderr: "" });
  return file;
}

/** What the story must say of each scenario, by which it can be told from others. */
const TELLS: readonly (readonly [scenario: string, en: RegExp, zh: RegExp])[] = [
  ["echo", /5\. The server sends data/, /5\. 服务端向客户端发送数据/],
  ["request-response", /write 5 of 100 bytes became 1 segment/, /第 5 次 write（100 字节）/],
  ["small-writes", /cut otherwise than the 100 writes/, /与 100 次 write 的边界并不一致/],
  ["nagle", /Nagle's algorithm, which waits for an ACK, was the limit for 9\d %/, /Nagle 算法占 9/],
  ["keep-alive", /\d to see whether the peer lives \(keep-alive\)/, /确认对方还在（保活）/],
  ["refused", /The answer was a refusal \(RST\)/, /对方拒绝了（RST）/],
  ["unanswered", /Nobody answered\./, /没有收到任何回答/],
  ["lossy-start", /1 lost on the wire/, /1 个在线路上丢失/],
  ["bulk", /grew to \d+ in slow start/, /在慢启动中随着每次确认增长到/],
  ["lossy", /\d+ lost on the wire/, /个在线路上丢失/],
  ["tail-loss", /retransmission timer fired/, /重传定时器触发/],
  ["reorder", /though the link lost nothing/, /其实链路什么也没丢/],
  ["slow-reader", /the server's window was the limit for \d+ %/, /服务端的接收窗口占 \d+ %/],
  ["zero-window", /it was closed for 4\.\d+ s/, /其中关闭了 4\.\d+ s/],
  [
    "bufferbloat",
    /round trips of 4\d\.\d ms to [2-9]\d\d ms/,
    /往返时间为 4\d\.\d ms 到 [2-9]\d\d ms/,
  ],
  ["path-mtu", /too big for the way/, /太大，无法通过/],
  ["two-flows", /^Connection 1:/m, /^连接 1：/m],
  ["half-close", /closed its direction first/, /关闭了自己的方向/],
  ["simultaneous-close", /at the same time|both|crossed/i, /同时/],
  ["reset", /RST/, /RST/],
  ["crash", /retransmission timer fired/, /重传定时器触发/],
  ["reboot", /RST/, /RST/],
];

test("every scenario is among those tested", () => {
  expect(TELLS.map(([name]) => name).toSorted()).toEqual(SCENARIOS.map((s) => s.name).toSorted());
});

test.each(TELLS)("the story of %s says what it is for, in both languages", (name, en, zh) => {
  const file = lab(name);
  for (const [lang, words] of [
    ["en", en],
    ["zh", zh],
  ] as const) {
    const env = { COLUMNS: "9999" };
    const { status, stdout } = seqack(["story", file, "--lang", lang], { env });
    expect(status).toBe(0);
    // Laid out for reading: a sentence goes over lines.
    const flat = stdout.replaceAll(/\n {2}(?! )/g, lang === "en" ? " " : "");
    expect(flat).toMatch(words);
  }
});

test.each(["en", "zh"])("what it prints in %s is plain text within 80 and 120 columns", (lang) => {
  for (const columns of [80, 120]) {
    const env = { COLUMNS: String(columns) };
    const list = seqack(["lab", "--list", "--lang", lang], { env }).stdout;
    const help = seqack(["lab", "--help", "--lang", lang], { env }).stdout;
    const file = join(folder, "x.pcapng");
    const said = seqack(["lab", "lossy", "-w", file, "--lang", lang], { env }).stdout;
    for (const text of [list, help, said.replaceAll(file, "x.pcapng")]) {
      expect(visible(text.replaceAll("\n", ""))).toBe(text.replaceAll("\n", ""));
      expect(text.split("\n").filter((line) => stringWidth(line) > columns)).toEqual([]);
    }
  }
});

test("two runs with the same seed are the same file, and -w - writes it to stdout", () => {
  const options = ["--loss", "3%", "--jitter", "2ms", "--seed", "7", "--bytes", "100kB"];
  const a = readFileSync(lab("bulk", ...options));
  const b = readFileSync(lab("bulk", ...options));
  expect(a.equals(b)).toBe(true);
  const { stdout, stderr } = seqack(["lab", "refused", "-w", "-"]);
  expect(stdout.length).toBeGreaterThan(500);
  expect(stderr).toContain("refused: nobody listens");
});

test("fields tell what the stack wrote down: why each segment left, and its variables", () => {
  const file = lab("tail-loss");
  const told = (...words: string[]): string[] =>
    seqack(["read", file, "-T", "fields", ...words])
      .stdout.trimEnd()
      .split("\n");
  const whys = told("-e", "seqack.stack.why");
  expect(whys.slice(0, 2)).toEqual(["syn", "syn-ack"]);
  expect(whys).not.toContain("");
  const again = ["-Y", 'seqack.stack.why == "timeout"', "-e", "tcp.analysis.retransmission"];
  const names = ["recovery", "cwnd", "mss", "rto"].flatMap((name) => [
    "-e",
    `seqack.stack.${name}`,
  ]);
  const [isAgain, recovery, cwnd, mss, rto] = told(...again, ...names)[0]!.split("\t");
  expect([isAgain, recovery]).toEqual(["1", "open"]);
  expect(Number(cwnd)).toBeGreaterThanOrEqual(Number(mss));
  expect(rto).toMatch(/^\d\.\d{9}$/);
});

test("seqack segment tells why a segment left, by its sender's own account", () => {
  const file = lab("tail-loss");
  const env = { COLUMNS: "9999" };
  const read = seqack([
    "read",
    file,
    "-Y",
    "tcp.analysis.retransmission",
    "-T",
    "fields",
    "-e",
    "frame.number",
  ]);
  const [frame] = read.stdout.split("\n");
  const told = seqack(["segment", file, frame!], { env }).stdout.replaceAll(/\s+/g, " ");
  expect(told).toContain("wrote down why it left: sent again after a timeout.");
  expect(told).toMatch(/Its variables before: ESTABLISHED, cwnd [\d,]+ \(.*\), ssthresh .*, rto /);
  expect(seqack(["segment", file, frame!, "--lang", "zh"], { env }).stdout).toContain("超时后重传");
});

test("--at both makes a file for each machine", () => {
  const file = lab("echo", "--at", "both");
  const beside = file.replace(/\.pcapng$/, "-server.pcapng");
  const [client, server] = [file, beside].map((path) => seqack(["read", path]).stdout.split("\n"));
  expect(client).toHaveLength(server!.length);
  expect(client).not.toEqual(server);
});

test.each([
  [["nothing-of-the-kind"], 'unknown scenario "nothing-of-the-kind"'],
  [[], "which scenario?"],
  [["bulk", "echo"], "lab takes one scenario"],
  [["bulk", "--loss", "101%"], 'option --loss: "101%" is not a share'],
  [["bulk", "--loss=-1"], 'option --loss: "-1" is not a share'],
  [["bulk", "--loss-up", "NaN"], 'option --loss-up: "NaN" is not a share'],
  [["bulk", "--delay", "20"], 'option --delay: "20" is not a time'],
  [["bulk", "--delay", "1e9s"], 'option --delay: "1e9s" is not a time'],
  [["bulk", "--rate", "0mbit"], 'option --rate: "0mbit" is not a rate'],
  [["bulk", "--queue", "0"], 'option --queue: "0" is not a whole number'],
  [["bulk", "--mtu", "67"], 'option --mtu: "67" is not a whole number'],
  [["bulk", "-6", "--mtu", "1279"], 'option --mtu: "1279" is not a whole number'],
  [["bulk", "--cc", "bbr"], 'option --cc: "bbr" is none of reno, cubic'],
  [["bulk", "--profile", "__proto__"], 'option --profile: "__proto__" is none of linux'],
  [["bulk", "--bytes", "1TB"], 'option --bytes: "1TB" is not a number of bytes'],
  [["bulk", "--bytes", "101MB"], 'option --bytes: "101MB" is not a number of bytes'],
  [["bulk", "--seed", "\u001b[31m"], 'option --seed: "\\x1b[31m" is not a whole number'],
  [["bulk", "--at", "nowhere"], 'option --at: "nowhere" is none of client, server, both'],
  [["bulk", "--until", "0s"], 'option --until: "0s" is not a time'],
  [["bulk", "--ecn"], "option --ecn needs --codel"],
  [["bulk", "--burst", "3"], "option --burst needs --loss"],
  [["bulk", "--reorder-by", "1ms"], "option --reorder-by needs --reorder"],
  [["bulk", "--loss", "90%", "--burst", "2"], "cannot make up a loss of 90 %"],
  [["bulk", "-T", "xml"], "text and json are known"],
  [["bulk", "--frobnicate"], "unknown option --frobnicate"],
  [["echo", "--at", "both", "-w", "-"], "--at both makes two recordings"],
])("seqack lab %j is refused with what is wrong, and status 2", (args, message) => {
  const said = ["en", "zh"].map((lang) => {
    const { status, stdout, stderr } = seqack(["lab", ...args, "--lang", lang], { cwd: folder });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    return stderr;
  });
  expect(said[0]).toContain(message);
  expect(said[1]).toMatch(/\p{Script=Han}/u);
});

test("the summary as JSON", () => {
  const file = join(folder, "json.pcapng");
  const args = ["lab", "bulk", "-w", file, "-T", "json", "--bytes", "200kB", "--loss", "2%"];
  const summary: unknown = JSON.parse(seqack(args).stdout);
  expect(summary).toMatchObject({
    scenario: "bulk",
    files: [file],
    setup: { seed: 1, at: "client", bytes: 200_000 },
    connections: 1,
    end: "quiet",
    isDone: true,
    printed: [{ program: "server", line: "received 200000 bytes" }, { program: "client" }],
  });
});

testWith("tshark")("tshark reads the same segments under the same frame numbers", () => {
  const fields = ["frame.number", "frame.time_epoch", "tcp.srcport", "tcp.dstport"];
  fields.push("tcp.flags", "tcp.seq", "tcp.ack", "tcp.len", "tcp.window_size");
  for (const [name, ...options] of [["lossy"], ["zero-window"], ["echo", "-6"]] as const) {
    const file = lab(name, ...options);
    const args = ["read", file, "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
    expect(seqack(args).stdout).toBe(tsharkFields(file, fields));
  }
});

testWith("tshark")("tshark finds every checksum good", () => {
  const file = lab("lossy");
  const wrong = "tcp.checksum.status == 0 || ip.checksum.status == 0";
  const checks = ["tcp", "ip"].flatMap((p) => ["-o", `${p}.check_checksum:TRUE`]);
  const { stdout } = spawnSync("tshark", ["-r", file, ...checks, "-Y", wrong], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
});
