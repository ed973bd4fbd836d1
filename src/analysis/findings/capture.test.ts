import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { setTcpChecksum } from "../../wire/checksum.ts";
import type { Finding } from "./finding.ts";
import { FindingSink } from "./read-findings.ts";

/** What is found in the packets of the lines; these have no checksums, which goes without saying. */
function findingsOf(...lines: readonly string[]): readonly Finding[] {
  const sink = new FindingSink();
  for (const [i, line] of lines.entries()) sink.onPacket(packetOf(line, i + 1));
  return sink.finish().findings.filter(({ id }) => id !== "checksum-offload");
}

const idsOf = (...lines: readonly string[]): string[] => findingsOf(...lines).map(({ id }) => id);

const OPEN = ["0 > S 100 mss 1460", "1 < S. 300 ack 101 mss 1460", "1.1 > . 101 ack 301"];

const after = (...lines: string[]): string[] => idsOf(...OPEN, ...lines);

test("no packets, and packets without TCP", () => {
  const empty = new FindingSink().finish();
  expect(empty.findings).toMatchObject([{ id: "no-tcp", stream: null, client: "" }]);
  expect(empty.looked).toEqual({ packets: 0, segments: 0, connections: 0, spanNs: 0 });
  const sink = new FindingSink();
  const packet = packetOf("0 > S 100", 1);
  packet.view.setUint8(9, 17);
  sink.onPacket(packet);
  expect(sink.finish().findings[0]!.sentence.en).toBe(
    "The capture holds 1 packet and no TCP segment.",
  );
});

test("acknowledged, but not captured", () => {
  expect(after("5 > P. 101:111(10) ack 301", "6 < . 301 ack 111")).toEqual([]);
  const found = findingsOf(...OPEN, "6 < . 301 ack 151");
  expect(found).toMatchObject([
    { id: "capture-missed-packets", evidence: { frames: [4], numbers: { missedBytes: 50 } } },
  ]);
});

test("begun before the capture, or one side only", () => {
  const talk = ["0 > P. 101:111(10) ack 301", "1 < . 301 ack 111"];
  expect(idsOf(...talk)).toEqual(["began-before-capture"]);
  const [late] = findingsOf(...talk, "2 > P. 111:121(10) ack 301", "3 < . 301 ack 121");
  expect(late!.evidence.frames).toEqual([1]);
  const half = ["0 > P. 101:111(10) ack 301", "5 > P. 111:121(10) ack 311", "9 > . 121 ack 400"];
  expect(idsOf(...half)).toEqual(["one-direction-captured"]);
});

test("a packet that stands there twice was not sent again", () => {
  const sink = new FindingSink();
  const lines = [...OPEN, "5 > P. 101:111(10) ack 301", "5.5 > P. 101:111(10) ack 301"];
  for (const [i, line] of lines.entries()) {
    const packet = packetOf(line, i + 1);
    packet.view.setUint16(4, 7 + Math.min(i, 3));
    sink.onPacket(packet);
  }
  const ids = sink.finish().findings.map(({ id }) => id);
  expect(ids).toContain("packets-twice");
  expect(ids).not.toContain("retransmissions");
});

test("a file that was put behind itself says nothing new", () => {
  const lines = [...OPEN, "5 > P. 101:111(10) ack 301", "6 < P. 301:321(20) ack 111"];
  const more = Array.from(
    { length: 8 },
    (_, i) => `${i + 7} > P. ${111 + i}:${112 + i}(1) ack 321`,
  );
  expect(idsOf(...lines, ...more, ...lines, ...more)).toEqual(["time-went-back", "packets-twice"]);
});

/** The lines with right checksums, but for those marked with an exclamation mark. */
function checked(...lines: readonly string[]): string[] {
  const sink = new FindingSink();
  for (const [i, line] of lines.entries()) {
    const packet = packetOf(line.replace("!", ""), i + 1);
    setTcpChecksum(packet.view, 0, 20, packet.capLen - 20);
    if (line.endsWith("!")) packet.view.setUint16(36, packet.view.getUint16(36) ^ 0x5555);
    sink.onPacket(packet);
  }
  return sink.finish().findings.map(({ id }) => id);
}

test("wrong checksums: accepted, damaged, or not finished yet", () => {
  const data = "5 > P. 101:111(10) ack 301";
  expect(checked(...OPEN, data, "6 < . 301 ack 111")).toEqual([]);
  expect(checked(...OPEN, `${data}!`, "6 < . 301 ack 111")).toEqual([
    "checksum-wrong-but-accepted",
  ]);
  expect(checked(...OPEN, `${data}!`, data.replace("5", "250"), "251 < . 301 ack 111")).toContain(
    "bad-checksum",
  );
  const sink = new FindingSink();
  sink.onPacket(packetOf("0 > S 100", 1));
  sink.onPacket(packetOf("1 < S. 300 ack 101", 2));
  expect(sink.finish().findings.map(({ id }) => id)).toEqual([
    "checksum-offload",
    "checksum-offload",
  ]);
});

test("segments larger than the MSS", () => {
  expect(after("5 > . 101:3021(2920) ack 301", "6 < . 301 ack 3021")).toEqual(["segments-joined"]);
  expect(after("5 > . 101:1561(1460) ack 301", "6 < . 301 ack 1561")).toEqual([]);
});

test("cut short, dropped, and a clock that goes back", () => {
  const sink = new FindingSink();
  const cut = packetOf("5 > P. 101:111(10) ack 301", 1);
  sink.onPacket({ ...cut, capLen: 40 });
  sink.onPacket(packetOf("1 < . 301 ack 111", 2));
  sink.onStats({ iface: 0, received: 9, dropped: 7 });
  const ids = sink.finish().findings.map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining(["packets-cut", "time-went-back", "capture-dropped-packets"]),
  );
});

test("of very many findings of a kind a hundred are kept and the others counted", () => {
  const sink = new FindingSink();
  for (let i = 0; i < 150; i++) {
    const ports = { client: 40_000 + i, server: 80 };
    sink.onPacket(packetOf(`${i} > S 100`, 2 * i + 1, ports));
    sink.onPacket(packetOf(`${i + 0.5} < R. 0 ack 101`, 2 * i + 2, ports));
  }
  const { findings, more, looked } = sink.finish();
  expect(findings.filter(({ id }) => id === "connection-refused")).toHaveLength(100);
  expect(more).toContainEqual({ id: "connection-refused", severity: "error", count: 50 });
  expect(looked.connections).toBe(150);
});
