/**
 * How long the viewer's page takes for a large capture, in headless Chromium without a GPU:
 *
 *     npm run build && npx tsx bench/viewer.ts FILE…
 *
 * Times run from choosing the file; memory is the renderer's (page and worker), from /proc, in units of 2^20; frames are
 * those of the list scrolled by the wheel, of the bar dragged from end to end, and of the graphs of the first
 * connection, with the time that the page's thread works for each.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Page } from "playwright";
import { startSurroundings, type Surroundings, visitPage } from "../test/viewer/browser.ts";
import { memoryOf } from "./viewer/memory.ts";
import { measureViews } from "./viewer/views.ts";

const SCROLLS = 120;

interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  /** Milliseconds of work a frame. */
  readonly work: number;
}

/** Moves on every frame by `how`, an expression of `list` or `plot` and the share `i / n`, and measures them. */
async function framesOf(page: Page, how: string): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
  };
  const before = await worked();
  const times = await page.evaluate<number[]>(`new Promise((resolve) => {
    const list = document.querySelector("main .list-scroll");
    const plot = document.querySelector("main .plot");
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
  const work = Math.round(((await worked()) - before) / (SCROLLS / 10)) / 10;
  await session.detach();
  return { p50: at(0.5), p95: at(0.95), worst: at(1), work };
}

/** Events over the plot, `x` pixels from its left border. */
const wheelAt = (x: string, deltaY: string, isShifted: boolean = false): string =>
  `plot.dispatchEvent(new WheelEvent("wheel", { clientX: plot.getBoundingClientRect().left + ${x}, clientY: 400, deltaY: ${deltaY}, shiftKey: ${isShifted}, bubbles: true, cancelable: true }))`;
const pointerAt = (kind: string, x: string): string =>
  `plot.dispatchEvent(new PointerEvent("pointer${kind}", { pointerId: 1, clientX: plot.getBoundingClientRect().left + ${x}, clientY: 400, bubbles: true }))`;

/** Each graph of the first connection: drawn, zoomed in and out, moved, pointed at. */
async function measureGraphs(around: Surroundings, page: Page): Promise<void> {
  for (const kind of ["sequence", "rtt", "throughput", "window"]) {
    const start = performance.now();
    await page.evaluate(`location.hash = "#/stream/0?view=graphs&show=${kind},0"`);
    await page.locator(".legend button").first().waitFor({ timeout: 60_000 });
    const drawn = performance.now() - start;
    const zoom = await framesOf(page, wheelAt("420", "i < n / 2 ? -60 : 50"));
    const pan = await framesOf(page, wheelAt("420", "Math.sin(i) * 20", true));
    // A drag by events of our own: there is no pointer to capture.
    await page.evaluate("Element.prototype.setPointerCapture = () => {}");
    await page.evaluate(
      `{ const plot = document.querySelector("main .plot"); ${pointerAt("down", "600")} }`,
    );
    const drag = await framesOf(page, pointerAt("move", "600 - 3 * i"));
    await page.evaluate(
      `{ const plot = document.querySelector("main .plot"); ${pointerAt("up", "240")} }`,
    );
    const point = await framesOf(page, pointerAt("move", "100 + 5 * i"));
    const { now, own } = await memoryOf(around);
    console.log(
      `  ${kind}: drawn in ${drawn.toFixed(0)} ms; frames zooming ${JSON.stringify(zoom)}, values ${JSON.stringify(pan)}, dragging ${JSON.stringify(drag)}, pointing ${JSON.stringify(point)} ms; memory ${now} MB, ${own} MB its own`,
    );
  }
}

async function measure(around: Surroundings, file: string): Promise<void> {
  const { page, close } = await visitPage(around);
  const before = await memoryOf(around);
  const start = performance.now();
  await page.locator("input[type=file]").setInputFiles(file);
  await page.locator("main .row .num").first().waitFor({ timeout: 120_000 });
  const first = performance.now() - start;
  await page.locator(".reading").waitFor({ state: "detached", timeout: 600_000 });
  const all = performance.now() - start;
  const sums = await page.locator(".open-inputs small").innerText();
  const after = await memoryOf(around);
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
  const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0]!;
  console.log(`${basename(file)}: ${sums} (load ${load})`);
  console.log(
    `  first rows ${first.toFixed(0)} ms, everything ${all.toFixed(0)} ms, filter ${filter.toFixed(0)} ms`,
  );
  const { now, most, own, cpu } = after;
  console.log(`  processor time ${(cpu - before.cpu).toFixed(0)} ms of the page and its worker`);
  console.log(`  memory ${now} MB, at most ${most} MB; ${own} MB of it its own`);
  console.log(`  frames by wheel ${JSON.stringify(wheel)}, by bar ${JSON.stringify(drag)} ms`);
  await measureGraphs(around, page);
  await page.getByRole("combobox").fill("");
  await page.keyboard.press("Enter");
  await measureViews(around, page);
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
