/**
 * Tests that need more than Node: skipped with the reason where it is missing,
 * failed for it with `CI=true` (`.ci/run` installs everything).
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test, type TestAPI } from "vitest";
import { findChromium } from "../scripts/chromium.ts";

/** Each need: `null` when it is met, or what is missing. */
const NEEDS = {
  linux: () => (process.platform === "linux" ? null : "needs Linux"),
  root: () => (process.getuid?.() === 0 ? null : "needs root"),
  tun: () => (existsSync("/dev/net/tun") ? null : "needs /dev/net/tun"),
  tshark: () => program("tshark"),
  tcpdump: () => program("tcpdump"),
  go: () => program("go"),
  chromium: () => (findChromium() === null ? "needs Chromium" : null),
  ip: () => program("ip"),
  userns: () =>
    spawnSync("unshare", ["--user", "--map-root-user", "--net", "true"]).status === 0
      ? null
      : "needs user namespaces for ordinary users",
  shared: () => (existsSync(SHARED) ? null : "needs ../shared beside the project"),
} as const satisfies Record<string, () => string | null>;

/** What a test may need. */
export type Need = keyof typeof NEEDS;

/** Documents and captures that lie beside the project, not in it. */
export const SHARED: string = new URL("../../shared/", import.meta.url).pathname;

/** What is missing of `wanted`, or `null`. */
export function missing(...wanted: readonly Need[]): string | null {
  for (const need of wanted) {
    const why = NEEDS[need]();
    if (why !== null) return why;
  }
  return null;
}

/** What answers in its own time: a busy machine may make a test of it fail that is right. */
const OUTSIDE: ReadonlySet<Need> = new Set([
  "root",
  "tun",
  "tcpdump",
  "go",
  "chromium",
  "ip",
  "userns",
] as const);

/**
 * `test`, or a skipped one that says why in its name. With `CI=true` one that watches a browser or a kernel may run
 * a second time; `npm test` names each that needed it.
 */
export function testWith(...wanted: readonly Need[]): Pick<TestAPI, "each"> & TestFn {
  const why = missing(...wanted);
  if (why === null) {
    const isOutside = wanted.some((need) => OUTSIDE.has(need));
    return process.env["CI"] === "true" && isOutside ? twice() : test;
  }
  // oxlint-disable-next-line vitest/no-disabled-tests -- the name says why, and CI fails on it
  const skip: TestFn = (name) => test.skip(`${name} (${why})`, () => {});
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one skip for all the cases, whatever their type
  const each = (() => skip) as unknown as TestAPI["each"];
  return Object.assign(skip, { each });
}

function twice(): Pick<TestAPI, "each"> & TestFn {
  // Another name: what is made here is `test` itself, whose titles and assertions are its callers'.
  const api = test;
  const run: TestFn = (name, body, timeoutMs) => api(name, chance(timeoutMs), body);
  const each = (cases: readonly unknown[]) => (name: string, body: AnyBody, timeoutMs?: number) =>
    api.each(cases)(name, chance(timeoutMs), body);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- cases and the body's arguments are passed through
  return Object.assign(run, { each: each as unknown as TestAPI["each"] });
}

function chance(timeout?: number): { readonly retry: number; readonly timeout?: number } {
  return timeout === undefined ? { retry: 1 } : { retry: 1, timeout };
}

type AnyBody = (...args: unknown[]) => void | Promise<void>;
type TestFn = (name: string, body: () => void | Promise<void>, timeoutMs?: number) => void;

function program(name: string): string | null {
  const found = (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, name)));
  return found ? null : `needs ${name}`;
}
