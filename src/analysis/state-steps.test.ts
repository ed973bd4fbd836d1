import { expect, test } from "vitest";
import { traceOf } from "../testing/packets.ts";
import { STATE_EDGES, stateSteps } from "./state-steps.ts";
import { STATES, trackStates } from "./states.ts";

function stepsOf(lines: readonly string[]): readonly string[] {
  const trace = traceOf(lines);
  return stateSteps(trace, 0, trackStates(trace, 0)).map(
    ({ frame, end, from, to, edge, text }) =>
      `#${frame} ${end === 0 ? "client" : "server"} ${from} → ${to}: ${STATE_EDGES[edge]?.event ?? text.en}`,
  );
}

test("each change has the event of the RFC's figure", () => {
  const lines = [
    "0 > S 100",
    "1 < S. 300 ack 101",
    "2 > . 101 ack 301",
    "3 > F. 101 ack 301",
    "4 < . 301 ack 102",
    "5 < F. 301 ack 102",
    "6 > . 102 ack 302",
  ];
  expect(stepsOf(lines)).toEqual([
    "#1 client CLOSED → SYN-SENT: active OPEN",
    "#2 server LISTEN → SYN-RECEIVED: rcv SYN",
    "#2 client SYN-SENT → ESTABLISHED: rcv SYN,ACK",
    "#3 server SYN-RECEIVED → ESTABLISHED: rcv ACK of SYN",
    "#4 client ESTABLISHED → FIN-WAIT-1: CLOSE",
    "#4 server ESTABLISHED → CLOSE-WAIT: rcv FIN",
    "#5 client FIN-WAIT-1 → FIN-WAIT-2: rcv ACK of FIN",
    "#6 server CLOSE-WAIT → LAST-ACK: CLOSE",
    "#6 client FIN-WAIT-2 → TIME-WAIT: rcv FIN",
    "#7 server LAST-ACK → CLOSED: rcv ACK of FIN",
  ]);
});

test("a RST is none of the figure's edges", () => {
  const open = ["0 > S 100", "1 < S. 300 ack 101", "2 > . 101 ack 301"];
  expect(stepsOf([...open, "3 > R. 101 ack 301"]).slice(-2)).toEqual([
    "#4 client ESTABLISHED → CLOSED: breaks the connection off: sends RST",
    "#4 server ESTABLISHED → CLOSED: the other end broke it off: got RST",
  ]);
});

test("every state is reached and left by an edge, no edge is there twice", () => {
  expect(new Set(STATE_EDGES.map((e) => e.to))).toEqual(new Set(STATES));
  expect(new Set(STATE_EDGES.map((e) => e.from))).toEqual(new Set(STATES));
  expect(new Set(STATE_EDGES.map((e) => `${e.from} ${e.to}`)).size).toBe(STATE_EDGES.length);
});
