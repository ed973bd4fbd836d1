import { expect, test } from "vitest";
import { concat } from "../../base/bytes.ts";
import { PcapngWriter } from "../../pcap/pcapng-writer.ts";
import { packetOf, traceOf } from "../../testing/packets.ts";
import { LinkType } from "../../wire/linktype.ts";
import { TcpAssertionError } from "./assertion-error.ts";
import { expectTcp } from "./expect-tcp.ts";

/** A round trip of 10 ms, an answer after 12 ms more, and an orderly end. */
const GOOD = [
  "0 > S 100 mss 1460",
  "10 < S. 300 ack 101 mss 1460",
  "10 > . 101 ack 301",
  "10.5 > P. 101:106(5) ack 301",
  "22 < P. 301:311(10) ack 106",
  "22.1 > F. 106 ack 311",
  "32 < F. 311 ack 107",
  "32.1 > . 107 ack 312",
];

function recordingOf(lines: readonly string[]): Uint8Array {
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  return concat(...head, ...lines.map((line, i) => writer.packet(packetOf(line, i + 1))));
}

/** What the assertion throws. */
function failureOf(check: () => unknown): TcpAssertionError {
  try {
    check();
  } catch (e) {
    if (e instanceof TcpAssertionError) return e;
    throw e;
  }
  throw new Error("it holds");
}

test("everything holds for a good connection, from bytes and from a trace", () => {
  for (const recording of [
    recordingOf(GOOD),
    new Uint8Array(recordingOf(GOOD)).buffer,
    traceOf(GOOD),
  ]) {
    expectTcp(recording)
      .connections(1)
      .noRetransmissions()
      .noZeroWindow()
      .noResets()
      .handshakeWithin(10)
      .firstByteWithin(2, "rtt")
      .firstByteWithin(12)
      .bytes("client", 5)
      .bytes("server", (n) => n >= 10)
      .closedCleanly()
      .noFindings();
  }
});

test("a retransmission is named with its frame, as an AssertionError", () => {
  const lines = [...GOOD.slice(0, 4), "300 > P. 101:106(5) ack 301", ...GOOD.slice(4)];
  const failure = failureOf(() => expectTcp(recordingOf(lines)).noRetransmissions());
  expect(failure.message).toBe(
    "Expected no retransmissions in stream 0 (10.0.0.1:40000 → 10.0.0.2:80), got 1 (frame 5)",
  );
  expect(failure).toMatchObject({
    name: "AssertionError",
    code: "ERR_ASSERTION",
    operator: "noRetransmissions",
    actual: [5],
    expected: [],
    frames: [5],
  });
});

test.each([
  ["handshakeWithin", "it took 10.0 ms, see frame 1"],
  ["firstByteWithin", "it took 12.0 ms, see frame 5"],
] as const)("%s says how long it took", (name, message) => {
  expect(failureOf(() => expectTcp(recordingOf(GOOD))[name](9)).message).toContain(message);
});

test("round trips are those of the handshake", () => {
  const { message } = failureOf(() => expectTcp(recordingOf(GOOD)).firstByteWithin(1, "rtt"));
  expect(message).toContain("it took 1.20 rtt (12.0 ms)");
});

test("what cannot be measured does not hold", () => {
  const expectation = expectTcp(recordingOf(GOOD.slice(3)));
  expect(failureOf(() => expectation.handshakeWithin(99)).message).toContain("not captured");
  expect(failureOf(() => expectation.firstByteWithin(99)).message).toContain("not captured");
  const silent = expectTcp(recordingOf(GOOD.slice(0, 3)));
  expect(failureOf(() => silent.firstByteWithin(99)).message).toContain("the server sent no data");
});

test("a reset, a closed window, an end that is not clean", () => {
  const reset = expectTcp(recordingOf([...GOOD.slice(0, 4), "20 < R. 301 ack 106"]));
  expect(failureOf(() => reset.noResets()).frames).toEqual([5]);
  expect(failureOf(() => reset.closedCleanly()).message).toContain("it was reset (frame 5)");
  const open = expectTcp(recordingOf(GOOD.slice(0, 6)));
  expect(failureOf(() => open.closedCleanly()).message).toContain("not both ends");
  const closed = expectTcp(recordingOf([...GOOD.slice(0, 4), "20 < . 301 ack 106 win 0"]));
  expect(failureOf(() => closed.noZeroWindow()).frames).toEqual([5]);
});

test("bytes sent twice count once", () => {
  const lines = [...GOOD.slice(0, 4), "300 > P. 101:109(8) ack 301"];
  expectTcp(recordingOf(lines)).bytes("client", 8);
  const { message } = failureOf(() => expectTcp(recordingOf(lines)).bytes("client", 5));
  expect(message).toContain("Expected 5 bytes from the client of stream 0");
});

test("findings by severity and by id", () => {
  const refused = expectTcp(recordingOf(["0 > S 100", "1 < R. 0 ack 101"]));
  expect(failureOf(() => refused.noFindings()).message).toMatch(
    /^Expected no findings \(warning\), got error connection-refused in stream 0: .* \(frames 1, 2\)/,
  );
  refused.noFindings("reset", "retransmissions");
  expect(failureOf(() => refused.noFindings("connection-refused")).actual).toEqual([
    "connection-refused",
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as JavaScript may call it
  expect(() => refused.noFindings("refused" as never)).toThrow(RangeError);
});

test("nothing holds for a recording without connections, or without the one asked for", () => {
  const empty = expectTcp(recordingOf([]));
  empty.connections(0);
  expect(failureOf(() => empty.noResets()).message).toBe(
    "Expected a TCP connection in the recording, got none (0 packets in the recording)",
  );
  const good = expectTcp(recordingOf(GOOD));
  good.port(80).stream(0).noResets();
  expect(failureOf(() => good.port(443).noResets()).message).toContain("in port 443, got none");
  expect(failureOf(() => good.stream(1).noResets()).message).toContain("in stream 1, got none");
});

test("what is no recording, or half a one, is refused", () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as JavaScript may call it
  expect(() => expectTcp("trace.pcap" as never)).toThrow(TypeError);
  expect(() => expectTcp(new Uint8Array(100))).toThrow(SyntaxError);
  expect(() => expectTcp(recordingOf(GOOD).subarray(0, -5))).toThrow(/after frame 7/);
});
