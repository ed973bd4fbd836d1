/** Display filters against tshark's: the same frames pass. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { FilterError } from "../../pcap/filter/error.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { FrameFeed } from "../fields/frame.ts";
import { parseDisplayFilter } from "./parser.ts";

const FILES = [
  "corpus/own+derived/lt-sll.pcap",
  "corpus/own+derived/eth-qinq9100.pcap",
  "corpus/CESNET+ipfixprobe/tests__functional__inputs__tls.pcap",
];

const FILTERS: readonly string[] = [
  "tcp",
  "!tcp",
  "not ip",
  "ip",
  "ipv6",
  "vlan",
  "udp or arp",
  "tcp.stream == 0",
  "tcp.stream eq 1",
  "tcp.port == 443",
  "tcp.port != 443",
  "tcp.port !== 443",
  "tcp.port ~= 443",
  "tcp.port === 443",
  "!(tcp.port == 443)",
  "any tcp.port > 50000",
  "all tcp.port > 5000",
  "tcp.port in {80, 443, 5000..5002}",
  "tcp.len in {0, 1400 .. 1500}",
  "tcp.srcport < 1024",
  "tcp.dstport >= 1024",
  "tcp.srcport < tcp.dstport",
  "tcp.flags.syn",
  "tcp.flags.syn == 1",
  "tcp.flags.syn == 0 && tcp.len > 0",
  "tcp.flags & 0x02",
  "tcp.flags == 0x0018",
  "tcp.flags.reset == True",
  'tcp.flags.str contains "S"',
  "tcp.seq == 1 and tcp.ack == 1",
  "tcp.seq_raw gt 0x80000000",
  "tcp.window_size_scalefactor == -1",
  "tcp.options.mss_val",
  "tcp.options.sack_le",
  "tcp.options contains 01:01:08",
  "tcp.payload",
  'tcp.payload contains "GET"',
  'tcp.payload[0:3] == "GET"',
  "tcp.payload[0:2] == 16:03",
  "tcp.payload[0] == 16",
  "tcp.payload[-1] == 0a",
  'tcp.payload matches "^(get|post) /"',
  'tcp.payload matches "\\\\x16\\\\x03[\\\\x00-\\\\x04]"',
  'tcp.payload matches "host: [a-z.]+"',
  'tcp matches "http/1\\\\.[01]"',
  "tcp contains 00:00:00",
  'frame contains "com"',
  "frame[12:2] == 08:00",
  "tcp[0:2] == 01:bb",
  "eth.addr == 02:00:00:00:00:01",
  "eth.src[0:3] == 02:00:00",
  "eth.type == 0x8100",
  "vlan.id == 42",
  "vlan.id != 42",
  "ip.addr == 10.99.1.0/24",
  "ip.src == 10.99.1.2",
  "ip.addr != 10.99.1.2",
  "ip.src != 192.168.0.0/16",
  "ip.src < 10.99.1.3",
  "ip.ttl > 60 and ip.ttl < 70",
  "ip.flags.df == 1",
  "ip.len >= 1500",
  "ip.version == 6",
  "ipv6.addr == fd99::/16",
  "ipv6.src == fd99::2",
  "ipv6.dst == fd99::/127",
  "frame.number <= 5",
  "frame.number == 3 or frame.number == 4 and tcp.len == 5",
  "(frame.number == 3 or frame.number == 4) and tcp.len == 0",
  "frame.len > 1000 && frame.cap_len > 1000",
  "frame.len > ip.len",
  "frame.time_relative < 0.5",
  "frame.time_delta > 0.01",
  "frame.time_epoch > 1700000000",
  "tcp.time_delta >= 0.1",
  "tcp && !(tcp.flags.ack == 1) || udp",
  "! ! tcp",
  // What cannot be read.
  "tcp.foo",
  "tcp ==",
  "tcp.len == abc",
  "tcp.port == ",
  "tcp.port in {80",
  "tcp.port in 80",
  "tcp xor ip",
  "(tcp",
  "tcp)",
  "ip.addr == 10.0.0.0/33",
  "ip.addr == 10.0.0",
  'tcp.len contains "a"',
  'tcp.payload matches "("',
  "tcp.payload[",
  "&& tcp",
];

function tshark(file: string, filter: string): string[] | null {
  const { stdout, status } = spawnSync(
    "tshark",
    ["-n", "-r", file, "-Y", filter, "-T", "fields", "-e", "frame.number"],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  return status === 0 ? stdout.split("\n").filter((line) => line !== "") : null;
}

function ours(bytes: Uint8Array, filter: string): string[] | null {
  const passed: string[] = [];
  try {
    const test = parseDisplayFilter(filter);
    const feed = new FrameFeed((frame) => {
      if (test(frame)) passed.push(String(frame.packet.frame));
    });
    const reader = new CaptureReader(new SegmentTracker(feed));
    reader.push(bytes);
    reader.end();
    return passed;
  } catch (e) {
    if (e instanceof FilterError) return null;
    throw e;
  }
}

function expectSame(file: string): void {
  const path = join(SHARED, file);
  const bytes = readFileSync(path);
  for (const filter of FILTERS) {
    expect({ filter, passed: ours(bytes, filter) }).toEqual({
      filter,
      passed: tshark(path, filter),
    });
  }
}

testWith("tshark", "shared").each(FILES)("the same frames pass: %s", expectSame, 300_000);
