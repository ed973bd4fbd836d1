import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import type { Finding } from "./finding.ts";
import { FindingSink } from "./read-findings.ts";

/** What is found in the packets of the lines; these have no checksums, which goes without saying. */
function findingsOf(...lines: readonly string[]): readonly Finding[] {
  const sink = new FindingSink();
  for (const [i, line] of lines.entries()) sink.onPacket(packetOf(line, i + 1));
  return sink.finish().findings.filter(({ id }) => id !== "checksum-offload");
}

const idsOf = (...lines: readonly string[]): string[] => findingsOf(...lines).map(({ id }) => id);

/** 10 ms from end to end; numbers go on at 101 and 301. */
const HANDSHAKE = ["0 > S 100 mss 1460", "10 < S. 300 ack 101 mss 1460", "10.1 > . 101 ack 301"];

test("nothing is found in a handshake", () => {
  expect(idsOf(...HANDSHAKE)).toEqual([]);
});

test("refused: the SYN is answered by a reset", () => {
  const [found, ...rest] = findingsOf("0 > S 100 mss 1460", "10 < R. 0 ack 101");
  expect(rest).toEqual([]);
  expect(found).toMatchObject({
    id: "connection-refused",
    severity: "error",
    stream: 0,
    client: "10.0.0.1:40000",
    server: "10.0.0.2:80",
    evidence: { frames: [1, 2], atNs: 0, numbers: { syns: 1, afterNs: 10e6 } },
  });
  expect(found!.sentence.en).toBe(
    "The server refused the connection: it answered the SYN with a reset after 10.0 ms.",
  );
});

test("refused again and again on the same ports is one finding", () => {
  const [found] = findingsOf("0 > S 100", "1 < R. 0 ack 101", "500 > S 100", "501 < R. 0 ack 101");
  expect(found).toMatchObject({ id: "connection-refused", evidence: { numbers: { syns: 2 } } });
});

test("never answered: the capture must go on for a second, or the SYN come again", () => {
  expect(idsOf("0 > S 100")).toEqual([]);
  const [found] = findingsOf("0 > S 100", "1000 > S 100", "3000 > S 100");
  expect(found).toMatchObject({
    id: "syn-unanswered",
    evidence: { frames: [1, 2, 3], numbers: { syns: 3, waitedNs: 3e9 } },
  });
  expect(found!.sentence.en).toContain("3 times (again after 1.00 s, 3.00 s)");
});

test("asked again and answered at last", () => {
  const lines = ["0 > S 100", "1000 > S 100", "1010 < S. 300 ack 101", "1011 > . 101 ack 301"];
  const found = findingsOf(...lines);
  expect(found.map(({ id }) => id)).toEqual(["syn-retransmitted"]);
  expect(found[0]!.evidence).toMatchObject({ frames: [1, 2, 3], numbers: { answerNs: 1.01e9 } });
});

test("the SYN-ACK goes unanswered, or is answered by a reset", () => {
  const lines = ["0 > S 100", "10 < S. 300 ack 101", "1010 < S. 300 ack 101"];
  expect(idsOf(...lines)).toEqual(["handshake-unfinished"]);
  expect(idsOf(...lines.slice(0, 2))).toEqual([]);
  expect(idsOf(...lines.slice(0, 2), "20 > R 101")).toEqual(["handshake-abandoned"]);
  expect(idsOf(...lines, "1020 > . 101 ack 301")).toEqual(["syn-ack-retransmitted"]);
});

test("options that were offered and not taken", () => {
  const [found] = findingsOf(
    "0 > S 100 mss 1460 wscale 7 sackOK ts 5 0",
    "10 < S. 300 ack 101 mss 1460 sackOK ts 9 5",
    "11 > . 101 ack 301 ts 6 9",
  );
  expect(found).toMatchObject({
    id: "options-not-taken",
    evidence: { numbers: { windowScale: 1 } },
  });
  expect(found!.sentence.en).toContain("offered window scaling;");
});

test("an option that nobody offered is not missed", () => {
  expect(
    idsOf("0 > S 100 mss 1460", "10 < S. 300 ack 101 mss 1460 sackOK", "11 > . 101 ack 301"),
  ).toEqual([]);
});

test("timestamps were agreed, and segments come without", () => {
  const agreed = ["0 > S 100 ts 5 0", "10 < S. 300 ack 101 ts 9 5", "11 > . 101 ack 301 ts 6 9"];
  expect(idsOf(...agreed)).toEqual([]);
  expect(idsOf(...agreed, "20 > . 101:111(10) ack 301")).toEqual(["timestamps-missing"]);
  // A reset need not have them (RFC 7323 §3.2).
  expect(idsOf(...agreed, "20 > R 101")).toEqual(["reset"]);
});

test("a small MSS", () => {
  expect(idsOf("0 > S 100 mss 536", ...HANDSHAKE.slice(1))).toEqual(["small-mss"]);
  expect(idsOf("0 > S 100 mss 1360", ...HANDSHAKE.slice(1))).toEqual([]);
});

test("the same SYN with another MSS", () => {
  expect(idsOf("0 > S 100 mss 1460", "5 > S 100 mss 1380", ...HANDSHAKE.slice(1))).toContain(
    "mss-changed",
  );
});

test("a handshake slower than all that follows", () => {
  const data = [1, 2, 3, 4, 5].flatMap((i) => [
    `${400 + i * 100} > P. ${91 + i * 10}:${101 + i * 10}(10) ack 301`,
    `${405 + i * 100} < . 301 ack ${101 + i * 10}`,
  ]);
  const slow = ["0 > S 100", "200 < S. 300 ack 101", "200.1 > . 101 ack 301"];
  expect(idsOf(...slow, ...data)).toEqual(["slow-handshake"]);
  expect(idsOf(...HANDSHAKE, ...data)).toEqual([]);
});

test("ports used again: told, and an error where the server still has the old connection", () => {
  const first = [...HANDSHAKE, "20 > F. 101 ack 301", "30 < F. 301 ack 102", "31 > . 102 ack 302"];
  const again = ["5000 > S 900", "5010 < S. 700 ack 901", "5011 > . 901 ack 701"];
  expect(idsOf(...first, ...again)).toEqual(["ports-reused"]);
  expect(idsOf(...first, "5000 > S 900", "5010 < . 302 ack 102", "5011 > R 102")).toContain(
    "ports-reused-too-soon",
  );
});
