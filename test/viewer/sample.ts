/** A small capture for the page's tests: two connections, one with a retransmission. */
import { concat } from "../../src/base/bytes.ts";
import { PcapngWriter } from "../../src/pcap/pcapng-writer.ts";
import type { RecordedEvent } from "../../src/pcap/event.ts";
import { callsOf, packetOf } from "../../src/testing/packets.ts";
import { sampleAt } from "../../src/testing/samples.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import { withError } from "../../src/viewer/model/ladder.fixture.ts";
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

/** Calls of the first connection's programs; the last one's error is hostile. */
const CALLS = [
  "client dial -0.5 2",
  "client write 2.5 2.6 10",
  "server accept -5 2.1",
  "server read 2.2 251 10",
  "server write 251.5 251.6 20",
  "client read 3 252.5 20",
  "client close 253.5 253.6",
];
const HOSTILE_ERROR = "<img src=x onerror=alert(1)>\u202e";

/** The capture. */
export const SAMPLE: CaptureBytes = { name: "sample.pcapng", bytes: sampleBytes([]) };

/** The same with its programs' calls. */
export const CALLED: CaptureBytes = {
  name: "called.pcapng",
  bytes: sampleBytes(withError(callsOf(CALLS), "close", HOSTILE_ERROR)),
};

/** An acknowledgement with SACK, which is read from the file again when it is drawn. */
export const SACKED: CaptureBytes = {
  name: "sacked.pcapng",
  bytes: sampleBytes([], [...FIRST.slice(0, 4), "5 < . 301 ack 111 win 5000 sack 121 131"]),
};

/** The client's stack paced, and said so. */
export const PACED: CaptureBytes = {
  name: "paced.pcapng",
  bytes: sampleBytes([
    sampleAt(3, { pacingRate: 600 }),
    sampleAt(200, { pacingRate: 500 }),
    sampleAt(256, { pacingRate: 500, flight: 10 }),
  ]),
};

function sampleBytes(calls: readonly RecordedEvent[], first = FIRST): Uint8Array<ArrayBuffer> {
  const writer = new PcapngWriter();
  const parts = [writer.section(), writer.iface({ linkType: LinkType.RAW, snapLen: 0 })];
  const packets = [
    ...first.map((line, i) => packetOf(line, i + 1)),
    ...SECOND.map((line, i) =>
      packetOf(line, first.length + i + 1, { client: 40_001, server: 81 }),
    ),
  ];
  for (const packet of packets) parts.push(writer.packet(packet));
  const clock = { kind: "clock", source: "test", errorNs: 1000 } as const;
  if (calls.length > 0) parts.push(writer.events([clock, ...calls]));
  return concat(...parts);
}

/** Connections that each are one SYN. */
export function manyConnections(count: number): CaptureBytes {
  const writer = new PcapngWriter();
  const parts = [writer.section(), writer.iface({ linkType: LinkType.RAW, snapLen: 0 })];
  for (let i = 0; i < count; i++) {
    parts.push(writer.packet(packetOf(`${i} > S 100`, i + 1, { client: 10_000 + i, server: 80 })));
  }
  return { name: "many.pcapng", bytes: concat(...parts) };
}
