import { expect, test } from "vitest";
import { formatPlace, parsePlace, type Place, START } from "./address.ts";

test("everything that a link holds comes back", () => {
  const place: Place = {
    file: "0123456789abcdef",
    view: "ladder",
    stream: 3,
    frame: 127,
    range: [410_000_000, 530_000_001],
    show: "rtt,1,-10.5:2e+3,-sack",
    filter: 'tcp.len > 0 && http contains "&?#=%"',
    time: "delta",
    lang: "zh",
    theme: "dark",
    bytes: { dir: 1, as: "hex", hidden: ["write", "read"] },
    order: { sort: "rtt", descending: true },
    find: "10.0.0.1 & co?",
  };
  expect(parsePlace(formatPlace(place))).toEqual(place);
  expect(formatPlace(place)).toMatch(
    /^#\/f\/0123456789abcdef\/stream\/3\/packet\/127\?t=0\.41,0\.530000001&view=ladder&/,
  );
});

test.each([
  [[1, 2], "0.000000001,0.000000002"],
  [[-500, 1_000_000_000], "-0.0000005,1"],
  [[100e9, 12_345_678_900_000_000], "100,12345678.9"],
  [[0, 100], "0,0.0000001"],
] as const)("a range of %j ns comes back", (range, words) => {
  const hash = formatPlace({ ...START, range });
  expect(hash).toBe(`#/?t=${words}`);
  expect(parsePlace(hash).range).toEqual(range);
});

test.each([
  ["", START],
  ["#/", START],
  ["#/stream/x/packet/-1?t=9,1&view=<b>&lang=fr&theme=pink&sort=__proto__.down", START],
])("%s says nothing", (hash, place) => {
  expect(parsePlace(hash)).toEqual(place);
});

test("a link with a broken escape keeps the rest", () => {
  expect(parsePlace("#/stream/1?filter=%zz&lang=en")).toEqual({ ...START, stream: 1, lang: "en" });
});

test("a place without anything is the shortest address", () => {
  expect(formatPlace(START)).toBe("#/");
});
