/** The ladder, as a person uses it. */
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright";
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { seriousIn } from "./axe.ts";
import { CALLED, RETRANSMISSION, SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");

const around = surroundingsOfTests();

const picture = (page: Page): Locator => page.locator(".ladder .picture");
const sentence = (page: Page): Locator => page.locator(".ladder-sentence");

async function opened(
  file: typeof SAMPLE,
  place: string,
  options: Parameters<typeof visitPage>[1] = {},
): Promise<Visit> {
  const visit = await visitPage(around, { ...options, place });
  await chooseFiles(visit.page, file);
  await visit.page.locator(".ladder .picture, .ladder-grid .num").first().waitFor();
  return visit;
}

browserTest("segments, states and calls of a connection are drawn", async () => {
  const { page, errors, close } = await opened(CALLED, "#/stream/0?view=ladder");
  const words = await picture(page).locator("text").allTextContents();
  expect(words).toEqual(
    expect.arrayContaining([
      "SYN seq 0 win 65535",
      "SYN-SENT",
      "LISTEN",
      "write 10 bytes → ok",
      "R",
    ]),
  );
  // As the table of conversations has it: calls began before.
  expect(await page.locator(".ladder-sum").innerText()).toBe("11 segments · 256 ms");
  expect(errors).toEqual([]);
  await close();
});

browserTest("what is selected here is selected everywhere, and the other way round", async () => {
  const { page, close } = await opened(SAMPLE, "#/stream/0?view=ladder");
  await picture(page).getByText("PSH,ACK seq 1 ack 1 len 10").nth(1).click({ force: true });
  await page.getByRole("heading", { name: `Frame ${RETRANSMISSION}`, exact: true }).waitFor();
  expect(await sentence(page).innerText()).toContain(
    "carries again what frame 4 carried 247 ms before",
  );
  await page.getByRole("button", { name: "Segments", exact: true }).click();
  await page.locator("main .row.is-selected", { hasText: "retransmission" }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("button", { name: "Ladder", exact: true }).click();
  await page.getByText("acknowledges frame 5").first().waitFor();
  await close();
});

browserTest("pointing shows what belongs together, without selecting it", async () => {
  const { page, close } = await opened(SAMPLE, "#/stream/0?view=ladder");
  await picture(page).getByText("PSH,ACK seq 1 ack 1 len 10").first().hover({ force: true });
  await page.getByText("sent again in frame 5; acknowledged by frame 6").waitFor();
  expect(await page.locator(".inspector.is-empty").count()).toBe(1);
  await page.mouse.move(600, 30);
  await page.getByText("Point at a segment").waitFor();
  await close();
});

browserTest(
  "a call lights its segments, by pointer and by focus; a click selects the first",
  async () => {
    const { page, close } = await opened(CALLED, "#/stream/0?view=ladder");
    const strong = picture(page).locator("path[stroke-width='3']");
    const said =
      "The client calls write 10 bytes → ok; its bytes left in frame 4; sent again in frame 5";
    const write = picture(page).getByText("write 10 bytes → ok");
    await write.hover({ force: true });
    await sentence(page).getByText(said).waitFor();
    // Two arrows and the mark of the call.
    expect(await strong.count()).toBe(3);
    await page.mouse.move(600, 30);
    await page.getByText("Point at a segment").waitFor();
    await page.getByRole("button", { name: said }).focus();
    await sentence(page).getByText(said).waitFor();
    expect(await strong.count()).toBe(3);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Frame 4", exact: true }).waitFor();
    await picture(page).getByText("write 20 bytes → ok").click({ force: true });
    await page.getByRole("heading", { name: "Frame 7", exact: true }).waitFor();
    await close();
  },
);

browserTest("keys walk, zoom and fit; the range is in the address", async () => {
  const { page, close } = await opened(SAMPLE, "#/stream/0?view=ladder&show=time");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Frame 2", exact: true }).waitFor();
  await page.keyboard.press("w");
  await page.keyboard.press("w");
  await page.waitForURL(/[?&]t=/);
  expect(await page.locator(".ladder-sum").innerText()).toMatch(/^\d+ \/ 11 segments/);
  await page.keyboard.press("End");
  await page.getByRole("heading", { name: "Frame 11", exact: true }).waitFor();
  await page.keyboard.press("f");
  await page.waitForURL((url) => !url.hash.includes("t="));
  expect(await page.locator(".ladder-sum").innerText()).toMatch(/^11 segments/);
  await close();
});

browserTest("a link restores shape, range and selection", async () => {
  const place = "#/stream/0/packet/5?t=0.2,0.26&view=ladder&show=table&lang=zh";
  const { page, close } = await opened(SAMPLE, place);
  await page.locator(".row.is-selected", { hasText: "retransmission" }).waitFor();
  expect(await page.locator(".ladder-sum").innerText()).toContain("7 / 11 个报文段");
  expect(new URL(page.url()).hash).toBe(place);
  await close();
});

browserTest("the table has the same rungs, and is walked by keys", async () => {
  const { page, close } = await opened(CALLED, "#/stream/0?view=ladder&show=table");
  const rows = page.locator("main .list .row");
  expect(await rows.allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining("write 10 bytes → ok")]),
  );
  await page.keyboard.press("j");
  const heard = page.locator("main [aria-live=polite]");
  await heard.getByText("Frame 1, from the client: SYN seq 0").waitFor();
  await close();
});

browserTest("what a recording calls itself is shown as text", async () => {
  const { page, errors, close } = await opened(CALLED, "#/stream/0?view=ladder");
  await picture(page).getByText("close → <img src").waitFor();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByText("close → <img src=x onerror=alert(1)>\\u202e").waitFor();
  expect(await page.locator("main img").count()).toBe(0);
  expect(errors).toEqual([]);
  await close();
});

browserTest("SVG, PNG and Mermaid are files that others can read", async () => {
  const { page, close } = await opened(CALLED, "#/stream/0/packet/5?view=ladder");
  const files: Record<string, Buffer> = {};
  for (const name of ["SVG", "PNG", "Mermaid"]) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    files[name] = readFileSync(await (await waiting).path());
  }
  const svg = files["SVG"]!.toString();
  const root = await page.evaluate(`(() => {
    const doc = new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml");
    return [doc.documentElement.nodeName, doc.querySelectorAll("parsererror, script, img").length, doc.querySelectorAll("text").length > 40];
  })()`);
  expect(root).toEqual(["svg", 0, true]);
  expect(svg).not.toContain("var(");
  for (const told of [
    "<title>Ladder · TCP 10.0.0.1:40000 → 10.0.0.2:80</title>",
    ">called.pcapng · conversation 0 · ",
    ">SYN: opens</text>",
    ">retransmission: sent again</text>",
    ">frame 5: the same bytes again</text>",
  ]) {
    expect(svg).toContain(told);
  }
  expect(files["PNG"]!.subarray(1, 4).toString()).toBe("PNG");
  expect(files["PNG"]!.readUInt32BE(16)).toBeGreaterThan(1000);
  expect(files["Mermaid"]!.toString()).toMatch(
    /^sequenceDiagram\n {2}participant c as client 10\.0\.0\.1/,
  );
  await close();
});

browserTest("what cannot be known is said", async () => {
  const { page, close } = await opened(SAMPLE, "#/stream/1?view=ladder&show=time");
  await page.getByText("No whole handshake was captured").waitFor();
  await close();
});

browserTest.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (theme) => {
  for (const shape of ["", "&show=time", "&show=table"]) {
    const place = `#/stream/0/packet/5?view=ladder${shape}`;
    const { page, close } = await opened(CALLED, place, { theme });
    await page.locator(".reasons li").first().waitFor();
    expect({ shape, found: await seriousIn(page) }).toEqual({ shape, found: [] });
    await close();
  }
});
