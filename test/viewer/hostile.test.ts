/** What a capture, a server and a network may do to the page. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import type { Page } from "playwright";
import { expect } from "vitest";
import { concat } from "../../src/base/bytes.ts";
import { startViewServer } from "../../src/node/view/server.ts";
import { PcapngWriter } from "../../src/pcap/pcapng-writer.ts";
import { packetOf } from "../../src/testing/packets.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import { testWith } from "../needs.ts";
import { MAIN } from "../seqack.ts";
import { chooseFiles, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");
const PAGE = new URL("../../dist/viewer/", import.meta.url).pathname;

const around = surroundingsOfTests();

const rows = (page: Page): ReturnType<Page["locator"]> => page.locator("main .list .row");

const EVIL =
  '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>\u202egnp.\u0000\u0007';

/** Payload, comment and interface of one mind; the bytes are broken UTF-8 at the end. */
function evilBytes(): Uint8Array {
  const writer = new PcapngWriter({ application: EVIL });
  const payload = concat(
    new TextEncoder().encode(EVIL),
    Uint8Array.of(0xff, 0xc0, 0x80, 0xed, 0xa0),
  );
  const lines = [
    "0 > S 100 win 65535",
    "1 < S. 300 ack 101 win 65535",
    "2 > . 101 ack 301 win 65535",
    `3 > P. 101:${101 + payload.length}(${payload.length}) ack 301 win 65535`,
  ];
  const parts = [
    writer.section(),
    writer.iface({ linkType: LinkType.RAW, name: EVIL, filter: EVIL }),
  ];
  for (const [i, line] of lines.entries()) {
    const packet = packetOf(line, i + 1);
    if (i === 3) new Uint8Array(packet.view.buffer).set(payload, packet.capLen - payload.length);
    parts.push(writer.packet({ ...packet, comments: i === 3 ? [EVIL] : [] }));
  }
  return concat(...parts);
}

browserTest("hostile bytes, comments and names are text in every view", async () => {
  const { page, errors, close } = await visitPage(around, { place: "#/stream/0/packet/4" });
  await chooseFiles(page, {
    name: `${EVIL.replaceAll("/", "").replaceAll("\u0000", "")}.pcapng`,
    bytes: evilBytes(),
  });
  await rows(page).nth(3).waitFor();
  const views = page.locator("nav.views button.tab");
  for (let i = 0; i < (await views.count()); i++) {
    await views.nth(i).click();
    const shown = page.locator("main");
    await expect.poll(async () => (await shown.innerText()).length).toBeGreaterThan(40);
    const found = await page.evaluate<readonly unknown[]>(`[
      window.hurt,
      document.querySelectorAll("img, script:not([src]), main a[href^='javascript']").length,
      /[\\u202a-\\u202e\\u2066-\\u2069\\0\\u0007]/.test(document.querySelector("main").innerText),
    ]`);
    expect({ view: await views.nth(i).innerText(), found }).toEqual({
      view: await views.nth(i).innerText(),
      found: [undefined, 0, false],
    });
  }
  expect(errors).toEqual([]);
  await close();
});

browserTest("a stream that never ends is stopped, and what came is there", async () => {
  const writer = new PcapngWriter();
  const head = concat(writer.section(), writer.iface({ linkType: LinkType.RAW }));
  const packet = writer.packet(packetOf("0 > P. 1:101(100) ack 1 win 1000", 1));
  const many = concat(...Array.from({ length: 500 }, () => packet));
  let isGivenUp = false;
  const server = await startViewServer({
    page: PAGE,
    recordings: [
      {
        name: "endless",
        size: null,
        async *chunks(signal) {
          signal.addEventListener("abort", () => (isGivenUp = true));
          yield head;
          while (!signal.aborted) yield many;
        },
      },
    ],
  });
  const { page, close } = await visitPage(around, { url: server.url });
  await rows(page).first().waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Reading was stopped.").waitFor();
  expect(await rows(page).count()).toBeGreaterThan(10);
  await expect.poll(() => isGivenUp).toBe(true);
  await close();
  await server.close();
});

const liveTest = testWith("chromium", "linux", "root");

/** `seqack view …` on its way, and the address that it prints. */
async function startView(...args: readonly string[]): Promise<{
  readonly url: string;
  readonly stdin: NodeJS.WritableStream;
  readonly end: () => Promise<void>;
}> {
  const child = spawn(process.execPath, [MAIN, "view", "--no-open", ...args], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  const ended = once(child, "exit");
  const [line] = await once(child.stdout, "data");
  return {
    url: String(line).trim(),
    stdin: child.stdin,
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** One connection on loopback, from its first segment to its last. */
async function talk(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.end("hello");
  socket.resume();
  await once(socket, "close");
}

liveTest("a live capture grows, and the page says when seqack has ended", async () => {
  const server = createServer((socket) => socket.end("hi").resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo;
  const view = await startView("-i", "lo", "tcp", "port", String(port));
  const { page, close } = await visitPage(around, { url: view.url });
  const conversations = page.locator(".open-inputs");
  await talk(port);
  await rows(page).nth(6).waitFor();
  await expect.poll(() => conversations.innerText()).toContain("1 conversation");
  await talk(port);
  await expect.poll(() => conversations.innerText()).toContain("2 conversations");
  await view.end();
  await page.getByText("seqack view has ended.").waitFor();
  await close();
  server.close();
});

browserTest("a copied link selects in its own recording only, and says so in another", async () => {
  const first = await visitPage(around);
  await first.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await chooseFiles(first.page, SAMPLE);
  await rows(first.page).nth(3).click();
  await first.page.locator(".copy-link").click();
  const link: unknown = await first.page.evaluate("navigator.clipboard.readText()");
  const place = new URL(String(link)).hash;
  expect(place).toMatch(/^#\/f\/[0-9a-f]{16}\/stream\/0\/packet\/4/);
  await first.close();
  for (const [name, bytes, isItsOwn] of [
    ["renamed.pcapng", SAMPLE.bytes, true],
    [SAMPLE.name, evilBytes(), false],
  ] as const) {
    const { page, close } = await visitPage(around, { place });
    await chooseFiles(page, { name, bytes });
    await rows(page).nth(3).waitFor();
    await page.locator(".reading").waitFor({ state: "detached" });
    const said = page.getByText("The link is about another recording");
    await expect.poll(() => said.count()).toBe(isItsOwn ? 0 : 1);
    await expect.poll(() => page.locator("main .row.is-selected").count()).toBe(isItsOwn ? 1 : 0);
    await close();
  }
});

browserTest("what comes through a pipe is shown as it comes", async () => {
  const view = await startView("-");
  const { page, close } = await visitPage(around, { url: view.url });
  view.stdin.write(SAMPLE.bytes);
  await rows(page).nth(12).waitFor();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  view.stdin.end();
  await page.locator(".reading").waitFor({ state: "detached" });
  expect(await rows(page).count()).toBe(13);
  await view.end();
  await page.getByText("seqack view has ended.").waitFor();
  await close();
});
