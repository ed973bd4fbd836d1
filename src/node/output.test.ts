// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawn, spawnSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { testWith } from "../../test/needs.ts";
import { OutputError } from "./output-error.ts";
import { openOutput } from "./output.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a file that grows is there at once, for its owner alone", async () => {
  const path = join(folder, "grows");
  const output = await openOutput(path);
  await output.write(bytes("one"));
  expect(readFileSync(path, "utf8")).toBe("one");
  await output.write(bytes("two"));
  expect(output.length).toBe(6);
  await output.close();
  await output.close();
  expect(readFileSync(path, "utf8")).toBe("onetwo");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a whole file appears when it is closed; what was there stays until then", async () => {
  const path = join(folder, "whole");
  writeFileSync(path, "old");
  const output = await openOutput(path, { whole: true });
  await output.write(bytes("new"));
  expect(readFileSync(path, "utf8")).toBe("old");
  await output.close();
  expect(readFileSync(path, "utf8")).toBe("new");
});

test("a whole file given up leaves nothing behind", async () => {
  const sub = mkdtempSync(join(folder, "sub-"));
  const output = await openOutput(join(sub, "x"), { whole: true });
  await output.write(bytes("new"));
  await output.discard();
  expect(readdirSync(sub)).toEqual([]);
  await expect(output.write(bytes("more"))).rejects.toThrow(OutputError);
});

test("through a link, the file behind it is replaced and the link stays", async () => {
  const link = join(folder, "link");
  writeFileSync(join(folder, "behind"), "old");
  symlinkSync("behind", link);
  const output = await openOutput(link, { whole: true });
  await output.write(bytes("new"));
  await output.close();
  expect(readFileSync(join(folder, "behind"), "utf8")).toBe("new");
});

test.each([
  ["missing", () => join(folder, "no", "such"), /no such directory$/],
  ["io", () => folder, /directory/],
])("%s", async (code, path, message) => {
  const error: unknown = await openOutput(path()).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OutputError);
  expect(error).toMatchObject({ code });
  expect(String(error)).toMatch(message);
});

testWith("linux")("a device stays a device; a full one is said to be full", async () => {
  const output = await openOutput("/dev/full", { whole: true });
  await expect(output.write(bytes("x"))).rejects.toMatchObject({ code: "no-space" });
  expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
});

testWith("linux", "root")("on a full disk the file ends with the last whole bytes", async () => {
  const mount = mkdtempSync(join(folder, "disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mount]);
  if (mounted.status !== 0) return; // a container may forbid it
  try {
    const path = join(mount, "x");
    const output = await openOutput(path);
    await output.write(new Uint8Array(40_000));
    const failed = output.write(new Uint8Array(40_000));
    await expect(failed).rejects.toMatchObject({
      code: "no-space",
      text: {
        en: `Cannot write ${path}: no space left on the device. The first 40000 bytes are whole and can be read.`,
      },
    });
    expect(statSync(path).size).toBe(40_000);
    const whole = await openOutput(join(mount, "y"), { whole: true });
    await expect(whole.write(new Uint8Array(40_000))).rejects.toThrow(OutputError);
    expect(readdirSync(mount)).toEqual(["x"]);
  } finally {
    spawnSync("umount", [mount]);
  }
});

const WRITER = `
  import { openOutput } from "SRC/node/output.ts";
  const output = await openOutput("-");
  try {
    for (let i = 0; i < 1000; i++) await output.write(new Uint8Array(100_000));
    await output.close();
    console.error("all");
  } catch (e) { console.error(e.code); await output.discard(); }
`;

test("standard output: a reader that leaves is an error with a name, and no crash", async () => {
  const script = join(folder, "stdout.mts");
  writeFileSync(script, WRITER.replace("SRC", join(process.cwd(), "src")));
  const run = (leave: boolean): Promise<string> => {
    const child = spawn(process.execPath, ["--import", "tsx", script]);
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.once("data", () => leave && child.stdout.destroy());
    child.stdout.resume();
    return new Promise((resolve) => {
      child.on("close", (code) => resolve(`${said.trim()} ${code}`));
    });
  };
  await expect(run(true)).resolves.toBe("closed-pipe 0");
  await expect(run(false)).resolves.toBe("all 0");
});
