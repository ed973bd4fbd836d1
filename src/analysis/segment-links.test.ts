import { expect, test } from "vitest";
import { traceOf } from "../testing/packets.ts";
import { linkSegments } from "./segment-links.ts";

const OPEN = ["0 > S 100", "1 < S. 300 ack 101", "2 > . 101 ack 301"];

const found = (column: Int32Array): Record<number, number> =>
  Object.fromEntries([...column.entries()].filter(([, to]) => to !== -1));

/** Links that there are, by the places of the lines. */
function linksOf(lines: readonly string[]): Record<string, Record<number, number>> {
  const { ackedBy, original, resentAs } = linkSegments(traceOf(lines), 0);
  return { ackedBy: found(ackedBy), original: found(original), resentAs: found(resentAs) };
}

test("each segment knows the first acknowledgement that covers all of it", () => {
  const { ackedBy } = linksOf([
    ...OPEN,
    "3 > P. 101:111(10) ack 301",
    "4 > P. 111:121(10) ack 301",
    "5 < . 301 ack 111",
    "6 < . 301 ack 121",
    "7 > F. 121 ack 301",
    "8 < F. 301 ack 122",
    "9 > . 122 ack 302",
  ]);
  expect(ackedBy).toEqual({ 0: 1, 1: 2, 3: 5, 4: 6, 7: 8, 8: 9 });
});

test("what is sent again knows its original, and the other way round", () => {
  const links = linksOf([
    ...OPEN,
    "3 > P. 101:111(10) ack 301",
    "4 > P. 111:121(10) ack 301",
    "200 > P. 101:111(10) ack 301",
    "400 > P. 101:121(20) ack 301",
    "401 < . 301 ack 121",
  ]);
  expect(links["original"]).toEqual({ 5: 3, 6: 3 });
  expect(links["resentAs"]).toEqual({ 3: 5 });
  expect(links["ackedBy"]).toMatchObject({ 3: 7, 4: 7, 5: 7, 6: 7 });
});

test("SYN and FIN sent again are no data, and are linked all the same", () => {
  const { original } = linksOf([
    "0 > S 100",
    "1000 > S 100",
    "1001 < S. 300 ack 101",
    "1002 > . 101 ack 301",
    "1003 > F. 101 ack 301",
    "1500 > F. 101 ack 301",
    "1501 < F. 301 ack 102",
  ]);
  expect(original).toEqual({ 1: 0, 5: 4 });
});

test("a capture without its beginning, in one direction, or of a RST alone has no more than it shows", () => {
  expect(linksOf(["0 > P. 101:111(10) ack 301", "1 < . 301 ack 111"])["ackedBy"]).toEqual({ 0: 1 });
  expect(linksOf(["0 > P. 101:111(10) ack 301", "1 > . 111 ack 301"])["ackedBy"]).toEqual({});
  expect(linksOf(["0 > R 101"])).toEqual({ ackedBy: {}, original: {}, resentAs: {} });
});
