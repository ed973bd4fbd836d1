/** What a page holds of a recording when another one has taken its place. */
import type { Page, Worker } from "playwright";
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { chooseFiles, visitPage } from "./browser.ts";
import { SAMPLE } from "./sample.ts";
import { surroundingsOfTests } from "./surroundings.ts";

const around = surroundingsOfTests();

/** From now on the worker's maps are counted, without being held: every recording has some. */
const COUNT = `{
  globalThis.made = [];
  globalThis.Map = class extends Map {
    constructor(...of) {
      super(...of);
      globalThis.made.push(new WeakRef(this));
    }
  };
}`;

/** What is left of those, once the engine has looked for garbage; memory that is told but not touched makes it look. */
const LEFT = `new Promise((resolve) => setTimeout(() => {
  new ArrayBuffer(2 ** 28);
  setTimeout(() => resolve(globalThis.first.filter((of) => of.deref() !== undefined).length));
}))`;

async function numberIn(worker: Worker, expression: string): Promise<number> {
  return Number(await worker.evaluate(expression));
}

/** Another recording, in the place of the one that is open; waits until the worker has made something for it. */
async function replace(page: Page, worker: Worker): Promise<void> {
  await chooseFiles(page, SAMPLE);
  await page.getByRole("button", { name: "Replace" }).press("r");
  await expect.poll(() => numberIn(worker, "globalThis.made.length")).toBeGreaterThan(3);
  await page.locator("main .row .num").first().waitFor();
}

testWith("chromium")("a recording is given up when another one takes its place", async () => {
  const { page, close } = await visitPage(around);
  // The worker begins with the first one.
  await chooseFiles(page, SAMPLE);
  await page.locator("main .row .num").first().waitFor();
  const worker = page.workers()[0]!;
  await worker.evaluate(COUNT);
  await replace(page, worker);
  await worker.evaluate("void (globalThis.first = globalThis.made.splice(0))");
  await replace(page, worker);
  await expect.poll(() => numberIn(worker, LEFT), { timeout: 20_000 }).toBe(0);
  await close();
});
