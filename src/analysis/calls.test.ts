import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallEvent } from "../pcap/event.ts";
import { callOf, callsOf, traceOf } from "../testing/packets.ts";
import { attributeCalls, CallMap } from "./calls.ts";
import { checkCausality } from "./causality.ts";

const OPEN = ["1 > S 100", "1.1 < S. 300 ack 101", "1.2 > . 101 ack 301"];
const OPEN_CALLS = ["server listen 0 0.1", "client dial 0.9 1.15", "server accept 0.2 1.3"];

/** Rows, resent rows and acknowledgement of each call, by what the call is. */
function shown(map: CallMap, stream = 0): Record<string, unknown> {
  return Object.fromEntries(
    map.ofStream(stream).map((c) => {
      const resent = c.resent.length > 0 ? ` again ${c.resent.join()}` : "";
      const name = `${c.call.role} ${c.call.op}${c.call.bytes === null ? "" : ` ${c.call.bytes}`}`;
      return [name, `${c.rows.join()}${resent}${c.ackedBy === null ? "" : ` acked ${c.ackedBy}`}`];
    }),
  );
}

test("the article's conversation: each call and its segments", () => {
  const trace = traceOf(
    [
      ...OPEN,
      "2 > P. 101:106(5) ack 301",
      "2.1 < . 301 ack 106",
      "3 < P. 301:321(20) ack 106",
      "3.1 > . 106 ack 321",
      "4 > F. 106 ack 321",
      "4.1 < F. 321 ack 107",
      "4.2 > . 107 ack 322",
    ],
    callsOf([
      ...OPEN_CALLS,
      "server read 1.3 2.2 5",
      "client write 1.9 2 5",
      "server write 2.9 3 20",
      "client read 2 3.2 20",
      "client close 3.9 4",
      "server read 3 4.05 eof",
      "server close 4.06 4.1",
    ]),
  );
  const map = attributeCalls(trace);
  expect(shown(map)).toEqual({
    "client dial": "0,1,2 acked 1",
    "server accept": "0,1,2 acked 2",
    "server read 5": "3",
    "client write 5": "3 acked 4",
    "server write 20": "5 acked 6",
    "client read 20": "5",
    "client close": "7 acked 8",
    "server read": "7",
    "server close": "8 acked 9",
  });
  expect(map.unmatched.map((c) => c.op)).toEqual(["listen"]);
  expect(map.madeBy(3).map((c) => c.call.op)).toEqual(["write"]);
  expect(map.madeBy(4)).toEqual([]);
  const causality = checkCausality(trace, map);
  expect(causality.violations).toEqual([]);
  // The server's close begins 40 µs before its FIN, the smallest margin of all.
  expect(causality.worst).toMatchObject({ kind: "sent", marginNs: 40_000 });
});

test("calls on the wrong side of their segments are violations", () => {
  const trace = traceOf(
    [...OPEN, "2 > P. 101:106(5) ack 301"],
    callsOf([...OPEN_CALLS, "client write 2.1 2.2 5", "server read 1.3 1.9 5"]),
  );
  const { violations } = checkCausality(trace, attributeCalls(trace));
  expect(violations.map((v) => [v.call.call.op, v.kind, v.marginNs])).toEqual([
    ["write", "sent", -100_000],
    ["read", "had", -100_000],
  ]);
});

test("closeWrite makes the FIN, the close after it nothing; a close alone may make a RST", () => {
  const half = traceOf(
    [...OPEN, "2 > F. 101 ack 301", "2.1 < . 301 ack 102"],
    callsOf([...OPEN_CALLS, "client closeWrite 1.9 2", "client close 3 3.1"]),
  );
  expect(shown(attributeCalls(half))).toMatchObject({
    "client closeWrite": "3 acked 4",
    "client close": "",
  });
  const hard = traceOf(
    [...OPEN, "2 > R. 101 ack 301"],
    callsOf(["client dial 0.9 1.15", "client close 1.9 2"]),
  );
  expect(shown(attributeCalls(hard))).toMatchObject({ "client close": "3" });
});

test("a dial that is refused, one that gets no answer, one to nowhere", () => {
  const failed = { ...callOf("client dial 0.9 1.2 error refused", 1), conn: null, local: null };
  const refused = traceOf(["1 > S 100", "1.1 < R. 0 ack 101"], [failed]);
  expect(shown(attributeCalls(refused))).toEqual({ "client dial": "0,1" });
  const silent = traceOf(["1 > S 100", "1.1 > S 100"], [failed]);
  expect(shown(attributeCalls(silent))).toEqual({ "client dial": "0 again 1" });
  const elsewhere = traceOf(["1 > S 100"], [{ ...failed, remote: "localhost:80" }]);
  expect(attributeCalls(elsewhere).unmatched).toHaveLength(1);
});

test("connections that use the same ports one after the other are told apart by time", () => {
  const again = ["11 > S 9100", "11.1 < S. 9300 ack 9101", "11.2 > . 9101 ack 9301"];
  const trace = traceOf(
    [...OPEN, "2 > P. 101:106(5) ack 301", ...again, "12 > P. 9101:9108(7) ack 9301"],
    callsOf([
      "client dial 0.9 1.15 conn 1",
      "client write 1.9 2 5 conn 1",
      "client dial 10.9 11.15 conn 3",
      "client write 11.9 12 7 conn 3",
    ]),
  );
  const map = attributeCalls(trace);
  expect(shown(map, 0)).toMatchObject({ "client write 5": "3" });
  expect(shown(map, 1)).toMatchObject({ "client write 7": "7" });
});

test("without the SYN the bytes are counted back from the FIN, or left alone", () => {
  const lines = ["2 > P. 106:111(5) ack 301", "3 > F. 111 ack 301", "3.1 < . 301 ack 112"];
  const calls = ["client dial 0.9 1.15", "client write 1.5 1.6 5", "client write 1.9 2 5"];
  const whole = attributeCalls(traceOf(lines, callsOf([...calls, "client close 2.9 3"])));
  expect(whole.ofStream(0).map((c) => [c.call.op, c.rows.join()])).toEqual([
    ["dial", ""],
    ["write", ""],
    ["write", "0"],
    ["close", "1"],
  ]);
  const cut = attributeCalls(traceOf(lines.slice(0, 1), callsOf(calls)));
  expect(cut.ofStream(0).map((c) => c.range)).toEqual([null, null, null]);
});

/** Cuts `total` into pieces at random. */
const cuts = (total: number): fc.Arbitrary<number[]> =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: total - 1 }), { maxLength: 20 })
    .map((at) => at.concat(0, total).toSorted((a, b) => a - b));

function moved(who: string, at: readonly number[]): string[] {
  return at.slice(1).map((to, i) => `${who} 1.5 4 ${to - at[i]!}`);
}

test("every byte goes to its write and to its read, however it was cut into segments", () => {
  const total = 1000;
  const plan = fc.record({
    writes: cuts(total),
    reads: cuts(total),
    segments: cuts(total),
    again: fc.array(fc.nat(19), { maxLength: 5 }),
    acks: fc.array(fc.nat(total), { maxLength: 10 }),
  });
  fc.assert(
    fc.property(plan, ({ writes, reads, segments, again, acks }) => {
      const pieces = segments.slice(1).map((to, i) => ({ from: segments[i]!, to, isAgain: false }));
      const repeats = again
        .flatMap((i) => pieces[i] ?? [])
        .map(({ from, to }) => ({ from, to, isAgain: true }));
      const sent = [...pieces, ...repeats];
      const acked = acks.toSorted((a, b) => a - b);
      const lines = [
        ...OPEN,
        ...sent.map((p) => `2 > P. ${101 + p.from}:0(${p.to - p.from}) ack 301`),
        ...acked.map((a) => `3 < . 301 ack ${101 + a}`),
      ];
      const calls = [
        "client dial 0.9 1.15",
        "server accept 0.2 1.3",
        ...moved("client write", writes),
        ...moved("server read", reads),
      ];
      const map = attributeCalls(traceOf(lines, callsOf(calls)));
      const rowsIn = (from: number, to: number, isAgain: boolean): number[] =>
        sent.flatMap((p, i) =>
          p.isAgain === isAgain && p.from < to && p.to > from ? [i + OPEN.length] : [],
        );
      const expected = (at: readonly number[], isWrite: boolean): unknown[] =>
        at.slice(1).map((to, i) => {
          const ack = isWrite ? acked.findIndex((a) => a >= to) : -1;
          return {
            rows: rowsIn(at[i]!, to, false),
            resent: rowsIn(at[i]!, to, true),
            ackedBy: ack === -1 ? null : ack + OPEN.length + sent.length,
          };
        });
      const found = (op: string): unknown[] =>
        map
          .ofStream(0)
          .filter((c) => c.call.op === op)
          .map(({ rows, resent, ackedBy }) => ({ rows, resent, ackedBy }));
      expect(found("write")).toEqual(expected(writes, true));
      expect(found("read")).toEqual(expected(reads, false));
    }),
  );
});

function listen(id: number, local: string, error: string | null = null): CallEvent {
  return { ...callOf("server listen 0 0.1", id), local, error };
}

test("the listen of a connection is the last that succeeded before its accept", () => {
  const map = new CallMap(
    [],
    [listen(1, "127.0.0.1:80"), listen(4, ":80", "in-use"), listen(5, ":80"), listen(9, "[::]:80")],
    [],
  );
  const found = [1, 5, 7, 10].map(
    (id) => map.listenOn(80, callOf("server accept 0.2 1.3", id))?.id,
  );
  expect(found).toEqual([undefined, 1, 5, 9]);
  expect(map.listenOn(80, undefined)?.id).toBe(9);
  expect(map.listenOn(8080, undefined)).toBeNull();
});
