/** The address of the page: what goes into it, what comes back, and what of it is a step back. */
import type { Page } from "playwright";
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { CALLED, SACKED, SAMPLE } from "./sample.ts";
import { surroundingsOfTests } from "./surroundings.ts";

const browserTest = testWith("chromium");
const around = surroundingsOfTests();

const placeOf = (page: Page): string => decodeURIComponent(new URL(page.url()).hash);

const idle = (page: Page): Promise<void> =>
  page.locator("html:not([data-waiting])").waitFor({ state: "attached" });

async function opened(place: string): Promise<Visit> {
  const visit = await visitPage(around, { place });
  await chooseFiles(visit.page, CALLED);
  const frame = /packet\/(\d+)/.exec(place)?.[1];
  if (frame !== undefined) await heading(visit.page, Number(frame));
  await idle(visit.page);
  return visit;
}

const heading = (page: Page, frame: number): Promise<void> =>
  page.getByRole("heading", { name: `Frame ${frame}`, exact: true }).waitFor();

browserTest("back from a segment of another connection leads to the one before", async () => {
  const { page, errors, close } = await opened("#/stream/0/packet/11");
  await page.keyboard.press("j");
  await heading(page, 12);
  await expect.poll(() => placeOf(page)).toBe("#/stream/1/packet/12");
  await page.goBack();
  await heading(page, 11);
  expect(placeOf(page)).toBe("#/stream/0/packet/11");
  await page.goForward();
  await heading(page, 12);
  expect(placeOf(page)).toBe("#/stream/1/packet/12");
  expect(errors).toEqual([]);
  await close();
});

browserTest("a frame alone brings its connection, which is no step back", async () => {
  const { page, close } = await visitPage(around, { place: "#/packet/5?view=states" });
  const steps = await page.evaluate("history.length");
  await chooseFiles(page, CALLED);
  await heading(page, 5);
  await expect.poll(() => placeOf(page)).toBe("#/stream/0/packet/5?view=states");
  expect(await page.evaluate("history.length")).toBe(steps);
  await page.evaluate('location.hash = "#/stream/1/packet/5?view=states"');
  await expect.poll(() => placeOf(page)).toBe("#/stream/0/packet/5?view=states");
  await close();
});

browserTest("a link to another recording selects nothing in the one that is open", async () => {
  const { page, close } = await opened("#/stream/0/packet/5?filter=tcp.len>0");
  await page.getByText("of 13").waitFor();
  await page.evaluate(
    'location.hash = "#/f/0123456789abcdef/stream/1/packet/12?filter=tcp.len==0"',
  );
  await page.getByText("The link is about another recording").waitFor();
  await expect.poll(() => placeOf(page)).toBe("#/");
  await page.getByText("of 13").waitFor({ state: "detached" });
  await page.evaluate('location.hash = "#/stream/0/packet/5"');
  await heading(page, 5);
  await page.getByText("The link is about another recording").waitFor({ state: "detached" });
  await close();
});

browserTest("what no capture was leaves a link's place to the next file", async () => {
  const { page, close } = await visitPage(around, { place: "#/stream/0/packet/5" });
  await chooseFiles(page, { name: "notes.txt", bytes: new TextEncoder().encode("hello") });
  await page.getByText("This could not be read.").waitFor();
  await chooseFiles(page, SAMPLE);
  await heading(page, 5);
  await close();
});

browserTest.each(["ladder", "ladder&show=time", "graphs"])(
  "a movement in %s is of its connection, and stays when the view is left at once",
  async (view) => {
    const { page, close } = await opened(`#/stream/0/packet/6?view=${view}`);
    const ready = page.locator(
      view === "graphs" ? ".plot[data-selected]:not([data-selected='0'])" : ".ladder-sum",
    );
    await ready.waitFor();
    await page.clock.install();
    await Promise.all([page.keyboard.press("w"), page.keyboard.press("]")]);
    await heading(page, 12);
    await idle(page);
    // Whatever still waits for its time has it now.
    await page.clock.fastForward(5000);
    expect(placeOf(page)).toContain(`#/stream/1/packet/12?view=${view}`);
    await page.keyboard.press("[");
    await heading(page, 1);
    await ready.or(page.locator(".plot")).first().waitFor();
    await idle(page);
    await page.evaluate(`{
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "w", bubbles: true }));
      [...document.querySelectorAll("nav.views button")].find((b) => b.innerText === "States").click();
    }`);
    await expect.poll(() => placeOf(page)).toMatch(/\/packet\/1\?t=[-\d.]+,[\d.]+&view=states/);
    await close();
  },
);

/** Presses a key on the page itself: all of a list in one go. */
const PRESS = `const press = (key, on = document) =>
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));`;

browserTest("keys that are held for long: the address is the last place", async () => {
  const { page, errors, close } = await opened("#/stream/0/packet/1");
  await page.evaluate(
    `{ ${PRESS} for (let i = 0; i < 300; i++) press("t"); press("End"); press("t"); }`,
  );
  await heading(page, 13);
  await expect.poll(() => placeOf(page)).toBe("#/stream/1/packet/13?time=delta");
  expect(errors).toEqual([]);
  await close();
});

browserTest.each(["header", "segments", "states", "story", "graphs"])(
  "another recording while a filter and keys are at work: nothing of them, %s",
  async (view) => {
    const { page, errors, close } = await opened(`#/stream/0/packet/1?view=${view}`);
    await page.getByRole("combobox").fill("frame contains 0a");
    await chooseFiles(page, SACKED);
    await page.getByRole("dialog").waitFor();
    // In one go: all of it is on its way when the other file comes.
    await page.evaluate(`{
      ${PRESS}
      const dialog = document.querySelector("dialog[open]");
      dialog.removeAttribute("open");
      for (const key of ["n", "j", "j", "]", "n"]) press(key);
      press("Enter", document.querySelector(".filter input"));
      [...dialog.querySelectorAll("button")].find((b) => b.innerText.includes("Replace")).click();
    }`);
    await page.locator(".open-inputs", { hasText: "7 segments" }).waitFor();
    await idle(page);
    expect(placeOf(page)).toBe(`#/?view=${view}`);
    expect(await page.locator(".filter").getAttribute("class")).toContain("is-none");
    await page.keyboard.press("]");
    await heading(page, 1);
    await page.keyboard.press("j");
    await heading(page, 2);
    expect(errors).toEqual([]);
    await close();
  },
);

browserTest(
  "order and words of conversations are in the link, whichever view is open",
  async () => {
    const { page, close } = await opened("#/stream/0/packet/1?view=conversations");
    await page.getByRole("button", { name: "Duration" }).click();
    await page.locator("main").getByRole("searchbox").fill(":81");
    await expect.poll(() => placeOf(page)).toContain("&sort=duration.down&find=:81");
    const place = placeOf(page);
    await close();
    const other = await opened(place);
    const header = other.page.getByRole("columnheader", { name: "Duration" });
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    await expect.poll(() => other.page.locator("main .list .row").count()).toBe(1);
    await expect.poll(() => other.page.locator("aside .list .row").count()).toBe(1);
    expect(placeOf(other.page)).toBe(place);
    await other.close();
  },
);

browserTest(
  "boundaries that are left out are in the link, and the findings' severity",
  async () => {
    const { page, close } = await opened("#/stream/0/packet/4?view=bytes");
    await page.getByRole("button", { name: /\d write/ }).click();
    await expect.poll(() => placeOf(page)).toContain("&bytes=-write");
    await page.getByRole("button", { name: "Findings" }).click();
    await page.locator(".finding-tools .switch").last().click();
    await expect.poll(() => placeOf(page)).toContain("&show=note");
    const place = placeOf(page);
    const cards = await page.locator(".finding-list .finding").count();
    await close();
    const other = await opened(place);
    expect(await other.page.locator(".finding-tools .is-on").count()).toBe(1);
    expect(await other.page.locator(".finding-list .finding").count()).toBe(cards);
    await other.page.getByRole("button", { name: "Bytes" }).click();
    await other.page.locator(".byte-tools [aria-pressed=false]", { hasText: /\d write/ }).waitFor();
    await other.close();
  },
);

browserTest.each(["ladder", "states", "graphs", "bytes", "story"])(
  "a connection that is not there: %s says so",
  async (view) => {
    const { page, errors, close } = await opened(`#/stream/7?view=${view}`);
    await page.getByText("There is no such connection in this recording.").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("w");
    await page.keyboard.press("]");
    await page.keyboard.press("n");
    await idle(page);
    expect(errors).toEqual([]);
    await close();
  },
);
