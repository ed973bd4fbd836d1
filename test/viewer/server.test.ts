/** What the viewer's server gives out, and to whom it does not. */
import { once } from "node:events";
import { get, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ServedRecording,
  startViewServer,
  type ViewServer,
} from "../../src/node/view/server.ts";

const PAGE = new URL("../../dist/viewer/", import.meta.url).pathname;
const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i);

const recording: ServedRecording = {
  name: "<b>x</b>.pcap",
  size: BYTES.length,
  async *chunks() {
    yield BYTES.subarray(0, 500);
    yield BYTES.subarray(500);
  },
};

/** Never ends, whoever reads it. */
const endless: ServedRecording = {
  name: "lo",
  size: null,
  async *chunks(signal) {
    while (!signal.aborted) yield BYTES;
  },
};

let server: ViewServer;
let url: URL;
beforeAll(async () => {
  server = await startViewServer({ page: PAGE, recordings: [recording, endless] });
  url = new URL(server.url);
});
afterAll(() => server.close());

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Got> {
  const asked = request({ host: "127.0.0.1", port: url.port, path, headers, method });
  asked.end();
  const [response] = await once(asked, "response");
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
}

test("the page is served with its token, and knows that it is", async () => {
  const { status, headers, body } = await ask(url.pathname);
  expect(status).toBe(200);
  expect(body.toString()).toContain('name="seqack-served" content="yes"');
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("no-referrer");
  expect(headers["cache-control"]).toBe("no-store");
});

test("a recording comes as it is", async () => {
  const list = await ask(`${url.pathname}recordings.json`);
  expect(JSON.parse(list.body.toString())).toEqual({
    recordings: [
      { name: "<b>x</b>.pcap", size: 1000, url: "recording/0" },
      { name: "lo", size: null, url: "recording/1" },
    ],
  });
  expect(new Uint8Array((await ask(`${url.pathname}recording/0`)).body)).toEqual(BYTES);
});

test.each(["page.js", "worker.js", "style.css"])("%s is a file of the page", async (name) => {
  expect((await ask(url.pathname + name)).status).toBe(200);
});

const own = (): string => `127.0.0.1:${url.port}`;

test.each<[string, () => [string, Record<string, string>, string?], number]>([
  ["wrong Host", () => [url.pathname, { host: "evil.example" }], 421],
  ["a name that resolves to us", () => [url.pathname, { host: `evil.example:${url.port}` }], 421],
  ["foreign Origin", () => [url.pathname, { host: own(), origin: "https://evil.example" }], 403],
  ["Origin null", () => [url.pathname, { host: own(), origin: "null" }], 403],
  ["another site", () => [url.pathname, { "sec-fetch-site": "cross-site" }], 403],
  ["another port's page", () => [url.pathname, { "sec-fetch-site": "same-site" }], 403],
  ["no token", () => ["/", {}], 403],
  ["no token, a known name", () => ["/page.js", {}], 403],
  ["half a token", () => [`${url.pathname.slice(0, -4)}/`, {}], 403],
  ["another token of the same length", () => [`/${"A".repeat(url.pathname.length - 2)}/`, {}], 403],
  ["POST", () => [url.pathname, {}, "POST"], 405],
  ["a path upwards", () => [`${url.pathname}../package.json`, {}], 404],
  ["an escaped path upwards", () => [`${url.pathname}%2e%2e%2fpackage.json`, {}], 404],
  ["a double path", () => [`${url.pathname}/index.html`, {}], 404],
  ["an absolute path", () => [`${url.pathname}/etc/passwd`, {}], 404],
  ["a NUL", () => [`${url.pathname}page.js%00`, {}], 404],
  ["a number too many", () => [`${url.pathname}recording/2`, {}], 404],
  ["no number", () => [`${url.pathname}recording/-1`, {}], 404],
  ["a name of objects", () => [`${url.pathname}__proto__`, {}], 404],
  ["a path without end", () => [`${url.pathname}${"a".repeat(8000)}`, {}], 400],
])("%s is refused", async (_, make, status) => {
  const [path, headers, method] = make();
  const got = await ask(path, headers, method);
  expect(got.status).toBe(status);
  expect(got.body.length).toBeLessThan(100);
  expect(got.headers["content-security-policy"]).toContain("default-src 'none'");
});

test("a WebSocket is refused, with the token too", async () => {
  const socket = connect(Number(url.port), "127.0.0.1");
  socket.write(
    `GET ${url.pathname} HTTP/1.1\r\nHost: ${own()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://evil.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part);
  expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 403 /);
});

test("what is no HTTP is hung up on", async () => {
  const socket = connect(Number(url.port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write("\x16\x03\x01 not http\r\n\r\n");
  await once(socket, "close");
});

test("closing ends what never would", async () => {
  const brief = await startViewServer({ page: PAGE, recordings: [endless] });
  const asked = get(`${brief.url}recording/0`);
  asked.on("error", () => {});
  const [response] = await once(asked, "response");
  response.on("error", () => {});
  const gone = new Promise((resolve) => response.once("close", resolve));
  await once(response, "data");
  await brief.close();
  await gone;
});
