// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawn, spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { concat, viewOf } from "../base/bytes.ts";
import { testWith } from "../../test/needs.ts";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { CaptureLog } from "../testing/capture-log.ts";
import { InputError } from "./input-error.ts";
import { readCapture } from "./input.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

const VIEW = viewOf(new Uint8Array(2000));

/** A capture of `packets` packets of 2,000 bytes. */
function capture(packets: number): Uint8Array {
  const w = new PcapngWriter();
  const packet = { sec: 1, nsec: 2, view: VIEW, at: 0, capLen: 2000, origLen: 2000 };
  const blocks = Array.from({ length: packets }, () => w.section());
  const iface = w.iface({ linkType: 1 });
  return concat(blocks[0]!, iface, ...blocks.map(() => w.packet(packet)));
}

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function failure(
  path: string,
  options?: Parameters<typeof readCapture>[2],
): Promise<InputError> {
  const error: unknown = await readCapture(path, new CaptureLog(), options).catch(
    (e: unknown) => e,
  );
  if (error instanceof InputError) return error;
  throw new Error(`Expected an InputError, got ${String(error)}`);
}

test("a file of many chunks, plain and compressed", async () => {
  const bytes = capture(1000);
  for (const path of [save("plain", bytes), save("gz", gzipSync(bytes))]) {
    const log = new CaptureLog();
    const { info, error } = await readCapture(path, log);
    expect([log.packets.length, info.format, error]).toEqual([1000, "pcapng", null]);
  }
});

test("a damaged file: what came before is in the sink, the outcome says where it ended", async () => {
  const log = new CaptureLog();
  const path = save("cut", capture(3).subarray(0, -1));
  const { error } = await readCapture(path, log);
  expect(log.packets).toHaveLength(2);
  expect(error).toMatchObject({ code: "damaged", path });
  expect(error!.message).toBe(
    `Cannot read ${path}: damaged after frame 2, at byte 4124: file is cut short in a block: 2031 of 2032 bytes`,
  );
});

test.each([
  ["missing", () => join(folder, "no\x1bsuch"), /no\\x1bsuch: no such file$/],
  ["directory", () => folder, /it is a directory$/],
  ["empty", () => save("empty", ""), /empty file$/],
  ["not-a-capture", () => save("text", "hello"), /not a capture \(first bytes: 68 65 6c 6c 6f\)$/],
  ["not-a-capture", () => save("header", capture(1).subarray(0, 4)), /got 4 of 12 bytes$/],
  ["not-a-capture", () => save("emptygz", gzipSync("")), /empty compressed file$/],
  ["missing", () => join(save("file", ""), "below"), /ENOTDIR|no such file/],
])("%s: %s", async (code, path, message) => {
  const error = await failure(path());
  expect(error.message).toMatch(message);
  expect([code, "io"]).toContain(error.code);
  expect(error.text.zh).toMatch(/^无法读取 .+：.+。/);
});

testWith("linux")(
  "/dev/zero is refused at its first bytes, /proc/self/mem says why it cannot be read",
  async () => {
    await expect(failure("/dev/zero")).resolves.toMatchObject({ code: "not-a-capture" });
    await expect(failure("/proc/self/mem")).resolves.toMatchObject({ code: "io" });
  },
);

test("several captures are one; each that cannot be read is told, the others are read", async () => {
  const log = new CaptureLog();
  const whole = save("whole", capture(3));
  const cut = save("cut", gzipSync(capture(2).subarray(0, -1)));
  const missing = join(folder, "nosuch");
  const text = save("text", "hello");
  const { info, error, errors } = await readCapture([missing, cut, text, whole, whole], log);
  expect(log.packets.map((p) => p.frame)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(info).toMatchObject({ format: "pcapng", compression: "gzip" });
  expect(error).toBe(errors[0]);
  expect(errors.map((e) => [e.code, e.path])).toEqual([
    ["missing", missing],
    ["damaged", cut],
    ["not-a-capture", text],
  ]);
  await expect(readCapture([missing, text], log)).rejects.toMatchObject({ code: "missing" });
});

testWith("linux")("more files than may be open: what to do is said", () => {
  const path = save("whole", capture(1));
  const script = join(folder, "many.mts");
  const source = `
    import { readCapture } from "${join(process.cwd(), "src/node/input.ts")}";
    const { errors } = await readCapture(Array(60).fill("${path}"), { onPacket() {} });
    console.log(errors.at(-1).text.en);`;
  writeFileSync(script, source);
  const args = ["-c", 'ulimit -n 40; exec "$0" --import tsx "$1"', process.execPath, script];
  const { stdout } = spawnSync("bash", args, { encoding: "utf8" });
  expect(stdout).toContain("too many files are open at once");
});

test("a signal stops the reading of several files, and says so once", async () => {
  const path = save("long", capture(10_000));
  const abort = new AbortController();
  const { errors } = await readCapture(
    [path, path],
    { onPacket: () => abort.abort() },
    { signal: abort.signal },
  );
  expect(errors.map((e) => e.code)).toEqual(["aborted"]);
});

test("a signal stops the reading of a file", async () => {
  const path = save("long", capture(10_000));
  const abort = new AbortController();
  const log = new CaptureLog();
  const sink = { onPacket: () => (abort.abort(), log.packets.length) };
  const { error } = await readCapture(path, sink, { signal: abort.signal });
  expect(error).toMatchObject({ code: "aborted" });
});

test("what the sink throws passes, and the file is closed", async () => {
  const path = save("throws", capture(1));
  const sink = {
    onPacket: () => {
      throw new TypeError("mine");
    },
  };
  await expect(readCapture(path, sink)).rejects.toThrow(new TypeError("mine"));
});

testWith("linux")(
  "a FIFO is read as it is written, and a signal ends the wait for more",
  async () => {
    const fifo = join(folder, "fifo");
    spawnSync("mkfifo", [fifo]);
    const abort = new AbortController();
    const bytes = capture(2);
    const seen = deferred();
    const ended = readCapture(fifo, { onPacket: seen.resolve }, { signal: abort.signal });
    const fd = openSync(fifo, constants.O_RDWR);
    writeSync(fd, bytes.subarray(0, -1));
    await seen.promise;
    abort.abort();
    await expect(ended).resolves.toMatchObject({ error: { code: "aborted" } });
    closeSync(fd);
  },
);

/** A promise, and what resolves it. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const news = new EventEmitter();
  const promise = once(news, "it").then(() => undefined);
  return { promise, resolve: () => void news.emit("it") };
}

/** Runs a reader of standard input in a process of its own. */
const STDIN_READER = `
  import { readCapture } from "./src/node/input.ts";
  let packets = 0;
  try {
    const { error } = await readCapture("-", { onPacket: () => packets++ });
    console.log(packets, error?.code ?? "whole");
  } catch (e) { console.log(packets, e.code, e.message); }
`;

function readStdin(stdin: number | "pipe", input: readonly Uint8Array[]): Promise<string> {
  const script = join(folder, "stdin.mts");
  writeFileSync(script, STDIN_READER.replace("./src", join(process.cwd(), "src")));
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    stdio: [stdin, "pipe", "inherit"],
  });
  for (const chunk of input) child.stdin!.write(chunk);
  child.stdin?.end();
  return new Promise((resolve) => {
    let out = "";
    child.stdout!.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", () => resolve(out.trim()));
  });
}

test("standard input: a pipe, a file, a directory", async () => {
  const bytes = capture(40);
  const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 50_000), bytes.subarray(50_000)];
  await expect(readStdin("pipe", chunks)).resolves.toBe("40 whole");
  await expect(readStdin("pipe", [bytes.subarray(0, -4)])).resolves.toBe("39 damaged");
  await expect(readStdin("pipe", [])).resolves.toBe(
    "0 empty Cannot read standard input: empty file",
  );
  const path = save("stdin", gzipSync(bytes));
  await expect(readStdin(openSync(path, "r"), [])).resolves.toBe("40 whole");
  mkdirSync(join(folder, "sub"));
  const said = await readStdin(openSync(join(folder, "sub"), "r"), []);
  expect(said).toBe("0 directory Cannot read standard input: it is a directory");
});
