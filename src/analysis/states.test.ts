import { expect, test } from "vitest";
import { traceOf } from "../testing/packets.ts";
import { STATES, trackStates } from "./states.ts";

const OPEN = ["0 > S 100", "1 < S. 300 ack 101", "2 > . 101 ack 301"];

/** `client / server` after each segment, from the first. */
function states(lines: readonly string[]): string[] {
  const { initial, client, server } = trackStates(traceOf(lines), 0);
  return [
    initial.join(" / "),
    ...Array.from(client, (c, i) => `${STATES[c]} / ${STATES[server[i]!]}`),
  ];
}

test("three segments open, four close", () => {
  expect(
    states([
      ...OPEN,
      "3 > F. 101 ack 301",
      "4 < . 301 ack 102",
      "5 < F. 301 ack 102",
      "6 > . 102 ack 302",
    ]),
  ).toEqual([
    "CLOSED / LISTEN",
    "SYN-SENT / LISTEN",
    "ESTABLISHED / SYN-RECEIVED",
    "ESTABLISHED / ESTABLISHED",
    "FIN-WAIT-1 / CLOSE-WAIT",
    "FIN-WAIT-2 / CLOSE-WAIT",
    "TIME-WAIT / LAST-ACK",
    "TIME-WAIT / CLOSED",
  ]);
});

test("the server closes with acknowledgement and FIN in one", () => {
  expect(
    states([...OPEN, "3 < F. 301 ack 101", "4 > F. 101 ack 302", "5 < . 302 ack 102"]).slice(4),
  ).toEqual(["CLOSE-WAIT / FIN-WAIT-1", "LAST-ACK / TIME-WAIT", "CLOSED / TIME-WAIT"]);
});

test("both close at once: neither FIN acknowledges the other", () => {
  expect(
    states([
      ...OPEN,
      "3 > F. 101 ack 301",
      "4 < F. 301 ack 101",
      "5 > . 102 ack 302",
      "6 < . 302 ack 102",
    ]).slice(4),
  ).toEqual([
    "FIN-WAIT-1 / ESTABLISHED",
    "CLOSING / FIN-WAIT-1",
    "CLOSING / TIME-WAIT",
    "TIME-WAIT / TIME-WAIT",
  ]);
});

test("a FIN that was lost arrives when it is sent again", () => {
  expect(
    states([
      ...OPEN,
      "3 > F. 101 ack 301",
      "4 < P. 301:305(4) ack 101",
      "5 > F. 101 ack 305",
      "6 < . 305 ack 102",
    ]).slice(4),
  ).toEqual([
    "FIN-WAIT-1 / ESTABLISHED",
    "FIN-WAIT-1 / ESTABLISHED",
    "FIN-WAIT-1 / CLOSE-WAIT",
    "FIN-WAIT-2 / CLOSE-WAIT",
  ]);
});

test("a FIN sent again shows that its acknowledgement was lost", () => {
  expect(
    states([
      ...OPEN,
      "3 > F. 101 ack 301",
      "4 < F. 301 ack 102",
      "5 > . 102 ack 302",
      "6 < F. 301 ack 102",
      "7 > . 102 ack 302",
    ]).slice(6),
  ).toEqual(["TIME-WAIT / CLOSED", "TIME-WAIT / LAST-ACK", "TIME-WAIT / CLOSED"]);
});

test("simultaneous open", () => {
  expect(
    states([
      "0 > S 100",
      "1 < S 300",
      "2 > S. 100 ack 301",
      "3 < S. 300 ack 101",
      "4 > . 101 ack 301",
    ]),
  ).toEqual([
    "CLOSED / LISTEN",
    "SYN-SENT / LISTEN",
    "SYN-SENT / SYN-SENT",
    "SYN-RECEIVED / ESTABLISHED",
    "ESTABLISHED / SYN-RECEIVED",
    "ESTABLISHED / ESTABLISHED",
  ]);
});

test.each([
  [
    "refused",
    ["0 > S 100", "1 < R. 0 ack 101"],
    ["CLOSED / CLOSED", "SYN-SENT / CLOSED", "CLOSED / CLOSED"],
  ],
  [
    "reset, and what crossed it",
    [...OPEN, "3 > R. 101 ack 301", "4 < F. 301 ack 101"],
    ["CLOSED / CLOSED", "CLOSED / CLOSED"],
  ],
  [
    "SYN-ACK lost and sent again",
    ["0 > S 100", "1 < S. 300 ack 101", "2 > S 100", "3 < S. 300 ack 101"],
    ["SYN-SENT / SYN-RECEIVED", "ESTABLISHED / SYN-RECEIVED"],
  ],
  [
    "mid-stream",
    ["0 > P. 7:9(2) ack 3"],
    ["ESTABLISHED / ESTABLISHED", "ESTABLISHED / ESTABLISHED"],
  ],
  [
    "half close",
    [...OPEN, "3 > F. 101 ack 301", "4 < . 301 ack 102", "5 < P. 301:309(8) ack 102"],
    ["FIN-WAIT-2 / CLOSE-WAIT", "FIN-WAIT-2 / CLOSE-WAIT"],
  ],
] as const)("%s", (_, lines, last) => {
  expect(states(lines).slice(-last.length)).toEqual(last);
});

test("every flag combination is walked without a fault", () => {
  const letters = "FSRP.UEW";
  const lines = Array.from({ length: 512 }, (_, i) => {
    const set = letters.split("").filter((_l, bit) => ((i >> 1) & (1 << bit)) !== 0);
    return `${i} ${(i & 1) === 0 ? ">" : "<"} ${set.join("") || "none"} 100 ack 1`;
  });
  const trace = traceOf(lines);
  for (let stream = 0; stream < trace.streams; stream++) {
    expect(trackStates(trace, stream).client).toHaveLength(trace.rowsOf(stream).length);
  }
});
