/** Urgent pointers at odd places (RFC 6093; URGENT/11, CVE-2019-12255): all data stays in band. */
import { expect, test } from "vitest";
import { isOver, OURS, theirs, THEIRS, victim } from "../../testing/attacked.ts";
import { drive } from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";

test.each([
  ["nothing", 0, 10, []],
  ["its first byte", 1, 10, ["urgent"]],
  ["its last byte", 10, 10, ["urgent"]],
  ["beyond its data", 11, 10, ["urgent"]],
  ["as far as it can", 65_535, 10, ["urgent"]],
  ["data to come, without any of it", 100, 0, ["urgent"]],
  ["nothing, without data", 0, 0, []],
])("a pointer to %s", (_, urg, len, events) => {
  const v = victim();
  const range = len === 0 ? `${THEIRS}` : `${THEIRS}:${theirs(len)}(${len})`;
  v.conversation.arrives(`U. ${range} ack ${OURS} urg ${urg}`);
  v.conversation.tells(...events, ...(len > 0 ? ["readable"] : []));
  v.conversation.reads(100, len);
  if (len > 0) v.conversation.at(200).sends(`. ${OURS} ack ${theirs(len)}`);
  v.conversation.arrives(`R ${theirs(len)}`).is("CLOSED");
  expect(isOver(v, "reset")).toBe(true);
});

test("a pointer into what is here already is no news", () => {
  const v = victim();
  v.conversation.arrives(`. ${THEIRS}:${theirs(100)}(100) ack ${OURS}`).tells("readable");
  v.conversation.arrives(`U. ${theirs(50)}:${theirs(150)}(100) ack ${OURS} urg 10`);
  v.conversation
    .sends(`. ${OURS} ack ${theirs(150)}`)
    .tells("readable")
    .reads(1000, 150);
  v.conversation.arrives(`R ${theirs(150)}`).is("CLOSED");
  expect(isOver(v, "reset")).toBe(true);
});

test("a pointer that moves with each of 10,000 segments is told once while nobody listens", () => {
  const v = victim();
  const { endpoint } = v.conversation;
  for (let i = 0; i < 10_000; i++) {
    endpoint.onSegment(parseSegment(`U. ${theirs(i)}:${theirs(i + 1)}(1) ack ${OURS} urg 500`), i);
    drive(endpoint, i, i);
  }
  v.conversation.tells("urgent", "readable").reads(20_000, 10_000);
  endpoint.abort(10_000);
  drive(endpoint, 10_000, Infinity);
  expect(isOver(v, "aborted")).toBe(true);
});
