/** What is seen of the page at both widths: nothing cut off, nothing empty, times with their units. */
import { expect } from "vitest";
import { concat } from "../../src/base/bytes.ts";
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { PcapngWriter } from "../../src/pcap/pcapng-writer.ts";
import { packetOf } from "../../src/testing/packets.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import { testWith } from "../needs.ts";
import { chooseFiles, visitPage } from "./browser.ts";
import { RETRANSMISSION, SAMPLE } from "./sample.ts";
import { surroundingsOfTests } from "./surroundings.ts";

const browserTest = testWith("chromium");
const around = surroundingsOfTests();

const PHONE = 400;
const VIEWS = [
  "segments",
  "conversations",
  "ladder",
  "states",
  "graphs",
  "header",
  "bytes",
  "story",
  "findings",
];

/** One datagram. */
function udpCapture(): Uint8Array {
  const writer = new PcapngWriter({});
  const ip = Uint8Array.of(0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2);
  const datagram = concat(ip, Uint8Array.of(0x13, 0x88, 0, 53, 0, 8, 0, 0));
  const packet = packetOf("0 > S 100 win 65535", 1);
  const udp = {
    ...packet,
    view: new DataView(datagram.buffer),
    offset: 0,
    capLen: datagram.length,
    origLen: datagram.length,
  };
  return concat(writer.section(), writer.iface({ linkType: LinkType.RAW }), writer.packet(udp));
}

browserTest("400 px wide: no view makes the page wider, and its tab is in sight", async () => {
  for (const view of VIEWS) {
    const { page, close } = await visitPage(around, {
      place: `#/stream/0/packet/4?view=${view}`,
      width: PHONE,
    });
    await chooseFiles(page, SAMPLE);
    await page.locator(".inspector .line", { hasText: "IP" }).waitFor();
    await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    const tab = (await page.locator(".tab.is-here").boundingBox())!;
    const isSeen = tab.x >= 0 && tab.x + tab.width <= PHONE;
    expect({ view, width, isSeen }).toEqual({ view, width: PHONE, isSeen: true });
    await close();
  }
});

browserTest("400 px wide: the list shows flags, length and verdicts", async () => {
  const { page, close } = await visitPage(around, {
    place: `#/stream/0/packet/${RETRANSMISSION}`,
    width: PHONE,
  });
  await chooseFiles(page, SAMPLE);
  const mark = page.locator(".row.is-selected .verdict");
  await mark.waitFor();
  const box = (await mark.boundingBox())!;
  expect(box.x + 16).toBeLessThan(PHONE);
  expect(await page.locator(".row.is-selected .flags").isVisible()).toBe(true);
  await close();
});

browserTest("a link to the table of a graph shows its points", async () => {
  for (const kind of ["sequence", "throughput"]) {
    const { page, close } = await visitPage(around, {
      place: `#/stream/0?view=graphs&show=${kind},0,table`,
    });
    await chooseFiles(page, SAMPLE);
    await page.locator(".row .point-grid", { hasText: /\d/ }).first().waitFor();
    await close();
  }
});

browserTest("the head says what the times are, and changes them", async () => {
  const { page, close } = await visitPage(around);
  await chooseFiles(page, SAMPLE);
  const head = page.locator(".view .list-head .time button");
  await page.locator(".row .time", { hasText: /\d/ }).first().waitFor();
  for (const name of ["Time (s)", "Delta (s)", "UTC"]) {
    expect(await head.innerText()).toBe(name);
    await head.click();
  }
  expect(await head.innerText()).toBe("Time (s)");
  await page.keyboard.press("t");
  await page.keyboard.press("t");
  const time = page.locator(".row .time").first();
  expect(await time.innerText()).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
  const isWhole = "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)";
  expect(await page.evaluate(`${isWhole}(document.querySelector(".row .time"))`)).toBe(true);
  await close();
});

browserTest("a filter that nothing passes says so, and how to see all again", async () => {
  const { page, close } = await visitPage(around, { place: "#/?filter=tcp.port==1" });
  await chooseFiles(page, SAMPLE);
  await page.getByText("No frame passes the display filter.").waitFor();
  await page.getByRole("button", { name: "Show all frames" }).click();
  await page.locator(".row .segment-grid").first().waitFor();
  await close();
});

browserTest("the sheet of keys opens at its beginning, and closes", async () => {
  const { page, close } = await visitPage(around, { width: PHONE });
  await chooseFiles(page, SAMPLE);
  await page.locator(".row .segment-grid").first().waitFor();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await sheet.waitFor();
  expect(await page.evaluate("document.querySelector('dialog[open]').scrollTop")).toBe(0);
  await sheet.getByRole("button", { name: "Close" }).click();
  await sheet.waitFor({ state: "hidden" });
  await close();
});

browserTest("the completion is told to who does not see it", async () => {
  const { page, close } = await visitPage(around);
  await chooseFiles(page, SAMPLE);
  await page.locator(".row .segment-grid").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("tcp.fl");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option", { name: "tcp.flags.res", selected: true }).waitFor();
  const id = await page.getByRole("combobox").getAttribute("aria-activedescendant");
  expect(await page.locator(`[id="${id}"]`).getAttribute("aria-selected")).toBe("true");
  await close();
});

browserTest("a capture without TCP says so", async () => {
  const { page, close } = await visitPage(around, { place: "#/?view=ladder" });
  await chooseFiles(page, { name: "udp.pcap", bytes: udpCapture() });
  await page.getByText("There is no TCP connection in this recording.").waitFor();
  await close();
});

browserTest("what is no capture: no hint to select a row of it", async () => {
  const { page, close } = await visitPage(around);
  await chooseFiles(page, { name: "junk", bytes: new Uint8Array(3000).fill(7) });
  await page.getByText("There are no packets to show.").waitFor();
  expect(await page.locator(".inspector").count()).toBe(0);
  expect(await page.locator(".open-inputs small").innerText()).toContain("3.00 kB");
  await close();
});

browserTest(
  "400 px wide: the list of conversations closes by a touch beside it, and by a choice",
  async () => {
    const { page, close } = await visitPage(around, { width: PHONE });
    await chooseFiles(page, SAMPLE);
    await page.locator(".row .segment-grid").first().waitFor();
    const side = page.locator(".side");
    await page.getByRole("button", { name: "Conversations", expanded: false }).click();
    await side.waitFor();
    await page.mouse.click(PHONE - 10, 400);
    await side.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Conversations", expanded: false }).click();
    await side.locator(".side-row").nth(1).click();
    await side.waitFor({ state: "hidden" });
    await page.waitForURL((url) => url.hash.includes("/stream/1"));
    await close();
  },
);

browserTest("what a graph is of is chosen in one line", async () => {
  for (const lang of ["en", "zh"]) {
    const { page, close } = await visitPage(around, {
      place: `#/stream/0?view=graphs&lang=${lang}`,
    });
    await chooseFiles(page, SAMPLE);
    const kinds = page.locator(".graph-tools .choice button");
    await kinds.nth(3).waitFor();
    const tops = await Promise.all(
      [0, 1, 2, 3].map(async (i) => (await kinds.nth(i).boundingBox())!.y),
    );
    expect(new Set(tops).size).toBe(1);
    await close();
  }
});

browserTest("a row has the colour of who sent it, also where a link leads far down", async () => {
  const { recordings } = await runLab(findScenario("lossy")!, { seed: 1 });
  // Whether Chromium forgot to colour a row anew was a matter of chance.
  for (let visit = 0; visit < 6; visit++) {
    const { page, close } = await visitPage(around, { place: "#/stream/0/packet/300" });
    await chooseFiles(page, { name: "lossy.pcapng", bytes: recordings[0].bytes });
    await page.locator("main .row.is-selected").waitFor();
    await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
    const colours = await page.evaluate<string[]>(
      `[...document.querySelectorAll("main .row .segment-grid")].map((grid) => {
        const [, , source, destination, flags] = grid.children;
        const seen = [source, destination, flags].map((cell) => getComputedStyle(cell).color);
        return source.textContent.endsWith(":8080") + [...new Set(seen)].join(" ");
      })`,
    );
    expect(colours.length).toBeGreaterThan(10);
    expect(new Set(colours).size).toBe(2);
    await close();
  }
});
