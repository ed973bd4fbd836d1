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
    bytes: { dir: 1, as: "hex" },
  };
  expect(parsePlace(formatPlace(place))).toEqual(place);
  expect(formatPlace(place)).toMatch(
    /^#\/f\/0123456789abcdef\/stream\/3\/packet\/127\?t=0\.41,0\.530000001&view=ladder&/,
  );
});

test.each([
  ["", START],
  ["#/", START],
  ["#/stream/x/packet/-1?t=9,1&view=<b>&lang=fr&theme=pink", START],
])("%s says nothing", (hash, place) => {
  expect(parsePlace(hash)).toEqual(place);
});

test("a link with a broken escape keeps the rest", () => {
  expect(parsePlace("#/stream/1?filter=%zz&lang=en")).toEqual({ ...START, stream: 1, lang: "en" });
});

test("a place without anything is the shortest address", () => {
  expect(formatPlace(START)).toBe("#/");
});
