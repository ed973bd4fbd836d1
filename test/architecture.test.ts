/** The floors: which folder of `src/` may import which. STYLE of the house: see ARCHITECTURE.md. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { expect, test } from "vitest";

const ALL_PORTABLE = ["base", "wire", "pcap", "stack", "trace", "analysis", "net", "lab", "report"];

/** Folder -> the folders below it that it may import. Each may import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  wire: ["base"],
  pcap: ["base", "wire"],
  stack: ["base", "wire"],
  trace: ["base", "wire", "pcap"],
  analysis: ["base", "wire", "pcap", "trace"],
  net: ["base", "wire", "pcap", "trace", "stack"],
  lab: ["base", "wire", "pcap", "stack", "net"],
  report: ["base", "wire", "pcap", "trace", "analysis"],
  viewer: ALL_PORTABLE.filter((floor) => floor !== "report"),
  node: ["base", "wire", "pcap", "stack", "trace", "net"],
  testing: ["base", "wire", "pcap", "trace", "stack", "net"],
  cli: [...ALL_PORTABLE, "viewer", "node"],
};

const IMPORT = /^(?:import|export)\s[^;]*?from\s+"(\.[^"]+)"/gm;

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((f) => /\.tsx?$/.test(f) && f.includes(sep))
  .map((f) => ({ file: f, text: readFileSync(join("src", f), "utf8") }));

test("every import goes down the table of floors", () => {
  const wrong: string[] = [];
  for (const { file, text } of sources) {
    const from = file.split(sep)[0]!;
    const allowed = new Set([from, ...(MAY_IMPORT[from] ?? [])]);
    if (file.endsWith(".test.ts")) allowed.add("testing");
    for (const [, target] of text.matchAll(IMPORT)) {
      if (file.endsWith(".test.ts") && target!.includes("/test/")) continue;
      const to = normalize(join(dirname(file), target!)).split(sep)[0]!;
      if (!allowed.has(to)) wrong.push(`src/${file} imports ${to}/`);
    }
  }
  expect(wrong).toEqual([]);
});

/** The floors within the viewer; `testing` alone may be imported by tests of all of them. */
const VIEWER_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  worker: ["model"],
  draw: ["model"],
  ui: ["model", "draw"],
};

test("the viewer's own floors: the model below the worker, the drawing and the page", () => {
  const wrong: string[] = [];
  for (const { file, text } of sources) {
    const [top, from = ""] = file.split(sep);
    if (top !== "viewer") continue;
    const allowed = new Set([from, ...(VIEWER_MAY_IMPORT[from] ?? [])]);
    for (const [, target] of text.matchAll(IMPORT)) {
      const [floor, to = ""] = normalize(join(dirname(file), target!)).split(sep);
      if (floor === "viewer" && !allowed.has(to)) wrong.push(`src/${file} imports viewer/${to}/`);
    }
  }
  expect(wrong).toEqual([]);
});

test("inside the package a file is imported, never an index", () => {
  const wrong = sources
    .filter(({ text }) => [...text.matchAll(IMPORT)].some(([, to]) => to!.endsWith("index.ts")))
    .map(({ file }) => file);
  expect(wrong).toEqual([]);
});

test("no file holds two things: 400 lines at most", () => {
  const long = sources
    .filter(({ file, text }) => !file.endsWith(".test.ts") && text.split("\n").length > 401)
    .map(({ file }) => file);
  expect(long).toEqual([]);
});
