/** Whole lines against tcpdump, the way to TCP against tshark, on every capture of the corpus that fits. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { missing, SHARED, testWith } from "../../test/needs.ts";
import { viewOf } from "../base/bytes.ts";
import { isLinkTypeRead, LinkType } from "./linktype.ts";
import { describePacket } from "./packet-describe.ts";
import { findTcp, newPacketPath } from "./path.ts";
import { tcpHeaderLen, tcpSeq } from "./tcp.ts";

interface Frame {
  readonly at: number;
  readonly capLen: number;
  readonly origLen: number;
}

interface Capture {
  readonly v: DataView;
  readonly linkType: number;
  readonly frames: readonly Frame[];
}

/** Frames of a classic pcap file; null for another format. */
function readPcap(file: string): Capture | null {
  const v = viewOf(readFileSync(file));
  const magic = v.getUint32(0, true);
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) return null;
  const frames: Frame[] = [];
  for (let o = 24; o + 16 <= v.byteLength;) {
    const capLen = Math.min(v.getUint32(o + 8, true), v.byteLength - o - 16);
    frames.push({ at: o + 16, capLen, origLen: v.getUint32(o + 12, true) });
    o += 16 + capLen;
  }
  return { v, linkType: v.getUint32(20, true) & 0xffff, frames };
}

function run(program: string, args: readonly string[]): string[] {
  const { stdout } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return stdout.split("\n").slice(0, -1);
}

const FILES: readonly string[] =
  missing("shared") === null
    ? readFileSync(`${SHARED}corpus/corpus.tsv`, "latin1")
        .split("\n")
        .slice(1, -1)
        .map((line) => `${SHARED}corpus/${line.split("\t")[0]!}`)
    : [];

const SEGMENT =
  /^IP6? (?:truncated-ip6? - \d+ bytes missing! ?)?\S+ > \S+: (?:(?:HBH|DSTOPT|(?:RT6|frag) \(.*?\)|AH\(.*?\):) )*(?:\d+ > \d+: )?Flags \[.*?(?:length \d+|\[bad opt\]\]?|$)/;

/** Lines of segments; where tcpdump decodes the application too, up to its length. */
function comparable(line: string): string | null {
  const found = SEGMENT.exec(line);
  return found === null ? null : found[0].replace(/uto 0x(\S+) \d+/, "uto 0x$1");
}

/** tcpdump says what is wrong with its link header in front, and prints MD5 without a secret at length. */
function differs(ours: string, theirs: string): boolean {
  const line = comparable(theirs);
  return line !== null && !theirs.includes("md5") && comparable(ours) !== line;
}

function compareWithTcpdump(): void {
  let compared = 0;
  const wrong: string[] = [];
  for (const file of FILES) {
    const capture = readPcap(file);
    // Cooked v2 is printed with the interface's name in front.
    if (capture === null || !isLinkTypeRead(capture.linkType)) continue;
    if (capture.linkType === LinkType.LINUX_SLL2) continue;
    const { v, linkType, frames } = capture;
    // Decoded applications print further lines, which are indented.
    const theirs = run("tcpdump", ["-n", "-t", "-S", "-r", file]).filter((l) => !/^\s/.test(l));
    if (theirs.length !== frames.length) continue;
    for (const [i, { at, capLen, origLen }] of frames.entries()) {
      if (comparable(theirs[i]!) !== null) compared++;
      const ours = describePacket(v, at, capLen, origLen, linkType);
      if (differs(ours, theirs[i]!)) wrong.push(`${file} ${i + 1}\n  ${ours}\n  ${theirs[i]}`);
    }
  }
  expect(wrong.slice(0, 9)).toEqual([]);
  expect(compared).toBeGreaterThan(20_000);
}

testWith("tcpdump", "shared")(
  "segments are printed as tcpdump prints them",
  compareWithTcpdump,
  120_000,
);

/** One IP header, whole TCP: tunnels, ICMP quotes and fragments are not for findTcp(). */
function isPlain(protocols: string): boolean {
  if (!/^(?:eth|sll|null|raw|ip|ipv6)\b/.test(protocols)) return false;
  return !/icmp|gre|udp|ip:.*ip|mpls|ppp|etag|vntag|cmd|ieee8021ah|frag|ipv6:ip|ipcomp|pppoes/.test(
    protocols,
  );
}

function compareWithTshark(): void {
  let compared = 0;
  const wrong: string[] = [];
  const path = newPacketPath();
  const fields = ["frame.protocols", "tcp.len", "tcp.seq_raw"];
  const args = ["-T", "fields", ...fields.flatMap((f) => ["-e", f])];
  // tshark takes long to start: every tenth file.
  for (const file of FILES.filter((_, i) => i % 10 === 0)) {
    const capture = readPcap(file);
    if (capture === null || !isLinkTypeRead(capture.linkType)) continue;
    const { v, linkType, frames } = capture;
    const theirs = run("tshark", ["-n", "-r", file, ...args]);
    for (const [i, { at, capLen, origLen }] of frames.entries()) {
      const [protocols, len, seq] = (theirs[i] ?? "").split("\t");
      if (len === undefined || len === "" || !isPlain(protocols!)) continue;
      compared++;
      findTcp(v, at, capLen, origLen, linkType, path);
      const ours =
        path.why ?? `${path.tcpLen - tcpHeaderLen(v, path.tcpAt)} ${tcpSeq(v, path.tcpAt)}`;
      if (ours !== `${len} ${seq}`) wrong.push(`${file} ${i + 1} ${protocols}: ${ours}`);
    }
  }
  expect(wrong.slice(0, 9)).toEqual([]);
  expect(compared).toBeGreaterThan(2000);
}

testWith("tshark", "shared")(
  "TCP is found where tshark finds it, with the same length",
  compareWithTshark,
  120_000,
);
