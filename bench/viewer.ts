/**
 * How long the viewer's page takes for a large capture, in headless Chromium without a GPU:
 *
 *     npm run build && npx tsx bench/viewer.ts FILE…
 *
 * Times run from choosing the file; memory is the renderer's (page and worker), from /proc; frames are
 * those of the list scrolled by the wheel, and of the bar dragged from end to end.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Page } from "playwright";
import { startSurroundings, type Surroundings, visitPage } from "../test/viewer/browser.ts";

const SCROLLS = 120;

interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

/** Of the largest renderer: what it has, and the most that it had. */
async function memoryMb(around: Surroundings): Promise<readonly [number, number]> {
  const session = await around.browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => readFileSync(`/proc/${id}/status`, "utf8"))
    .map((status) => [inMb(status, "VmRSS"), inMb(status, "VmHWM")] as const);
  return sizes.toSorted((a, b) => b[0] - a[0])[0] ?? [0, 0];
}

function inMb(status: string, name: string): number {
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
}

/** Scrolls on every frame by `how`, an expression of `list` and the share `i / n`, and measures them. */
async function framesOf(page: Page, how: string): Promise<Frames> {
  const times = await page.evaluate<number[]>(`new Promise((resolve) => {
    const list = document.querySelector("main .list-scroll");
    const times = [];
    const n = ${SCROLLS};
    let before = performance.now();
    const step = (i) => requestAnimationFrame(() => {
      const now = performance.now();
      times.push(now - before);
      before = now;
      ${how};
      if (i < n) step(i + 1); else resolve(times.slice(1));
    });
    step(0);
  })`);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), worst: at(1) };
}

async function measure(around: Surroundings, file: string): Promise<void> {
  const { page, close } = await visitPage(around);
  const start = performance.now();
  await page.locator("input[type=file]").setInputFiles(file);
  await page.locator("main .row .num").first().waitFor({ timeout: 120_000 });
  const first = performance.now() - start;
  await page.locator(".reading").waitFor({ state: "detached", timeout: 600_000 });
  const all = performance.now() - start;
  const sums = await page.locator(".open-inputs small").innerText();
  const [now, most] = await memoryMb(around);
  const wheel = await framesOf(
    page,
    "list.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, bubbles: true, cancelable: true }))",
  );
  const drag = await framesOf(page, "list.scrollTop = (i / n) * list.scrollHeight");
  const filtered = performance.now();
  await page.getByRole("combobox").fill("tcp.analysis.flags");
  await page.keyboard.press("Enter");
  await page.locator(".filter-count").waitFor({ timeout: 600_000 });
  const filter = performance.now() - filtered;
  console.log(`${basename(file)}: ${sums}`);
  console.log(
    `  first rows ${first.toFixed(0)} ms, everything ${all.toFixed(0)} ms, filter ${filter.toFixed(0)} ms`,
  );
  console.log(`  memory ${now} MB, at most ${most} MB`);
  console.log(`  frames by wheel ${JSON.stringify(wheel)}, by bar ${JSON.stringify(drag)} ms`);
  await close();
}

const files = process.argv.slice(2);
if (files.length === 0) console.log("usage: tsx bench/viewer.ts FILE…");
for (const file of files) {
  const around = await startSurroundings();
  try {
    await measure(around, file);
  } finally {
    await around.close();
  }
}
