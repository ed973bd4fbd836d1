import { expect, test } from "vitest";
import { callsOf, traceOf } from "../testing/packets.ts";
import { sixSteps } from "./steps.ts";
import { tellStory, type Story } from "./story.ts";

const OPEN = ["1 > S 100 mss 1460", "1.1 < S. 300 ack 101 mss 1460", "1.2 > . 101 ack 301"];

function story(lines: readonly string[], calls: readonly string[] = []): Story {
  return tellStory(traceOf(lines, callsOf(calls)), 0);
}

/** All English sentences of the story. */
function said(lines: readonly string[], calls: readonly string[] = []): string {
  return story(lines, calls)
    .sections.flatMap((s) => s.sentences)
    .map((s) => s.text.en)
    .join("\n");
}

test.each([
  ["refused", ["1 > S 100", "1.1 < R. 0 ack 101"], "The answer was a refusal (RST)"],
  ["unanswered", ["1 > S 100", "2 > S 100"], "Nobody answered."],
  ["open", [...OPEN], "still open: neither end has closed it"],
  [
    "open",
    ["1 > P. 7:9(2) ack 5"],
    "it starts in the middle. Which end is called the client is a guess",
  ],
  ["open", ["1 > P. 7:9(2) ack 5"], "The capture holds a single segment of it."],
  [
    "refused",
    ["1 > S 100", "1.1 < R. 0 ack 101", "500 > S 100", "500.1 < R. 0 ack 101"],
    "sent again 499 ms after the first SYN, though the answer had been no",
  ],
  [
    "reset",
    [...OPEN, "2 > P. 101:106(5) ack 301", "3 < R. 301 ack 106"],
    "The server broke the connection off (RST) after the client had sent 5 bytes.",
  ],
  [
    "reset",
    [OPEN[0]!, OPEN[2]!, "2 > P. 101:106(5) ack 301", "3 < R. 301 ack 106"],
    "The server broke the connection off (RST) after the client had sent 5 bytes.",
  ],
  [
    "reset",
    [...OPEN, "2 > F. 101 ack 301", "3 > R 102"],
    "The client broke the connection off (RST) after its own FIN.",
  ],
  [
    "open",
    ["0 > S 100", "0.1 < R. 0 ack 101", ...OPEN],
    "1 RST in the name of the server did not end it: the server sent more afterwards.",
  ],
  [
    "open",
    ["0 > S 100", "0.1 < . 7 ack 5", "0.2 > R 5", ...OPEN],
    "1 RST in the name of the client did not end it: the client sent more afterwards.",
  ],
  [
    "reset",
    [...OPEN, "2 > P. 106:111(5) ack 301", "3 > R 111", "3.1 > P. 101:106(5) ack 301"],
    "The client broke the connection off (RST)",
  ],
  [
    "half-closed",
    [...OPEN, "2 > F. 101 ack 301", "202 > F. 101 ack 301"],
    "The client's FIN was sent again once.",
  ],
  [
    "half-closed",
    [...OPEN, "2 > F. 101 ack 301", "2.1 < . 301 ack 102"],
    "the server has not closed its own direction",
  ],
  [
    "closed",
    [...OPEN, "2 > F. 101 ack 301", "2.1 < F. 301 ack 102", "2.2 > . 102 ack 302"],
    "The end took 3 segments instead of 4",
  ],
  [
    "closed",
    [
      ...OPEN,
      "2 < F. 301 ack 101",
      "2.1 > . 101 ack 302",
      "5 > F. 101 ack 302",
      "5.1 < . 302 ack 102",
    ],
    "The end took 4 segments: the client confirmed first and sent its own FIN 2.90 ms later.",
  ],
  [
    "closed",
    [...OPEN, "2 > F. 101 ack 301", "2 < F. 301 ack 101", "3 > . 102 ack 302", "3 < . 302 ack 102"],
    "Both ends closed at the same time",
  ],
  [
    "closed",
    [
      ...OPEN,
      "2 > F. 101 ack 301",
      "2.1 < . 301 ack 102",
      "3 < P. 301:309(8) ack 102",
      "3.1 > . 102 ack 309",
      "4 < F. 309 ack 102",
      "4.1 > . 102 ack 310",
    ],
    "After that the server still sent 8 bytes",
  ],
  [
    "closed",
    [...OPEN, "2 > FP. 101:106(5) ack 301", "2.1 < F. 301 ack 107", "2.2 > . 107 ack 302"],
    "on the segment with its last 5 bytes",
  ],
] as const)("%s: %j", (outcome, lines, sentence) => {
  expect(story(lines).outcome).toBe(outcome);
  expect(said(lines)).toContain(sentence);
});

test.each([
  [
    "wscale",
    OPEN.map((l) => l.replace("mss 1460", "mss 1460 wscale 7")),
    "multiplied by 128, the server's by 128",
  ],
  [
    "one wscale",
    [OPEN[0]!, "1.1 < S. 300 ack 101 wscale 7"],
    "Only the server offered to scale windows",
  ],
  ["two sizes", [OPEN[0]!, "1.1 < S. 300 ack 101 mss 536"], "(MSS): client 1,460, server 536."],
  ["no size", ["1 > S 1", "1.1 < S. 300 ack 2"], "then 536 bytes of payload count as safe"],
  [
    "sack and time stamps",
    ["1 > S 1 sackOK ts 1 0", "1.1 < S. 3 ack 2 sackOK ts 2 1"],
    "naming data that arrived behind a gap (SACK) and time stamps in every segment",
  ],
  [
    "no ECN",
    ["1 > SEW 1", "1.1 < S. 3 ack 2"],
    "The client offered congestion signals from routers (ECN); the server did not",
  ],
  ["a cookie", ["1 > S 1 tfo", "1.1 < S. 3 ack 2 tfo 0011223344556677"], "and got one"],
  [
    "fast open",
    ["1 > S 1:201(200) tfo 0011223344556677", "1.1 < S. 3 ack 202"],
    "SYN already carried 200 bytes (fast open); the server took them",
  ],
  [
    "fast open in vain",
    ["1 > S 1:201(200) tfo 0011223344556677", "1.1 < S. 3 ack 2"],
    "did not take them",
  ],
  ["data on a SYN", ["1 > S 1:201(200)", "1.1 < S. 3 ack 2"], "SYN already carried 200 bytes; the"],
  [
    "SYN again",
    ["1 > S 100", "1001 > S 100", "1001.1 < S. 300 ack 101"],
    "sent again 1.00 s after the first SYN",
  ],
  [
    "both at once",
    ["0 > S 100", "1 < S 300", "2 > S. 100 ack 301", "3 < S. 300 ack 101"],
    "asked at the same time",
  ],
  [
    "no SYN",
    ["1 < S. 300 ack 101", "1.2 > . 101 ack 301"],
    "The client's request (SYN) is not in the capture.",
  ],
] as const)("opening with %s", (_, lines, sentence) => {
  expect(said(lines)).toContain(sentence);
});

test.each([
  ["nothing", [...OPEN, "2 > F. 101 ack 301"], "Nobody sent a single byte"],
  [
    "bytes sent again",
    [...OPEN, "2 > P. 101:106(5) ack 301", "3 > P. 101:106(5) ack 301"],
    "1 segment with 5 bytes was sent again.",
  ],
  [
    "a gap",
    [...OPEN, "2 > P. 151:156(5) ack 301"],
    "50 bytes of what the client sent are not in the capture",
  ],
  [
    "one way",
    [OPEN[0]!, OPEN[2]!, "2 > P. 101:106(5) ack 301"],
    "The capture holds only what the client sent",
  ],
  [
    "one way, the other way",
    [OPEN[1]!, "2 < . 301 ack 1101", "3 < . 301 ack 2101 win 0"],
    "They confirm 2,000 bytes from the client (a FIN counts as one).",
  ],
  [
    "one way, and a closed window",
    [OPEN[1]!, "2 < . 301 ack 1101", "3 < . 301 ack 2101 win 0"],
    "The server said in 1 segment that it has no room left",
  ],
  [
    "keep-alives",
    [...OPEN, "2 > P. 101:106(5) ack 301", "3 < . 301 ack 106", "60 > . 105:106(1) ack 301"],
    "1 segment from the client carried nothing new, only to see whether the server is still there",
  ],
  [
    "a keep-alive before any byte",
    ["1 < . 301 ack 101", "2 > . 100:101(1) ack 301", "3 < . 300 ack 101"],
    "1 segment from the server carried nothing new",
  ],
  [
    "last bytes sent again",
    [...OPEN, "2 > P. 101:103(2) ack 301", "300 > . 101:103(2) ack 301", "301 < . 301 ack 103"],
    "1 segment with 2 bytes was sent again.",
  ],
  [
    "probes of a closed window",
    [
      ...OPEN,
      "2 > P. 101:106(5) ack 301",
      "3 < . 301 ack 106 win 0",
      "300 > . 106:107(1) ack 301",
      "301 < . 301 ack 106 win 0",
      "900 > . 106:107(1) ack 301",
      "901 < . 301 ack 106 win 0",
    ],
    "1 segment from the client carried nothing new, only to see whether the server is still there or has room again",
  ],
  [
    "a closed window",
    [...OPEN, "2 > P. 101:106(5) ack 301", "3 < . 301 ack 106 win 0"],
    "no room left (window 0): the client then has to wait",
  ],
  [
    "large segments",
    [...OPEN, "2 > P. 101:20101(20000) ack 301"],
    "1 segment is larger than the receiver wants",
  ],
] as const)("transfer with %s", (_, lines, sentence) => {
  expect(said(lines)).toContain(sentence);
});

test("a server that answers a later SYN with another number: bytes count from the one that was confirmed", () => {
  const told = said([
    OPEN[0]!,
    "1.1 < S. 2000000300 ack 101",
    "1000 > S 100",
    "1000.1 < S. 300 ack 101",
    "1000.2 > . 101 ack 301",
    "1001 < P. 301:306(5) ack 101",
    "1001.1 > . 101 ack 306",
    "1002 < S. 2000000300 ack 101",
  ]);
  expect(told).toContain("named the start of its own count: 300.");
  expect(told).toContain(
    "2 segments in the name of the server count from another start (2000000300): no part of what follows.",
  );
  expect(told).toContain("The server sent 5 bytes, carried by 1 segment; 1 acknowledgement");
  expect(told).not.toContain("not in the capture");
  expect(told).not.toContain("all but");
});

test("both sides of a device that rewrites numbers: one connection, told once", () => {
  const told = said([
    OPEN[0]!,
    "1.1 < S. 90000300 ack 5001",
    "1.1 < S. 300 ack 101",
    "1.2 > . 101 ack 301",
    "2 < P. 90000301:90000306(5) ack 5001",
    "2 < P. 301:306(5) ack 101",
    "3 < F. 90000306 ack 5001",
    "3 < F. 306 ack 101",
    "3.1 > F. 101 ack 307",
    "3.2 < . 90000307 ack 5002",
    "3.2 < . 307 ack 102",
  ]);
  expect(told).toContain(
    "4 segments in the name of the server count from another start (90000300) and acknowledge 5001, which the client had not sent",
  );
  expect(told).toContain("The server sent 5 bytes, carried by 1 segment; 1 acknowledgement");
  expect(told).toContain("The end took 3 segments instead of 4");
  expect(told).not.toMatch(/again|not in the capture/);
});

test("an answer that acknowledges what was not sent is no agreement", () => {
  const told = said([OPEN[0]!, "1.1 < S. 300 ack 7", "1.2 > R 7"]);
  expect(told).toContain("but acknowledged 7, which the client had not sent");
  expect(told).not.toContain("agreed (SYN");
});

test("a leap of acknowledgements is no amount of bytes", () => {
  const told = said(["1 > P. 7:9(2) ack 5", "2 > P. 9:11(2) ack 1600000005"]);
  expect(told).toContain("Their acknowledgements leap by 1,600,000,000, farther than any window");
  expect(told).not.toContain("They confirm");
});

test("a connection of years is told with a doubt", () => {
  const years = 20 * 365 * 86_400_000;
  expect(said([...OPEN, `${years} > . 101 ack 301`])).toContain("d, if the times in the file are");
});

test("an answer to a SYN that crossed is not a SYN sent again", () => {
  const told = said(["0 > S 100", "1 < S 300", "2 > S. 100 ack 301", "3 < S. 300 ack 101"]);
  expect(told).not.toContain("again");
});

test("what is captured twice was not sent again", () => {
  const once = [...OPEN, "2 > P. 101:106(5) ack 301", "3 < F. 301 ack 106", "4 > F. 106 ack 302"];
  const copies = once.map((line) => line.replace(/^[\d.]+/, (ms) => String(Number(ms) + 0.01)));
  const told = said(once.flatMap((line, i) => [line, copies[i]!]));
  expect(told).toContain("5 of these are in it a second time");
  expect(told).toContain("The client sent 5 bytes, carried by 1 segment;");
  expect(told).not.toContain("again");
  expect(said([...once, "5 > F. 106 ack 302"])).toContain("FIN was sent again once");
});

test("writes, their segments, and reads that are cut otherwise", () => {
  const text = said(
    [
      ...OPEN,
      "2 > P. 101:20101(20000) ack 301 gso 1448",
      "2.1 < . 301 ack 20101",
      "3 > P. 20101:20111(10) ack 301",
    ],
    [
      "client dial 0.9 1.15",
      "server accept 0.2 1.3",
      "client write 1.9 2 20000",
      "server read 1.4 2.2 128",
      "server read 2.2 2.3 19872",
      "client write 2.9 3 10",
      "server read 2.4 3.1 10",
    ],
  );
  expect(text).toContain(
    "The client's write 1 of 20,000 bytes became 1 segment on this interface, which the network card would cut into 14, confirmed 100 µs later.",
  );
  expect(text).toContain("with 3 reads, cut otherwise than the 2 writes");
});

test("six steps name their calls and segments, whatever stands between", () => {
  // The first write goes with the handshake's last segment, the answer carries the acknowledgement.
  const trace = traceOf(
    [
      ...OPEN.slice(0, 2),
      "1.2 > P. 101:106(5) ack 301",
      "1.6 < P. 301:321(20) ack 106",
      "2 > F. 106 ack 321",
      "2.1 < F. 321 ack 107",
      "2.2 > . 107 ack 322",
    ],
    callsOf([
      "server listen 0 0.1",
      "client dial 0.9 1.15",
      "server accept 0.2 1.3",
      "client write 1.16 1.2 5",
      "server read 1.3 1.4 5",
      "server write 1.5 1.6 20",
      "client read 1.3 1.7 20",
      "client close 1.9 2",
      "server read 1.7 2.05 eof",
      "server close 2.06 2.1",
    ]),
  );
  expect(
    sixSteps(trace, 0).map((s) => [s.number, s.calls.map((c) => c.op).join(), s.frames.join()]),
  ).toEqual([
    [1, "listen", ""],
    [2, "dial", "1"],
    [3, "accept", "2,3"],
    [4, "write,read", "3,4"],
    [5, "write,read", "4,5"],
    [6, "close,read,close", "5,6,7"],
  ]);
});

test("every stream of random segments has a story in both languages", () => {
  const letters = ["S", "S.", ".", "P.", "F.", "R", "R.", "SF", "none", "FPU"];
  for (let seed = 1; seed < 300; seed++) {
    let x = seed;
    const next = (n: number): number => (x = (x * 1_103_515_245 + 12_345) % 2 ** 31) % n;
    const lines = Array.from({ length: 1 + next(8) }, (_, i) => {
      const arrow = next(2) === 0 ? ">" : "<";
      return `${i} ${arrow} ${letters[next(10)]} ${100 + next(4)}:0(${next(3)}) ack ${100 + next(4)} win ${next(3)}`;
    });
    const trace = traceOf(lines);
    for (let stream = 0; stream < trace.streams; stream++) {
      const shown = JSON.stringify(tellStory(trace, stream));
      expect(shown).not.toMatch(/undefined|NaN|Infinity|null|-\d/);
    }
  }
});
