/** The graphs of the viewer's page, looked at as a person would. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { seriousIn } from "./axe.ts";
import { PACED, RETRANSMISSION, SACKED, SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");

const around = surroundingsOfTests();

const PLACE = "#/stream/0?view=graphs";

/** With the picture drawn. */
async function opened(
  options: Parameters<typeof visitPage>[1] = {},
  file: typeof SAMPLE = SAMPLE,
): Promise<Visit> {
  const visit = await visitPage(around, { place: PLACE, ...options });
  await chooseFiles(visit.page, file);
  await visit.page.locator(".legend button, .point-grid").first().waitFor();
  return visit;
}

/** Waits until the address says it. */
async function waitForAddress(page: Page, pattern: RegExp): Promise<void> {
  await page.waitForURL((url) => pattern.test(url.hash));
}

/** Moves over the picture until something is named; its words. */
async function pointAtFrame(page: Page, frame: number): Promise<string> {
  const box = (await page.locator(".plot").boundingBox())!;
  const out = page.locator(".read-out");
  for (let y = 30; y < box.height - 30; y += 12) {
    for (let x = 70; x < box.width - 16; x += 12) {
      await page.mouse.move(box.x + x, box.y + y);
      if (!(await out.innerText().catch(() => "")).startsWith(`Frame ${frame} `)) continue;
      // What is read may be about the place before.
      for (const back of [0, 12, 24]) {
        await page.mouse.move(box.x + x - back, box.y + y);
        await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
        const words = await out.innerText();
        if (words.startsWith(`Frame ${frame} `)) return words;
      }
    }
  }
  throw new RangeError(`frame ${frame} is nowhere in the picture`);
}

browserTest(
  "the crosshair names a segment with the list's numbers, and a click selects it everywhere",
  async () => {
    const place = `${PLACE}&show=sequence,-ack,-edge,-sign,-control`;
    const { page, errors, close } = await opened({ place });
    await pointAtFrame(page, RETRANSMISSION);
    const words = await page.locator(".read-out").innerText();
    expect(words.split("\n")).toEqual([
      `Frame ${RETRANSMISSION} · sent again`,
      "0.250000 s",
      "[PSH ACK] seq 1 ack 1 len 10 win 65535",
      "retransmission",
    ]);
    await page.mouse.down();
    await page.mouse.up();
    await page.getByRole("heading", { name: `Frame ${RETRANSMISSION}`, exact: true }).waitFor();
    await page.getByRole("button", { name: "Segments", exact: true }).click();
    expect(await page.locator("main .row.is-selected").innerText()).toContain("retransmission");
    expect(errors).toEqual([]);
    await close();
  },
);

browserTest("wheel, keys, drag and box change what is in sight; f shows all", async () => {
  const { page, close } = await opened();
  const box = (await page.locator(".plot").boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 100);
  await page.mouse.wheel(0, -300);
  await waitForAddress(page, /t=/);
  const range = (): number[] => /t=([\d.-]+),([\d.-]+)/.exec(page.url())!.slice(1).map(Number);
  const zoomed = range();
  expect(zoomed[1]! - zoomed[0]!).toBeLessThan(0.15);
  await page.keyboard.press("d");
  await page.waitForURL((url) => !url.hash.includes(`t=${zoomed[0]},`));
  expect(range()[0]).toBeGreaterThan(zoomed[0]!);
  await page.keyboard.press("Shift+W");
  await waitForAddress(page, /show=sequence,y/);
  await page.keyboard.press("f");
  await page.waitForURL((url) => !/[?&](t|show)=/.test(url.hash));
  await page.keyboard.down("Shift");
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 220, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await waitForAddress(page, /t=.*show=sequence,y/);
  await page.mouse.move(box.x + 400, box.y + 150);
  const before = range();
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 152, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL((url) => !url.hash.includes(`t=${before[0]},`));
  expect(range()[0]).toBeGreaterThan(before[0]!);
  await page.mouse.dblclick(box.x + 400, box.y + 150);
  await page.waitForURL((url) => !/[?&](t|show)=/.test(url.hash));
  await page.mouse.move(box.x + 30, box.y + 150);
  await page.mouse.wheel(0, -300);
  await waitForAddress(page, /show=sequence,y/);
  expect(page.url()).not.toMatch(/[?&]t=/);
  await close();
});

browserTest("a link restores the same picture, dot by dot", async () => {
  const place = `#/stream/0/packet/${RETRANSMISSION}?t=0.1,0.2531&view=graphs&show=sequence,0,y-5:30,-edge&theme=dark`;
  const pictures: Buffer[] = [];
  for (let i = 0; i < 2; i++) {
    const { page, close } = await opened({ place });
    await page.locator(".reasons li").first().waitFor();
    await page.getByRole("button", { name: "acknowledged" }).waitFor();
    expect(new URL(page.url()).hash).toBe(place);
    await page.locator(".plot:not([data-selected='0'])").waitFor();
    pictures.push(await page.locator(".plot").screenshot());
    await close();
  }
  expect(pictures[0]!.equals(pictures[1]!)).toBe(true);
});

browserTest("every graph, the other direction, hidden series, the table", async () => {
  const { page, errors, close } = await opened();
  for (const [name, series] of [
    ["RTT", "RTT"],
    ["Throughput", "goodput"],
    ["Window", "in flight"],
    ["Sequence", "data"],
  ]) {
    await page.getByRole("group", { name: "Graph" }).getByRole("button", { name: name! }).click();
    await page.locator(".legend").getByRole("button", { name: series! }).waitFor();
  }
  expect(await page.locator(".direction").innerText()).toMatch(
    /10\.0\.0\.1:40000\s*→\s*10\.0\.0\.2:80/,
  );
  await page.locator(".direction").click();
  await page
    .locator(".direction span", { hasText: "10.0.0.2:80" })
    .and(page.locator(":first-child"))
    .waitFor();
  await page.getByRole("button", { name: "acknowledged" }).click();
  await waitForAddress(page, /show=sequence,1,-ack/);
  await page.getByRole("button", { name: "Table" }).click();
  const rows = page.locator("main .list .row");
  await rows.filter({ hasText: "252" }).waitFor();
  expect((await rows.nth(0).innerText()).split(/\s+/)).toEqual(["7", "0.252000", "1", "21"]);
  await rows.nth(0).click();
  await page.getByRole("heading", { name: "Frame 7", exact: true }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

browserTest("the rate that a stack paces by: line, legend, crosshair and table", async () => {
  const place = "#/stream/0?view=graphs&show=throughput,0";
  const { page, errors, close } = await opened({ place }, PACED);
  const legend = page.locator(".legend").getByRole("button", { name: "pacing" });
  expect(await legend.innerText()).toMatch(/pacing\s*3/);
  const box = (await page.locator(".plot").boundingBox())!;
  await page.mouse.move(box.x + box.width - 60, box.y + 40);
  await page.locator(".read-out").getByText("pacing 4.000 kbit/s").waitFor();
  await legend.click();
  await waitForAddress(page, /show=throughput,0,-pacing/);
  await page.locator(".read-out").getByText("pacing").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByRole("combobox", { name: "Series" }).selectOption("pacing");
  const row = page.locator("main .list .row").first();
  await row.filter({ hasText: "0.003000" }).waitFor();
  expect((await row.innerText()).split(/\n/)).toContain("4.800 kbit/s");
  expect(errors).toEqual([]);
  await close();
});

browserTest("j and k go from segment to segment", async () => {
  const { page, close } = await opened();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Frame 1", exact: true }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Frame 2", exact: true }).waitFor();
  await page.keyboard.press("k");
  await page.getByRole("heading", { name: "Frame 1", exact: true }).waitFor();
  await close();
});

browserTest("the picture is saved as SVG and as PNG", async () => {
  const { page, errors, close } = await opened();
  const saved = async (
    name: string,
  ): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const svg = await saved("SVG");
  expect(svg.name).toBe("stream-0-sequence.svg");
  const words = JSON.stringify(svg.bytes.toString("utf8"));
  const problem = await page.evaluate<unknown>(`(() => {
    const parsed = new DOMParser().parseFromString(${words}, "image/svg+xml");
    const error = parsed.querySelector("parsererror");
    return [error?.textContent ?? null, parsed.querySelectorAll("path").length > 4];
  })()`);
  expect(problem).toEqual([null, true]);
  for (const told of [
    "<title>Sequence · TCP 10.0.0.1:40000 → 10.0.0.2:80</title>",
    ">sample.pcapng · conversation 0 · ",
    ">data</text>",
    ">retransmission: sent again</text>",
  ]) {
    expect(svg.bytes.toString("utf8")).toContain(told);
  }
  const png = await saved("PNG");
  expect(png.bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
  const box = (await page.locator(".plot").boundingBox())!;
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  expect(width).toBe(box.width * 2);
  // With its caption around it.
  expect(height / 2).toBeGreaterThan(box.height + 50);
  expect(errors).toEqual([]);
  await close();
});

browserTest.each(["light", "dark"] as const)(
  "axe finds nothing serious in the graphs, %s",
  async (theme) => {
    for (const show of ["sequence", "rtt,table", "throughput", "window"]) {
      const place = `#/stream/0/packet/${RETRANSMISSION}?view=graphs&show=${show}`;
      const { page, close } = await opened({ theme, place });
      await page.locator(".reasons li").first().waitFor();
      expect({ show, found: await seriousIn(page) }).toEqual({ show, found: [] });
      await close();
    }
  },
);

browserTest(
  "the overview shows when conversations lived; a click selects one, a drag a time",
  async () => {
    const visit = await visitPage(around, { place: "#/?view=conversations" });
    const { page, errors, close } = visit;
    await chooseFiles(page, SAMPLE);
    await page.locator(".overview", { hasText: "2 conversations" }).waitFor();
    const box = (await page.locator(".overview-picture").boundingBox())!;
    const at = (share: number): number => box.x + share * box.width;
    await page.mouse.click(at(0.4), box.y + 44);
    await waitForAddress(page, /^#\/stream\/0/);
    await page.mouse.move(at(0.5), box.y + 20);
    await page.mouse.down();
    await page.mouse.move(at(0.75), box.y + 20, { steps: 3 });
    await page.mouse.up();
    await waitForAddress(page, /t=0\.15/);
    await page.getByRole("button", { name: "Graphs", exact: true }).click();
    await page.locator(".legend button").first().waitFor();
    expect(page.url()).toMatch(/t=0\.15/);
    expect(errors).toEqual([]);
    await close();
  },
);

browserTest("a file that is gone: the graph says why there is none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "seqack-"));
  const path = join(folder, SACKED.name);
  writeFileSync(path, SACKED.bytes);
  const { page, close } = await visitPage(around, { place: "#/stream/0?view=segments" });
  await page.locator("input[type=file]").setInputFiles(path);
  await page.locator("main .row").first().waitFor();
  rmSync(folder, { recursive: true });
  await page.getByRole("button", { name: "Graphs", exact: true }).click();
  await page.locator(".plot [role=alert]", { hasText: "changed or gone" }).waitFor();
  expect(await page.getByText("Drawing…").count()).toBe(0);
  await close();
});
