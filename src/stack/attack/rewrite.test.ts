/** Segments that say other bytes where there are some already: the first ones count, and it is told. */
import { expect, test } from "vitest";
import { isOver, ours, OURS, theirs, THEIRS, victim, type Victim } from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";

/** Bytes `[from, to)` of the peer's stream, all of them `value`; `isLent`: with others, before anything is polled. */
function bytes(v: Victim, from: number, to: number, value: number, isLent: boolean = false): void {
  const line = `. ${theirs(from)}:${theirs(to)}(${to - from}) ack ${OURS}`;
  const segment = parseSegment(line);
  segment.payload.fill(value);
  v.conversation.endpoint.onSegment(segment, 0, isLent);
  if (isLent) return;
  while (v.conversation.endpoint.poll(0) !== null);
}

function read(v: Victim): string {
  const into = new Uint8Array(100);
  const n = v.conversation.endpoint.receive(into, 0) ?? 0;
  return String.fromCharCode(...into.subarray(0, n));
}

const A = 0x61;
const B = 0x62;

const CASES = [
  [
    "all of it",
    [
      [0, 4, A],
      [0, 4, B],
    ],
    "aaaa",
    [4],
  ],
  [
    "its end, and more",
    [
      [0, 4, A],
      [2, 8, B],
    ],
    "aaaabbbb",
    [2],
  ],
  [
    "a part behind a hole",
    [
      [4, 8, A],
      [4, 8, B],
      [0, 4, A],
    ],
    "aaaaaaaa",
    [4],
  ],
  [
    "around what lies behind a hole",
    [
      [4, 6, A],
      [2, 8, B],
      [0, 2, A],
    ],
    "aabbaabb",
    [2],
  ],
  [
    "two parts at once",
    [
      [2, 4, A],
      [6, 8, A],
      [0, 10, B],
    ],
    "bbaabbaabb",
    [4],
  ],
  [
    "with the same bytes",
    [
      [0, 4, A],
      [0, 4, A],
    ],
    "aaaa",
    [],
  ],
] as const;

test.each(
  CASES.flatMap((c) => [false, true].map((isLent) => [c[0], isLent, c[1], c[2], c[3]] as const)),
)("%s, lent: %s", (_, isLent, segments, stream, rewritten) => {
  const v = victim();
  for (const [from, to, value] of segments) bytes(v, from, to, value, isLent);
  while (v.conversation.endpoint.poll(0) !== null);
  expect(read(v)).toBe(stream);
  const told = v.refused.take().filter((line) => line.endsWith("differ from the first ones"));
  expect(told).toEqual(rewritten.map((n) => `${n} bytes differ from the first ones`));
  v.conversation.aborts().sends(`R. ${OURS} ack ${theirs(stream.length)}`);
  expect(isOver(v, "aborted")).toBe(true);
});

test("what the user has read already cannot be compared, and stays as it was", () => {
  const v = victim();
  bytes(v, 0, 4, A);
  expect(read(v)).toBe("aaaa");
  bytes(v, 0, 6, B);
  expect(read(v)).toBe("bb");
  expect(v.refused.take()).toEqual(["4 bytes here already"]);
});

test("a FIN that moves: the first one counts", () => {
  const v = victim();
  v.conversation.arrives(`F. ${theirs(20)} ack ${OURS}`).sends(`. ${OURS} ack ${THEIRS}`);
  v.conversation.arrives(`F. ${theirs(10)} ack ${OURS}`).sends(`. ${OURS} ack ${THEIRS}`);
  v.conversation.arrives(`. ${THEIRS}:${theirs(30)}(30) ack ${OURS}`);
  v.conversation
    .sends(`. ${OURS} ack ${theirs(21)}`)
    .is("CLOSE-WAIT")
    .reads(100, 20);
  v.conversation
    .reads(100, null)
    .closesWrite()
    .sends(`F. ${OURS} ack ${theirs(21)}`);
  v.conversation.arrives(`. ${theirs(21)} ack ${ours(1)}`).is("CLOSED");
  expect(isOver(v, null)).toBe(true);
});
