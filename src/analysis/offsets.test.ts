import fc from "fast-check";
import { expect, test } from "vitest";
import { traceOf } from "../testing/packets.ts";
import { MAX_GAPS, streamBytes, streamPlaces } from "./offsets.ts";

const OPEN = ["0 > S 4294967290", "1 < S. 300 ack 4294967291"];

test("offsets count from the first byte behind the SYN, across the wrap", () => {
  const b = streamBytes(
    traceOf([
      ...OPEN,
      "2 > P. 4294967291:5(10) ack 301",
      "3 > P. 5:25(20) ack 301",
      "4 < . 301 ack 25",
    ]),
    0,
  );
  expect([...b.from].slice(2, 4)).toEqual([0, 10]);
  expect(b.ackTo[4]).toBe(30);
  expect(b.dirs[0]).toMatchObject({ isFromStart: true, sent: 30, newBytes: 30, dataSegments: 2 });
});

test("who asks for the places alone gets the same ones", () => {
  const trace = traceOf([
    ...OPEN,
    "2 > P. 4294967291:5(10) ack 301",
    "3 > P. 4294967291:5(10) ack 301",
    "4 < . 301 ack 5",
    "5 > . 4:5(1) ack 301",
  ]);
  const whole = streamBytes(trace, 0);
  const { rows, from, to, newLen, elsewhere, dirs } = streamPlaces(trace, 0);
  expect({ rows, from, to, newLen, elsewhere, dirs }).toEqual({
    rows: whole.rows,
    from: whole.from,
    to: whole.to,
    newLen: whole.newLen,
    elsewhere: whole.elsewhere,
    dirs: whole.dirs,
  });
});

test("data on the SYN starts at 0", () => {
  const b = streamBytes(traceOf(["0 > S 100:104(4)", "1 < S. 300 ack 105"]), 0);
  expect([b.from[0], b.to[0], b.ackTo[1]]).toEqual([0, 4, 4]);
});

test("the FIN has an offset, and counts as one in its acknowledgement", () => {
  const b = streamBytes(
    traceOf(["0 > S 1", "1 < S. 1 ack 2", "2 > FP. 2:7(5) ack 2", "3 < . 2 ack 8"]),
    0,
  );
  expect(b.dirs[0]).toMatchObject({ fin: 2, finAt: 5, sent: 5 });
  expect(b.ackTo[3]).toBe(6);
});

test("a keep-alive carries no byte", () => {
  const asks = "4 > . 4294967291:4294967292(1) ack 301";
  const lines = ["2 > . 4294967291:4294967292(1) ack 301", "3 < . 301 ack 4294967292", asks];
  const b = streamBytes(traceOf([...OPEN, ...lines, "5 < . 300 ack 4294967292"]), 0);
  expect(b.dirs[0]).toMatchObject({ dataSegments: 1, resentBytes: 0, probes: [4] });
  expect(b.dirs[1]).toMatchObject({ dataSegments: 0, pureAcks: 1, probes: [5] });
  expect([b.from[4], b.to[4]]).toEqual([0, 0]);
});

test("what was seen is counted once: by a set of bytes", () => {
  const piece = fc.record({ from: fc.nat(60), len: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const trace = traceOf([
        ...OPEN,
        ...pieces.map(
          ({ from, len }) => `2 > P. ${(from + 4294967291) % 2 ** 32}:0(${len}) ack 301`,
        ),
      ]);
      const b = streamBytes(trace, 0);
      const seen = new Set<number>();
      const fresh = pieces.map(({ from, len }) => {
        const before = seen.size;
        for (let i = from; i < from + len; i++) seen.add(i);
        return seen.size - before;
      });
      expect([...b.newLen].slice(2)).toEqual(fresh);
      expect(b.dirs[0].newBytes).toBe(seen.size);
    }),
  );
});

function single(starts: readonly number[]): string[] {
  return starts.map((from) => `2 > P. ${from + 10}:0(1) ack 301`);
}

test("more gaps than are remembered: the lowest are given up, and counted", () => {
  const holes = Array.from({ length: MAX_GAPS + 5 }, (_, i) => 2 * i + 1);
  const opening = ["0 > S 9", "1 < S. 300 ack 10"];
  expect(streamBytes(traceOf([...opening, ...single(holes)]), 0).dirs[0].forgottenGaps).toBe(5);

  // Downwards, each segment parts the one great gap: time would grow with the square of its parts.
  const down = [2 * holes.length, ...holes.toReversed()];
  const d = streamBytes(traceOf([...opening, ...single(down)]), 0).dirs[0];
  expect(d.forgottenGaps).toBeGreaterThan(0);
  expect(d.newBytes + d.resentBytes).toBe(down.length);
});
