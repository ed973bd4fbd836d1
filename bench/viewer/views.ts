/** Every view of one connection, one after the other: how long until it stands, and what memory it takes. */
import type { Page } from "playwright";
import type { Surroundings } from "../../test/viewer/browser.ts";
import { forgetMost, memoryOf } from "./memory.ts";

/** Until nothing is on its way any more, for so long. */
const STILL_MS = 300;

/** What stands behind `#/stream/0` in the address. */
const VIEWS = [
  "?view=segments",
  "?view=conversations",
  "/packet/4?view=header",
  "?view=ladder",
  "?view=ladder&show=time",
  "?view=states",
  "?view=graphs&show=sequence,0",
  "?view=graphs&show=rtt,0",
  "?view=graphs&show=throughput,0",
  "?view=graphs&show=window,0",
  "?view=bytes&bytes=client.hex",
  "?view=bytes&bytes=client",
  "?view=story",
  "?view=findings",
];

/** Prints a line a view. */
export async function measureViews(around: Surroundings, page: Page): Promise<void> {
  for (const view of VIEWS) {
    await forgetMost(around);
    const start = performance.now();
    await page.evaluate(`location.hash = "#/stream/0${view}"`);
    const shown = await stillAt(page);
    const { now, most, own } = await memoryOf(around);
    console.log(
      `  ${view}: ${(shown - start).toFixed(0)} ms; memory ${now} MB, at most ${most} MB; ${own} MB of it its own`,
    );
  }
}

/** When the page had everything that it asked for. */
async function stillAt(page: Page): Promise<number> {
  await page.evaluate(`new Promise((resolve) => {
    let since = performance.now();
    const look = () => {
      const now = performance.now();
      if (document.documentElement.hasAttribute("data-waiting")) since = now;
      if (now - since >= ${STILL_MS}) resolve(); else requestAnimationFrame(look);
    };
    look();
  })`);
  return performance.now() - STILL_MS;
}
