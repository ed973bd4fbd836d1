import { expect, test } from "vitest";
import { concat } from "../base/bytes.ts";
import { PcapWriter } from "../pcap/pcap-writer.ts";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { CaptureReader } from "../pcap/reader.ts";
import { packetOf } from "../testing/packets.ts";
import { LinkType } from "../wire/linktype.ts";
import { TraceBuilder } from "./builder.ts";
import type { Trace } from "./trace.ts";

/** Some with options, so that blocks differ; together several windows long. */
const PACKETS = Array.from({ length: 300 }, (_, i) => {
  const len = (i * 7919) % 14_000;
  return packetOf(`${i} > P. ${i}:${i + len}(${len}) ack 1 win 1000`, i + 1);
});

const FILES = {
  pcap: () => {
    const writer = new PcapWriter({ linkType: LinkType.RAW });
    return concat(writer.header(), ...PACKETS.map((p) => writer.packet(p)));
  },
  pcapng: () => {
    const writer = new PcapngWriter();
    const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
    const packets = PACKETS.map((p, i) => writer.packet({ ...p, comments: i % 3 ? [] : ["c"] }));
    return concat(...head, ...packets);
  },
};

/** Reads the file in chunks of `size`, keeping its bytes or not. */
function traceOf(file: Uint8Array, size: number, isKept: boolean, reads: number[] = []): Trace {
  const builder = new TraceBuilder();
  if (!isKept) {
    builder.readAgainBy((from, to) => {
      reads.push(from);
      return file.slice(from, to);
    });
  }
  const reader = new CaptureReader(builder);
  for (let at = 0; at < file.length; at += size) reader.push(file.slice(at, at + size));
  reader.end();
  return builder.build();
}

test.each(["pcap", "pcapng"] as const)("the packets of a %s file are read again", (kind) => {
  const file = FILES[kind]();
  const kept = traceOf(file, 100_000, true);
  for (const size of [777, 100_000]) {
    const reads: number[] = [];
    const again = traceOf(file, size, false, reads);
    expect(again.packets.length).toBe(PACKETS.length);
    for (let row = 0; row < kept.packets.length; row++) {
      const bytes = kept.bytesOf(row);
      expect(again.bytesOf(row).every((byte, i) => byte === bytes[i])).toBe(true);
    }
    // In order, a window at a time.
    expect(reads.length).toBe(Math.ceil(file.length / 2 ** 20));
  }
});

test("a file that has become shorter shows zeros, one that cannot be read throws", () => {
  const file = FILES.pcap();
  const builder = new TraceBuilder();
  let left = 0;
  builder.readAgainBy((from, to) => {
    if (left < 0) throw new Error("The file has changed");
    return file.slice(from, Math.min(to, left));
  });
  new CaptureReader(builder).push(file);
  const trace = builder.build();
  expect(trace.bytesOf(299).every((byte) => byte === 0)).toBe(true);
  left = -1;
  expect(() => new Uint8Array(trace.viewOf(0).view.buffer)).toThrow("The file has changed");
});
