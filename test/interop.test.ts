/** The article's Go programs and ours, in all four pairings. */
// oxlint-disable vitest/no-standalone-expect -- testWith(...) is test
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { missing, SHARED, testWith } from "./needs.ts";

const NEEDED = ["go", "shared"] as const;
const interop = testWith(...NEEDED);
const folder = mkdtempSync(join(tmpdir(), "seqack-interop-"));
const DIST = new URL("../dist/cli/", import.meta.url).href;

/** Runs one of our commands with the process's own stdio. */
const OURS = `import { processIo } from "${DIST}io.js";
const [name, ...args] = process.argv.slice(1);
const command = (await import("${DIST}" + name + ".js"))[name];
process.exitCode = await command.run(args, processIo(null));`;

type Maker = "go" | "ours";

/** The article's complete programs: the server first, then the client. */
function goPrograms(): string[] {
  const article = readFileSync(join(SHARED, "article.md"), "utf8");
  const blocks = [...article.matchAll(/```go\n(.*?)```/gis)].map(([, code]) => code ?? "");
  return blocks.filter((code) => code.includes("package main"));
}

/** Builds a Go program for `address` and returns the executable. */
function build(name: string, code: string): string {
  writeFileSync(join(folder, `${name}.go`), code);
  const env = { ...process.env, GO111MODULE: "off", GOCACHE: join(folder, "cache") };
  const { status, stderr } = spawnSync("go", ["build", "-o", name, `${name}.go`], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot build ${name}: ${stderr}`);
  return join(folder, name);
}

/** The programs ask for their address here: one build serves every test. */
function withAddress(code: string, address: RegExp): string {
  const asked = code.replace(address, `"127.0.0.1:" + os.Getenv("PORT")`);
  return asked.includes('\t"os"') ? asked : asked.replace("import (", 'import (\n\t"os"');
}

beforeAll(() => {
  if (missing(...NEEDED) !== null) return;
  const [server = "", client = ""] = goPrograms();
  build("server", withAddress(server, /":8080"/));
  build("client", withAddress(client, /"x+\.x+\.x+\.x+:8080"/));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

function start(maker: Maker, program: "server" | "client", port: number): ChildProcess {
  const env = { ...process.env, PORT: String(port), LANG: "C.UTF-8" };
  if (maker === "go") return spawn(join(folder, program), { env });
  const command = program === "server" ? "serve" : "dial";
  const args = ["--input-type=module", "-e", OURS, command, `127.0.0.1:${port}`];
  return spawn(process.execPath, args, { env });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is no string
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Collects what a process prints; `until` waits for a text. */
function outputOf(child: ChildProcess): { text(): string; until(text: string): Promise<void> } {
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString();
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const until = async (wanted: string): Promise<void> => {
    while (!text().includes(wanted)) await once(child.stdout!, "data");
  };
  return { text, until };
}

/** What both programs print when the client is given `input`. */
async function converse(
  server: Maker,
  client: Maker,
  input: string | Buffer,
): Promise<{ server: string; client: Buffer }> {
  const port = await freePort();
  const serving = start(server, "server", port);
  const served = outputOf(serving);
  try {
    await served.until("server started\n");
    const dialing = start(client, "client", port);
    const chunks: Buffer[] = [];
    dialing.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    dialing.stdin?.end(input);
    await once(dialing, "close");
    await served.until("read from client failed, err: EOF\n");
    return { server: served.text(), client: Buffer.concat(chunks) };
  } finally {
    serving.kill();
    await once(serving, "close");
  }
}

const pairings: readonly (readonly [Maker, Maker])[] = [
  ["go", "go"],
  ["go", "ours"],
  ["ours", "go"],
  ["ours", "ours"],
];

describe.each(pairings)("the server in %s, the client in %s", (server, client) => {
  interop("messages go back and forth until q, and print the same", async () => {
    const printed = await converse(server, client, "hello\n你好，世界\r\na b\tc\nq\n");
    expect(printed.server).toBe(
      `server started\nserver accept new connection\n` +
        `收到client发来的消息: hello\n\n收到client发来的消息: 你好，世界\r\n\n` +
        `收到client发来的消息: a b\tc\n\nread from client failed, err: EOF\n`,
    );
    expect(printed.client.toString()).toBe(
      `client connected\n收到server发来的消息:your message ishello\n\n` +
        `收到server发来的消息:your message is你好，世界\r\n\n` +
        `收到server发来的消息:your message isa b\tc\n\n`,
    );
  });

  interop("Q leaves too, without a message", async () => {
    const printed = await converse(server, client, "Q\r\n");
    expect(printed.client.toString()).toBe("client connected\n");
  });
});

interop(
  "a message longer than Go's reads: ours loses none of it, and goes on with Go's",
  async () => {
    const long = `${"长".repeat(200)}\n`;
    const ours = await converse("ours", "ours", `${long}short\nq\n`);
    expect(ours.client.toString()).toBe(
      `client connected\n收到server发来的消息:your message is${long}\n` +
        `收到server发来的消息:your message isshort\n\n`,
    );
    // Go's server keeps 128 bytes of it: the answer is over when no more comes.
    const go = await converse("go", "ours", `${long}short\nq\n`);
    const head = Buffer.from(`your message is${long}`).subarray(0, 15 + 128);
    expect(go.client.includes(head)).toBe(true);
    expect(go.client.toString()).toMatch(/your message isshort\n\n$/);
  },
);

interop("a megabyte without a newline, any bytes: all come back", async () => {
  const bytes = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * 7919) % 251)).map((b) =>
    b === 10 ? 0 : b,
  );
  const { client } = await converse("ours", "ours", Buffer.from(bytes));
  const head = Buffer.from("client connected\n收到server发来的消息:");
  expect(client.subarray(0, head.length).equals(head)).toBe(true);
  const echoed = client.subarray(head.length, -1).toString("latin1");
  const plain = Buffer.from(echoed.replaceAll("your message is", ""), "latin1");
  expect(plain.equals(Buffer.from(bytes))).toBe(true);
});
