/** A small capture for the page's tests: two connections, one with a retransmission. */
import { concat } from "../../src/base/bytes.ts";
import { PcapngWriter } from "../../src/pcap/pcapng-writer.ts";
import { packetOf } from "../../src/testing/packets.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import type { CaptureBytes } from "./browser.ts";

const FIRST = [
  "0 > S 100 win 65535 mss 1460",
  "1 < S. 300 ack 101 win 65535 mss 1460",
  "2 > . 101 ack 301 win 65535",
  "3 > P. 101:111(10) ack 301 win 65535",
  "250 > P. 101:111(10) ack 301 win 65535",
  "251 < . 301 ack 111 win 65535",
  "252 < P. 301:321(20) ack 111 win 65535",
  "253 > . 111 ack 321 win 65535",
  "254 > F. 111 ack 321 win 65535",
  "255 < F. 321 ack 112 win 65535",
  "256 > . 112 ack 322 win 65535",
];
const SECOND = ["300 > S 5000 win 1000", "301 < R. 0 ack 5001 win 0"];

/** Frame of the retransmission in {@link SAMPLE}. */
export const RETRANSMISSION = 5;

/** The capture. */
export const SAMPLE: CaptureBytes = { name: "sample.pcapng", bytes: sampleBytes() };

function sampleBytes(): Uint8Array<ArrayBuffer> {
  const writer = new PcapngWriter();
  const parts = [writer.section(), writer.iface({ linkType: LinkType.RAW, snapLen: 0 })];
  const packets = [
    ...FIRST.map((line, i) => packetOf(line, i + 1)),
    ...SECOND.map((line, i) =>
      packetOf(line, FIRST.length + i + 1, { client: 40_001, server: 81 }),
    ),
  ];
  for (const packet of packets) parts.push(writer.packet(packet));
  return concat(...parts);
}
