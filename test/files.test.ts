/** Several captures, joined ones and odd names, through the whole command line. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { concat } from "../src/base/bytes.ts";
import { PcapWriter } from "../src/pcap/pcap-writer.ts";
import { packetOf } from "../src/testing/packets.ts";
import { LinkType } from "../src/wire/linktype.ts";
import { testWith } from "./needs.ts";
import { MAIN, seqack } from "./seqack.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

function captureOf(...lines: readonly string[]): Uint8Array {
  const writer = new PcapWriter({ linkType: LinkType.RAW });
  return concat(writer.header(), ...lines.map((line, i) => writer.packet(packetOf(line, i + 1))));
}

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** What each end saw of a handshake, and of the data behind it. */
const CLIENT = captureOf("0 > S 100", "20 > . 101 ack 301", "30 > P. 101:111(10) ack 301");
const SERVER = captureOf("10 < S. 300 ack 101", "40 < . 301 ack 111");
const client = save("client.pcap", CLIENT);
const server = save("server.pcap.gz", gzipSync(SERVER));

const FLAGS = ["-T", "fields", "-e", "frame.number", "-e", "tcp.flags.str"];
const flagsOf = (stdout: string): string =>
  stdout.replaceAll("·", "").trimEnd().split("\n").join(" ").replaceAll("\t", ":");

test("read: the packets of several files in the order of time, numbered as one file", () => {
  const { status, stdout, stderr } = seqack(["read", client, server, ...FLAGS]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(flagsOf(stdout)).toBe("1:S 2:AS 3:A 4:AP 5:A");
});

test("read: a capture filter may stand behind the files, -r names them too", () => {
  const handshake = ["tcp[13]", "&", "2", "!=", "0"];
  for (const files of [
    [client, server],
    ["-r", client, "-r", server],
  ]) {
    const { status, stdout } = seqack(["read", ...files, ...handshake, ...FLAGS]);
    expect({ status, stdout: flagsOf(stdout) }).toEqual({ status: 0, stdout: "1:S 2:AS" });
  }
});

test("read: a wrong filter behind files is pointed at", () => {
  const { status, stderr } = seqack(["read", client, server, "tcp", "prot", "80"]);
  expect(status).toBe(2);
  expect(stderr).toContain("  tcp prot 80\n      ^^^^");
});

test("read: the name of a file that is missing is no filter", () => {
  const { status, stdout, stderr } = seqack(["read", client, "nosuch.pcap", server, ...FLAGS]);
  expect({ status, stdout: flagsOf(stdout) }).toEqual({
    status: 4,
    stdout: "1:S 2:AS 3:A 4:AP 5:A",
  });
  expect(stderr).toBe("seqack: Cannot read nosuch.pcap: no such file.\n");
});

test("story and segment take several files", () => {
  const told = seqack(["story", client, server]);
  expect(told).toMatchObject({ status: 0, stderr: "" });
  expect(told.stdout).toContain("#2");
  const drawn = seqack(["segment", client, server, "2"]);
  expect(drawn).toMatchObject({ status: 0, stderr: "" });
  expect(drawn.stdout).toContain("SYN");
});

test("standard input is one of the files, once", () => {
  const { status, stdout } = seqack(["read", "-", server, ...FLAGS], { input: CLIENT });
  expect({ status, stdout: flagsOf(stdout) }).toEqual({
    status: 0,
    stdout: "1:S 2:AS 3:A 4:AP 5:A",
  });
  expect(seqack(["read", "-", "-"]).status).toBe(2);
});

test("joined files are read on, and it is said where the next begins", () => {
  const joined = save("joined.pcap", concat(CLIENT, SERVER));
  const { status, stdout, stderr } = seqack(["read", joined, ...FLAGS]);
  expect({ status, stdout: flagsOf(stdout) }).toEqual({
    status: 0,
    stdout: "1:S 2:A 3:AP 4:AS 5:A",
  });
  expect(stderr).toContain(
    `joined.pcap: at byte ${CLIENT.length}, after frame 3: another pcap file begins here`,
  );
});

test("members of gzip that are each a capture are joined ones", () => {
  const members = save("members.gz", concat(gzipSync(CLIENT), gzipSync(SERVER)));
  const { status, stdout, stderr } = seqack(["read", members, ...FLAGS]);
  expect({ status, stdout: flagsOf(stdout) }).toEqual({
    status: 0,
    stdout: "1:S 2:A 3:AP 4:AS 5:A",
  });
  expect(stderr).toContain(`members.gz: at byte ${CLIENT.length}, after frame 3: another pcap`);
});

test("a damaged file of several is named, with its own byte", () => {
  const cut = save("cut.pcap", SERVER.subarray(0, -1));
  const { status, stderr } = seqack(["read", client, cut, ...FLAGS]);
  expect(status).toBe(4);
  expect(stderr).toMatch(/cut\.pcap: damaged after frame \d, at byte \d+: file is cut short/);
});

testWith("linux")("names that are not UTF-8 are opened, and shown by their bytes", () => {
  const script = String.raw`
    cd "$1" || exit 9
    cp client.pcap $'\xff.pcap'; cp joined.pcap $'\xfe.pcap'
    "$2" "$3" read $'\xff.pcap' -T fields -e frame.number
    "$2" "$3" read -r$'\xff.pcap' $'--read=\xfe.pcap' -T fields -e frame.number
    "$2" "$3" read $'no\xff.pcap'
  `;
  save("joined.pcap", concat(CLIENT, SERVER));
  const { stdout, stderr } = spawnSync(
    "bash",
    ["--norc", "-c", script, "bash", folder, process.execPath, MAIN],
    { encoding: "utf8", env: { LANG: "C.UTF-8", PATH: process.env["PATH"] } },
  );
  expect(stdout.trimEnd().split("\n")).toHaveLength(3 + 8);
  expect(stderr).toContain(String.raw`seqack: \xfe.pcap: at byte `);
  expect(stderr).toContain(String.raw`seqack: Cannot read no\xff.pcap: no such file.`);
});
