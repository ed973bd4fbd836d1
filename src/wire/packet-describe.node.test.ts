/** Whole lines against tcpdump, the way to TCP against tshark, on every capture of the corpus that fits. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { missing, SHARED, testWith } from "../../test/needs.ts";
import { viewOf } from "../base/bytes.ts";
import { isLinkTypeRead, LinkType } from "./linktype.ts";
import { describePacket } from "./packet-describe.ts";
import { findTcp, newPacketPath } from "./path.ts";

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

/** Lines of segments; where tcpdump decodes the application too, up to its length. */
function comparable(line: string): string | null {
  const found = /^IP6? \S+\.\d+ > \S+\.\d+: .*?Flags \[.*?(?:length \d+|\[bad opt\]\]?|$)/.exec(
    line,
  );
  return found === null ? null : found[0].replace(/uto 0x(\S+) \d+/, "uto 0x$1");
}

/** tcpdump says what is wrong with its link header in front, and prints MD5 without a secret at length. */
function differs(ours: string, theirs: string): boolean {
  const line = comparable(theirs);
  return line !== null && !theirs.includes("md5") && comparable(ours) !== line;
}

testWith("tcpdump", "shared")(
  "segments are printed as tcpdump prints them",
  () => {
    let compared = 0;
    const wrong: string[] = [];
    for (const file of FILES) {
      const capture = readPcap(file);
      if (capture === null || !isLinkTypeRead(capture.linkType)) continue;
      // Version 2 has no line in front with -q … but an interface name: left out.
      if (capture.linkType === LinkType.LINUX_SLL2) continue;
      const { v, linkType, frames } = capture;
      const theirs = run("tcpdump", ["-n", "-t", "-S", "-r", file]).filter((l) => !/^\s/.test(l));
      if (theirs.length !== frames.length) continue;
      for (const [i, { at, capLen, origLen }] of frames.entries()) {
        const ours = describePacket(v, at, capLen, origLen, linkType);
        if (comparable(theirs[i]!) !== null) compared++;
        if (differs(ours, theirs[i]!)) wrong.push(`${file} ${i + 1}\n  ${ours}\n  ${theirs[i]}`);
      }
    }
    console.log(compared, wrong.length);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(compared).toBeGreaterThan(20_000);
  },
  120_000,
);

testWith("tshark", "shared")(
  "TCP is found where tshark finds it, with the same length",
  () => {
    let compared = 0;
    const wrong: string[] = [];
    const path = newPacketPath();
    const fields = ["frame.protocols", "tcp.len", "tcp.seq_raw"];
    const args = ["-T", "fields", ...fields.flatMap((f) => ["-e", f])];
    for (const file of FILES.filter((_, i) => i % 4 === 0)) {
      const capture = readPcap(file);
      if (capture === null || !isLinkTypeRead(capture.linkType)) continue;
      const { v, linkType, frames } = capture;
      const theirs = run("tshark", ["-n", "-r", file, ...args]);
      for (const [i, { at, capLen, origLen }] of frames.entries()) {
        const [protocols, len, seq] = theirs[i]!.split("\t");
        // One IP header, whole TCP: tunnels, ICMP quotes and fragments are not for findTcp().
        if (!/^(?:eth|sll|null|raw|ip|ipv6)\b/.test(protocols!) || len === "") continue;
        if (/icmp|gre|udp|ip:.*ip|mpls|ppp|etag|vntag|cmd|ieee8021ah|frag/.test(protocols!))
          continue;
        compared++;
        const found = findTcp(v, at, capLen, origLen, linkType, path);
        const ours = found
          ? `${path.tcpLen - ((v.getUint8(path.tcpAt + 12) >>> 4) << 2)} ${v.getUint32(path.tcpAt + 4)}`
          : path.why;
        if (ours !== `${len} ${seq}`)
          wrong.push(`${file} ${i + 1} ${protocols}: ${ours}, not ${len} ${seq}`);
      }
    }
    console.log(compared, wrong.length);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(compared).toBeGreaterThan(5000);
  },
  240_000,
);
