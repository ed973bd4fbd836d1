import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { overviewOf } from "./overview.ts";
import { Recording } from "./recording.ts";

function recordingOf(lines: readonly (readonly [line: string, client: number])[]): Recording {
  const recording = new Recording();
  lines.forEach(([line, client], i) =>
    recording.sink.onPacket(packetOf(line, i + 1, { client, server: 80 })),
  );
  recording.changed();
  recording.end();
  return recording;
}

test("segments of each part, and lives on lines of their own while they overlap", () => {
  const overview = overviewOf(
    recordingOf([
      ["0 > S 100", 1],
      ["10 > S 100", 2],
      ["20 > S 100", 2],
      ["50 > S 100", 1],
      ["90 > S 100", 3],
      ["100 < R. 0 ack 101", 3],
    ]),
    10,
  );
  expect(overview.span).toEqual([0, 100e6]);
  expect([...overview.segments]).toEqual([1, 1, 1, 0, 0, 1, 0, 0, 0, 2]);
  expect(overview.marked.reduce((sum, n) => sum + n, 0)).toBe(2);
  expect([...overview.lane]).toEqual([0, 1, 0]);
  expect([overview.lanes, overview.total, [...overview.hasVerdict]]).toEqual([2, 3, [1, 1, 0]]);
});

test("nothing read is an empty picture", () => {
  const overview = overviewOf(recordingOf([]), 10);
  expect([overview.span, overview.total, overview.lanes]).toEqual([[0, 0], 0, 0]);
});
