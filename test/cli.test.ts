/** The command line as a whole: help, languages, exit statuses, pipes. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { visible } from "../src/base/visible.ts";
import { PcapngWriter } from "../src/pcap/pcapng-writer.ts";
import { textWidth } from "../src/report/wrap.ts";
import { packetOf } from "../src/testing/packets.ts";
import { LinkType } from "../src/wire/linktype.ts";
import { seqack, shell } from "./seqack.ts";

const COMMANDS = ["demo", "serve", "dial", "capture", "read", "story", "segment", "view", "doctor"];

test("--help names every command, in both languages", () => {
  for (const lang of ["en", "zh"]) {
    const { status, stdout, stderr } = seqack(["--lang", lang, "--help"]);
    expect(status).toBe(0);
    expect(stderr).toBe("");
    for (const name of COMMANDS) expect(stdout).toContain(`seqack ${name}`);
    expect(/\p{Script=Han}/u.test(stdout)).toBe(lang === "zh");
  }
});

test.each(COMMANDS)("%s --help has a usage, in both languages, within 80 columns", (name) => {
  for (const lang of ["en", "zh"]) {
    const { status, stdout } = seqack([name, "--help", `--lang=${lang}`]);
    expect(status).toBe(0);
    expect(stdout).toContain(`seqack ${name}`);
    expect(stdout.split("\n").filter((line) => textWidth(line) > 80)).toEqual([]);
    expect(/\p{Script=Han}/u.test(stdout)).toBe(lang === "zh");
  }
});

test.each([
  [["frobnicate"], 'unknown command "frobnicate"'],
  [["conversation"], "did you mean conversations?"],
  [["read"], "seqack read --help"],
  [["read", "--frob", "x"], "--frob"],
  [["story"], "seqack story --help"],
  [["segment", "--hex", "zz"], "not a hexadecimal digit"],
  [["segment", "x.pcap", "1e309"], "1e309"],
  [["capture", "-c", "-1"], "-c"],
  [["--lang", "fr", "read"], "neither en nor zh"],
])("%j is a usage error: status 2 and how to get help", (args, says) => {
  const { status, stdout, stderr } = seqack(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(says);
  expect(stderr).toContain("--help");
});

test.each([
  ["no-such-file.pcap", "no such file"],
  [".", "directory"],
  ["/dev/null", "empty"],
  ["/dev/zero", "00 00 00 00"],
  ["package.json", "not a capture"],
])("every command that reads says why it cannot read %s, with status 4", (path, says) => {
  for (const args of [
    ["read", path],
    ["story", path],
    ["segment", path, "1"],
  ]) {
    const { status, stderr } = seqack(args);
    expect(status).toBe(4);
    expect(stderr.toLowerCase()).toContain(says);
    expect(stderr).not.toContain("    at ");
  }
});

test.each([
  ["no-such-file.pcap", "no-such-file.pcap: no such file.", "no-such-file.pcap：文件不存在。"],
  ["test", "test: it is a directory.", "test：它是一个目录。"],
  ["/dev/zero", "/dev/zero is no regular file", "/dev/zero 不是普通文件"],
])("view says at once why it cannot show %s, with status 4", (path, en, zh) => {
  for (const [lang, says] of [
    ["en", en],
    ["zh", zh],
  ] as const) {
    const { status, stdout, stderr } = seqack(["view", "--no-open", "--lang", lang, path]);
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    expect(stderr).toContain(says);
  }
});

test("a file name full of escapes is shown escaped", () => {
  const { stderr } = seqack(["read", "\x1b]0;x\x07\u202e.pcap"]);
  expect(stderr).toContain("\\x1b]0;x\\x07\\u202e.pcap");
  expect(visible(stderr.replaceAll("\n", ""))).toBe(stderr.replaceAll("\n", ""));
});

test("the locale decides the language, LC_ALL first", () => {
  expect(seqack(["frobnicate"], { env: { LANG: "zh_CN.UTF-8" } }).stderr).toContain("未知命令");
  const env = { LANG: "zh_CN.UTF-8", LC_ALL: "C" };
  expect(seqack(["frobnicate"], { env }).stderr).toContain("unknown command");
});

test("a reader that goes away is no error; a full disk is", () => {
  const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
  const file = join(folder, "many.pcapng");
  writeFileSync(file, manyPackets(20_000));
  const piped = shell(`seqack read '${file}' | head -n 1; echo "status \${PIPESTATUS[0]}"`);
  expect(piped.stdout.trimEnd().split("\n").at(-1)).toBe("status 0");
  expect(piped.stderr).toBe("");
  const full = shell(`seqack read '${file}' > /dev/full`);
  expect(full.status).toBe(1);
  expect(full.stderr).toContain("ENOSPC");
});

function manyPackets(count: number): Buffer {
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  const packet = packetOf("0 > S 100", 1);
  return Buffer.concat([...head, ...Array.from({ length: count }, () => writer.packet(packet))]);
}

test.each(["en", "zh"])("the list of commands fits 80 columns: %s", (lang) => {
  const { stdout } = seqack(["--lang", lang, "--help"]);
  expect(stdout.split("\n").filter((line) => textWidth(line) > 80)).toEqual([]);
});

test("help COMMAND is COMMAND --help", () => {
  const { status, stdout } = seqack(["help", "findings"]);
  expect([status, stdout]).toEqual([0, seqack(["findings", "--help"]).stdout]);
  expect(seqack(["help", "findngs"]).status).toBe(2);
});
