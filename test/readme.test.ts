/** The commands of the README do what it says, in both languages of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capture } from "../examples/capture.ts";
import { PcapngWriter } from "../src/pcap/pcapng-writer.ts";
import { packetOf } from "../src/testing/packets.ts";
import { LinkType } from "../src/wire/linktype.ts";
import { MAIN, shell } from "./seqack.ts";

/** Those that need no other terminal beside them. */
const ALONE = /^npx seqack (?:lab|story|read|segment|doctor) .*$/gm;

const LINES = [
  "0 > S 100 mss 1460",
  "0.1 < S. 300 ack 101 mss 1460",
  "0.2 > . 101 ack 301",
  "0.3 > P. 101:106(5) ack 301",
  "0.4 < F. 301 ack 106",
];

test.each(["README.md", "README.zh-CN.md"])("each command of %s works as it stands", (page) => {
  const commands = readFileSync(page, "utf8").match(ALONE) ?? [];
  expect(commands.length).toBeGreaterThanOrEqual(3);
  const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  const packets = LINES.map((line, i) => writer.packet(packetOf(line, i + 1)));
  writeFileSync(join(folder, "echo.pcapng"), Buffer.concat([...head, ...packets]));
  for (const command of commands) {
    const { status, stdout } = shell(
      `cd '${folder}' && ${command.replace("npx seqack", "seqack")}`,
    );
    expect({ command, status }).toEqual({ command, status: 0 });
    expect(stdout).not.toBe("");
  }
  rmSync(folder, { recursive: true });
});

/** A command of a console block, and all that is printed before the next one. */
const PRINTED = /^\$ npx (seqack .*)\n((?:(?!\$ |```).*\n)*)/gm;

test.each(["README.md", "README.zh-CN.md"])("what %s shows is what is printed", (page) => {
  const blocks = readFileSync(page, "utf8").match(/^```console\n[^]*?^```/gm) ?? [];
  const shown = [...blocks.join("").matchAll(PRINTED)];
  expect(shown.length).toBeGreaterThanOrEqual(3);
  const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
  writeFileSync(join(folder, "trace.pcapng"), capture);
  for (const [, command, printed] of shown) {
    const { stdout } = shell(`cd '${folder}' && ${command!}`);
    expect(stdout).toBe(printed);
  }
  rmSync(folder, { recursive: true });
});

test("the two commands of the README are scripts of the package", () => {
  const { scripts, bin }: { scripts: Record<string, string>; bin: Record<string, string> } =
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own package.json
    JSON.parse(readFileSync("package.json", "utf8")) as never;
  expect(scripts["start"]).toBe(`node ${bin["seqack"]} demo`);
  expect(MAIN.endsWith(bin["seqack"]!)).toBe(true);
  expect(readFileSync("README.md", "utf8")).toContain("npm ci && npm test");
});
