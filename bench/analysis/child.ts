/** Runs a Node program, feeds it, and tells what it used. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

const USAGE = new URL("usage.mjs", import.meta.url).href;

/** What a process used from its start to its end. */
export interface Used {
  readonly maxRssMb: number;
  readonly cpuS: number;
  readonly wallS: number;
}

/** Writes to the child; false when it reads no more. The memory may be used again then. */
export type Write = (bytes: Uint8Array) => Promise<boolean>;

/**
 * Runs `node ARGS…` with what `feed` writes as its standard input.
 *
 * @throws {Error} when it does not end with status 0.
 */
export async function runChild(
  args: readonly string[],
  feed: (write: Write) => Promise<void> = () => Promise.resolve(),
): Promise<Used> {
  const child = spawn(process.execPath, ["--import", USAGE, ...args], {
    stdio: ["pipe", "ignore", "inherit", "pipe"],
  });
  const ended = once(child, "close");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the first of stdio above
  const stdin = child.stdin as Writable;
  // It went away early: its status says why.
  stdin.on("error", () => {});
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fourth of stdio above
  const report = textOf(child.stdio[3] as Readable);
  await feed((bytes) => writeAll(stdin, bytes));
  stdin.end();
  const [status] = await ended;
  if (status !== 0) throw new Error(`Cannot run ${args.join(" ")}: exit status ${String(status)}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what usage.mjs prints
  return JSON.parse(await report) as Used;
}

function writeAll(to: Writable, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    to.write(bytes, (error) => resolve(error === null || error === undefined));
  });
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const part of stream) text += String(part);
  return text;
}
