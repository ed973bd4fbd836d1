/** Every key of the `?` sheet, in every view: it does what the sheet says. */
import type { Page } from "playwright";
import { expect } from "vitest";
import { KEYS } from "../../src/viewer/model/keys.ts";
import { testWith } from "../needs.ts";
import { chooseFiles, visitPage } from "./browser.ts";
import { CALLED } from "./sample.ts";
import { surroundingsOfTests } from "./surroundings.ts";

const browserTest = testWith("chromium");
const around = surroundingsOfTests();

/** A key, and what the address says after it; the selected frame was 6, of the first connection's 11. */
type Pressed = readonly [key: string, after: RegExp];

const frame = (n: number): RegExp => new RegExp(`/packet/${n}\\?`);

/** Two keys for each of next, previous, first and last. */
function walk(next: number, previous: number, first: number, last: number): readonly Pressed[] {
  return [
    ["j", frame(next)],
    ["ArrowDown", frame(next)],
    ["k", frame(previous)],
    ["ArrowUp", frame(previous)],
    ["Home", frame(first)],
    ["End", frame(last)],
  ];
}

const pages = (down: number, up: number): readonly Pressed[] => [
  ["PageDown", frame(down)],
  ["PageUp", frame(up)],
];

const WALK = walk(7, 5, 1, 11);

/** Everywhere. */
const COMMON: readonly Pressed[] = [
  ["N", frame(5)],
  ["]", /\/stream\/1\/packet\/12\?/],
  ["t", /time=delta/],
  ["Escape", /#\/stream\/0\?/],
];

const TIME = /t=[\d.]+,[\d.]+/;
const ZOOM: readonly Pressed[] = ["w", "+", "="].map((key) => [key, TIME]);
const VALUES: readonly Pressed[] = ["W", "S", "A", "D"].map((key) => [key, /show=sequence,y/]);

const VIEWS: readonly (readonly [view: string, own: readonly Pressed[]])[] = [
  ["segments", [...walk(7, 5, 1, 13), ...pages(13, 1)]],
  ["conversations", [...walk(12, 1, 1, 12), ...pages(12, 1)]],
  ["ladder", [...WALK, ...pages(11, 1), ...ZOOM]],
  ["ladder&show=time", [...WALK, ...pages(11, 1), ...ZOOM]],
  ["ladder&show=table", [...WALK, ...pages(11, 1)]],
  ["states", [...WALK, ...pages(9, 3)]],
  ["graphs", [...WALK, ...ZOOM, ...VALUES]],
  ["graphs&show=sequence,0,table", WALK],
  ["header", WALK],
  ["bytes", WALK.slice(0, 4)],
  ["story", WALK],
  ["findings", WALK],
];

/** Goes to a place, and waits until all of it is shown. */
async function goTo(page: Page, place: string, number: number): Promise<void> {
  // What is answered late would write the old place into the address again.
  await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
  await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
  await page.getByRole("heading", { name: `Frame ${number}`, exact: true }).waitFor();
  await page.locator(".inspector .line", { hasText: "IP" }).waitFor();
  await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
  // A picture that is not there yet cannot be zoomed.
  if (number === 6 && /view=graphs(?!.*table)/.test(place)) {
    await page.locator(".plot[data-selected]:not([data-selected='0'])").waitFor();
  }
  if (place.includes("view=ladder")) await page.locator(".ladder-sum").waitFor();
}

const addressOf = (page: Page): string => decodeURIComponent(page.url());

browserTest.each(VIEWS)("keys in %s", async (view, own) => {
  const place = (number: number, more = ""): string =>
    `#/stream/0/packet/${number}?view=${view}${more}`;
  const { page, errors, close } = await visitPage(around, { place: place(6) });
  let choosers = 0;
  page.on("filechooser", () => choosers++);
  await chooseFiles(page, CALLED);
  for (const [key, after] of [...own, ...COMMON]) {
    await goTo(page, place(6), 6);
    await page.keyboard.press(key);
    await expect.poll(() => addressOf(page), { message: `${key} in ${view}` }).toMatch(after);
  }
  await goTo(page, place(3), 3);
  await page.keyboard.press("n");
  await expect.poll(() => addressOf(page)).toMatch(frame(5));
  await page.keyboard.press("]");
  await expect.poll(() => addressOf(page)).toContain("/stream/1");
  await page.keyboard.press("[");
  await expect.poll(() => addressOf(page)).toContain("/stream/0/packet/1?");
  await goTo(page, place(6, "&t=0.1,0.2"), 6);
  await page.keyboard.press("f");
  await expect.poll(() => addressOf(page)).not.toContain("t=");
  await page.keyboard.press("g");
  await page.keyboard.type("9");
  await page.keyboard.press("Enter");
  await expect.poll(() => addressOf(page)).toMatch(frame(9));
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
  await page.keyboard.press("/");
  await page.locator(".filter input:focus").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".filter input:not(:focus)").waitFor();
  await page.keyboard.press("Control+o");
  await expect.poll(() => choosers).toBe(1);
  expect(errors).toEqual([]);
  await close();
});

browserTest.each(["ladder", "graphs"])("from a part of the time in %s: s - a d", async (view) => {
  const { page, close } = await visitPage(around, {
    place: `#/stream/0/packet/6?view=${view}&t=0.1,0.15`,
  });
  await chooseFiles(page, CALLED);
  for (const key of ["s", "-", "a", "d"]) {
    await goTo(page, `#/stream/0/packet/6?view=${view}&t=0.1,0.15`, 6);
    await page.keyboard.press(key);
    await expect.poll(() => addressOf(page).includes("t=0.1,0.15&"), { message: key }).toBe(false);
    const [from, to] = /t=([-\d.]+),([-\d.]+)/.exec(addressOf(page))!.slice(1).map(Number);
    const isAsSaid =
      key === "a" ? from! < 0.1 : key === "d" ? to! > 0.15 : from! < 0.1 && to! > 0.15;
    expect({ key, from, to, isAsSaid }).toEqual({ key, from, to, isAsSaid: true });
    // As long as before, or longer around the middle: a link's range does not follow its selection.
    if (key === "s" || key === "-") expect((from! + to!) / 2).toBeCloseTo(0.125, 6);
    else expect(to! - from!).toBeCloseTo(0.05, 6);
  }
  await close();
});

browserTest.each(["ladder", "ladder&show=time", "ladder&show=table"])(
  "the range of a link stays, what is selected afterwards is shown: %s",
  async (view) => {
    const place = `#/stream/0/packet/6?view=${view}&t=0.1,0.15`;
    const { page, close } = await visitPage(around, { place });
    await chooseFiles(page, CALLED);
    await goTo(page, place, 6);
    await page.keyboard.press("j");
    await expect.poll(() => addressOf(page)).toMatch(frame(7));
    // Straight from the link's own range to the time of the seventh.
    await expect.poll(() => addressOf(page)).not.toContain("t=0.1,0.15&");
    const [from, to] = /t=([-\d.]+),([-\d.]+)/.exec(addressOf(page))!.slice(1).map(Number);
    expect(to! - from!).toBeCloseTo(0.05, 6);
    expect(from!).toBeLessThan(0.252);
    expect(to!).toBeGreaterThan(0.252);
    await close();
  },
);

browserTest("the sheet has no key that is not pressed here", () => {
  const pressed = new Set([
    ...VIEWS.flatMap(([, own]) => own.map(([key]) => key)),
    ...COMMON.map(([key]) => key),
    ..."n[fg?/s-ad".split(""),
    "Ctrl+o",
    // Only in Bytes, and in its own tests.
    "c",
  ]);
  expect(KEYS.flatMap(({ keys }) => keys).filter((key) => !pressed.has(key))).toEqual([]);
});
