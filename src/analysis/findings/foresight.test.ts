import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { Breaks } from "./breaks.ts";
import { FindingSink } from "./read-findings.ts";

/** Lines of a connection without their times. */
const FIRST = ["> S 100", "< S. 300 ack 101", "> . 101 ack 301", "> P. 101:111(10) ack 301"];
const AGAIN = ["> S 900", "< S. 700 ack 901", "> R. 901 ack 701"];

interface Passed {
  readonly ids: readonly string[];
  /** By connection that has ended: slot, frames that had passed, nanoseconds that the capture goes on. */
  readonly ends: readonly (readonly [slot: number, frame: number, now: number])[];
}

/** The lines of two ports, one after the other, pass again; `lastFrames` by stream. */
function passed(lines: readonly string[], lastFrames: readonly number[] | null): Passed {
  const ends: (readonly [number, number, number])[] = [];
  const breaks = new Breaks();
  for (const i of lines.keys()) breaks.note(i + 1, i * 1e6);
  let frame = 0;
  const watch = [
    { onEnd: ({ now, sides }: Ended) => ends.push([sides[0].flow >>> 1, frame, now]) },
  ];
  const sink = new FindingSink(
    () => watch,
    lastFrames === null ? null : { breaks, lastFrameOf: (stream) => lastFrames[stream]! },
  );
  for (const [i, line] of lines.entries()) {
    const [port, ...rest] = line.split(" ");
    frame = i + 1;
    sink.onPacket(packetOf(`${i} ${rest.join(" ")}`, frame, { client: Number(port), server: 80 }));
  }
  return { ids: sink.finish().findings.map(({ id, stream }) => `${id} ${stream}`), ends };
}

interface Ended {
  readonly now: number;
  readonly sides: readonly [{ readonly flow: number }, unknown];
}

const on = (port: number, lines: readonly string[]): string[] => lines.map((l) => `${port} ${l}`);

test("a connection ends with its last frame, and the next one has its place", () => {
  const lines = [...on(1, FIRST), ...on(2, FIRST), ...on(3, FIRST)];
  const all = passed(lines, [4, 8, 12]);
  expect(all.ends).toEqual([
    [0, 4, 11e6],
    [0, 8, 11e6],
    [0, 12, 11e6],
  ]);
  const usual = passed(lines, null);
  expect(usual.ends.map(([slot]) => slot)).toEqual([0, 1, 2]);
  expect(all.ids).toEqual(usual.ids);
});

test("one whose ports are taken keeps its place until then", () => {
  const lines = [...on(1, FIRST), ...on(2, FIRST), ...on(1, AGAIN)];
  const all = passed(lines, [9, 8, 11]);
  expect(all.ends.map(([slot, frame]) => [slot, frame])).toEqual([
    [1, 8],
    [0, 9],
    [0, 11],
  ]);
  expect(all.ids).toContain("ports-reused 2");
  expect(all.ids).toEqual(passed(lines, null).ids);
});
