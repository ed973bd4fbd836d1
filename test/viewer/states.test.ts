/** The state diagram, as a person walks through it. */
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { seriousIn } from "./axe.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");

const around = surroundingsOfTests();

async function opened(
  place: string,
  options: Parameters<typeof visitPage>[1] = {},
): Promise<Visit> {
  const visit = await visitPage(around, { ...options, place });
  await chooseFiles(visit.page, SAMPLE);
  await visit.page.locator(".states-picture").first().waitFor();
  return visit;
}

browserTest("the way is walked by keys, segment by segment and change by change", async () => {
  const { page, errors, close } = await opened("#/stream/0?view=states");
  await page.getByText("After frame 11: client TIME-WAIT, server CLOSED.").waitFor();
  await page.keyboard.press("j");
  await page.getByText("After frame 1: client SYN-SENT, server LISTEN.").waitFor();
  await page.keyboard.press("j");
  await page.getByText("After frame 2: client ESTABLISHED, server SYN-RECEIVED.").waitFor();
  await page.keyboard.press("PageDown");
  await page.getByText("After frame 3: client ESTABLISHED, server ESTABLISHED.").waitFor();
  await page.keyboard.press("PageDown");
  await page.getByText("After frame 9: client FIN-WAIT-1, server CLOSE-WAIT.").waitFor();
  await page.getByRole("button", { name: "Segment before (k)" }).click();
  await page.getByText("segment 8 of 11").waitFor();
  expect(errors).toEqual([]);
  await close();
});

browserTest("each change is in the list, and leads to its segment in every view", async () => {
  const { page, close } = await opened("#/stream/0?view=states&lang=zh");
  const row = page.locator(".state-steps tr", { hasText: "收到 SYN，回 SYN,ACK" });
  expect(await row.innerText()).toContain("rcv SYN / snd SYN,ACK");
  await row.getByRole("button").click();
  await page.getByRole("button", { name: "报文段", exact: true }).click();
  expect(await page.locator("main .row.is-selected").innerText()).toContain("SYN ACK");
  await close();
});

browserTest("a refusal is drawn and told", async () => {
  const { page, close } = await opened("#/stream/1?view=states");
  await page.getByText("After frame 13: client CLOSED, server CLOSED.").waitFor();
  await page.getByText("the other end broke it off: got RST").first().waitFor();
  await close();
});

browserTest.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (theme) => {
  for (const width of [1280, 400]) {
    const { page, close } = await opened("#/stream/0/packet/9?view=states", { theme, width });
    await page.locator(".reasons li").first().waitFor();
    expect({ width, found: await seriousIn(page) }).toEqual({ width, found: [] });
    await close();
  }
});
