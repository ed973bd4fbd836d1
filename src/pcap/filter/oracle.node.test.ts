/** Our programs against libpcap's: the same packets pass, for the same expression. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { viewOf } from "../../base/bytes.ts";
import { compileFilter } from "./compile.ts";
import type { BpfInsn } from "./bpf.ts";
import { EXPRESSIONS } from "./expressions.fixture.ts";
import { runBpf } from "./run.ts";
import { verifyBpf } from "./verify.ts";

const LINKS = { EN10MB: 1, RAW: 101, NULL: 0, LOOP: 108, LINUX_SLL: 113, LINUX_SLL2: 276 } as const;
type LinkName = keyof typeof LINKS;
const LINK_NAMES = ["EN10MB", "RAW", "NULL", "LOOP", "LINUX_SLL", "LINUX_SLL2"] as const;

/** A packet: bytes captured, and its length on the wire. */
interface Packet {
  readonly bytes: Uint8Array;
  readonly origLen: number;
}

/** What libpcap compiles, without its optimizer, which may leave out loads; `null` when it refuses. */
function libpcap(link: LinkName, expression: string): readonly BpfInsn[] | null {
  const { stdout, status } = spawnSync("tcpdump", ["-O", "-ddd", "-y", link, "--", expression], {
    encoding: "utf8",
  });
  if (status !== 0) return null;
  const [, ...rows] = stdout.trim().split("\n");
  return rows.map((row) => {
    const [code, jt, jf, k] = row.split(" ").map(Number);
    return { code: code!, jt: jt!, jf: jf!, k: k! };
  });
}

/** The packets of classic little-endian captures of one link type. */
function corpus(linkType: number, limit: number): Packet[] {
  const packets: Packet[] = [];
  const files = readdirSync(join(SHARED, "corpus"), { recursive: true, encoding: "utf8" });
  for (const file of files.toSorted()) {
    if (!statSync(join(SHARED, "corpus", file)).isFile()) continue;
    const bytes = readFileSync(join(SHARED, "corpus", file));
    const isClassic =
      bytes.length >= 24 && [0xa1b2c3d4, 0xa1b23c4d].includes(bytes.readUInt32LE(0));
    if (!isClassic || (bytes.readUInt32LE(20) & 0xffff) !== linkType) continue;
    for (let at = 24, n = 0; at + 16 <= bytes.length && n < 150; n++) {
      const capLen = bytes.readUInt32LE(at + 8);
      const origLen = bytes.readUInt32LE(at + 12);
      packets.push({ bytes: bytes.subarray(at + 16, at + 16 + capLen), origLen });
      at += 16 + capLen;
    }
    if (packets.length > limit) break;
  }
  return packets;
}

/** Bytes that look like packets: right types and protocols more often than by chance, cut anywhere. */
function randomPackets(seed: number, runs: number): Packet[] {
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0, 1, 6, 17, 0x45, 0x46, 0x60, 8, 0x81, 0x2c, 80, 0x86, 0xdd),
  );
  const header = fc.constantFrom(
    [8, 0, 0x45],
    [8, 0, 0x47],
    [0x86, 0xdd, 0x60],
    [0x81, 0, 0, 3],
    [8, 6, 0],
    [0, 100, 4],
  );
  const packet = fc
    .tuple(
      fc.array(byte, { minLength: 12, maxLength: 12 }),
      header,
      fc.array(byte, { maxLength: 80 }),
      fc.nat(200),
    )
    .map(([mac, type, rest, more]) => {
      const bytes = Uint8Array.from([...mac, ...type, ...rest]);
      return { bytes, origLen: bytes.length + more };
    });
  return fc.sample(packet, { seed, numRuns: runs });
}

/** Frames of NULL and LOOP whose family libpcap on this machine does not read as we do. */
function isOtherFamily(link: LinkName, { bytes }: Packet): boolean {
  if (link !== "NULL" && link !== "LOOP") return false;
  const family = bytes.length < 4 ? 0 : viewOf(bytes).getUint32(0, link === "NULL");
  return family !== 2 && family !== 10;
}

/** @param mayBeRefused libpcap runs out of registers before we do. */
function expectSame(
  link: LinkName,
  expression: string,
  packets: readonly Packet[],
  mayBeRefused = false,
): void {
  const theirs = libpcap(link, expression);
  if (theirs === null) {
    if (mayBeRefused) return;
    expect(() => compileFilter(expression, LINKS[link]), `${link}: ${expression}`).toThrow(
      SyntaxError,
    );
    return;
  }
  const ours = compileFilter(expression, LINKS[link]);
  expect(verifyBpf(ours)).toBeNull();
  for (const packet of packets) {
    if (isOtherFamily(link, packet)) continue;
    const view = viewOf(packet.bytes);
    const run = (program: readonly BpfInsn[]): number =>
      runBpf(program, view, 0, packet.bytes.length, packet.origLen);
    if (run(ours) === run(theirs)) continue;
    expect({ link, expression, packet, accepts: run(ours) }).toEqual({
      link,
      expression,
      packet,
      accepts: run(theirs),
    });
  }
}

testWith("tcpdump", "shared").each(LINK_NAMES)(
  "the same packets of the corpus pass: %s",
  (link) => {
    const packets = [...corpus(LINKS[link], 4000), ...randomPackets(7, 1500)];
    for (const expression of EXPRESSIONS) expectSame(link, expression, packets);
  },
  120_000,
);

/** Expressions of the language, by its grammar. */
const { expression: ANY_EXPRESSION } = fc.letrec<{ expression: string; arith: string }>((tie) => ({
  arith: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      "len",
      "0",
      "1",
      "6",
      "0x45",
      "40",
      "255",
      "tcp-syn",
      "tcp[13]",
      "ip[0]",
      "ip6[6]",
      "udp[0:2]",
      "ip[2:2]",
      "ether[12:2]",
      "icmp[icmptype]",
      "tcp[4:4]",
      "icmp6[0]",
    ),
    fc
      .tuple(
        fc.constantFrom("tcp", "ip", "ip6", "udp", "ether"),
        tie("arith"),
        fc.constantFrom("", ":2", ":4"),
      )
      .map(([p, i, size]) => `${p}[${i}${size}]`),
    fc
      .tuple(tie("arith"), fc.constantFrom("+", "-", "*", "&", "|", "/", "<<", ">>"), tie("arith"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie("arith"), fc.constantFrom(" + ", " - ", " * ", " & ", " | "), tie("arith"))
      .map((p) => p.join("")),
  ),
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      "tcp",
      "udp",
      "ip",
      "ip6",
      "arp",
      "icmp",
      "icmp6",
      "sctp",
      "esp",
      "less 60",
      "greater 60",
      "port 80",
      "tcp port 80",
      "src port 80",
      "udp dst port 53",
      "portrange 1-100",
      "tcp src portrange 70-90",
      "net 10.0.0.0/8",
      "host 127.0.0.1",
      "src host 10.0.0.1",
      "ip6 host ::1",
      "net fe80::/10",
      "ip proto 6",
      "proto 17",
      "ip6 proto 44",
      "src net 192.168",
      "dst net 10",
      "ether proto 0x800",
      "ip multicast",
      "src and dst port 80",
    ),
    fc
      .tuple(tie("arith"), fc.constantFrom("=", "==", "!=", "<", ">", "<=", ">="), tie("arith"))
      .map((p) => p.join(" ")),
    fc
      .tuple(tie("expression"), fc.constantFrom("and", "or", "&&", "||"), tie("expression"))
      .map((p) => p.join(" ")),
    tie("expression").map((e) => `not (${e})`),
    tie("expression").map((e) => `(${e})`),
    tie("expression").map((e) => `port 443 or 80 and (${e})`),
  ),
}));

testWith("tcpdump")(
  "the same packets pass for random expressions",
  () => {
    const packets = randomPackets(11, 400);
    fc.assert(
      fc.property(ANY_EXPRESSION, fc.constantFrom(...LINK_NAMES), (e, link) => {
        expectSame(link, e, packets, true);
      }),
      { numRuns: 300 },
    );
  },
  120_000,
);
