import { expect, test } from "vitest";
import { traceOf } from "../testing/packets.ts";
import { pathDelay } from "./path-delay.ts";

test("the handshake tells how far the capture was from both ends", () => {
  const trace = traceOf(["0 > S 100", "40 < S. 300 ack 101", "41 > . 101 ack 301"]);
  expect(pathDelay(trace, 0)).toEqual({ toServerNs: 20e6, toClientNs: 0.5e6 });
});

test.each([
  ["no SYN", ["0 < S. 300 ack 101", "1 > . 101 ack 301"]],
  ["no answer", ["0 > S 100"]],
  ["a SYN sent again", ["0 > S 100", "9 > S 100", "10 < S. 300 ack 101", "11 > . 101 ack 301"]],
])("%s: not known", (_, lines) => {
  expect(pathDelay(traceOf(lines), 0)).toBeNull();
});
