/** Memory of the page and its worker, which share a process, from /proc. In units of 2^20. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Surroundings } from "../../test/viewer/browser.ts";

/** Memory in MB; `own` is what no other process shares: the browser's program is not counted. */
export interface Memory {
  readonly now: number;
  /** Since {@link forgetMost}, or the process's start. */
  readonly most: number;
  readonly own: number;
  /** Processor time so far, in milliseconds. */
  readonly cpu: number;
}

interface Process {
  readonly id: number;
  readonly memory: Memory;
}

/** Of the largest renderer. */
export async function memoryOf(around: Surroundings): Promise<Memory> {
  return (await largest(around))?.memory ?? { now: 0, most: 0, own: 0, cpu: 0 };
}

/** From now on `most` counts anew. */
export async function forgetMost(around: Surroundings): Promise<void> {
  const found = await largest(around);
  if (found !== undefined) writeFileSync(`/proc/${found.id}/clear_refs`, "5");
}

async function largest(around: Surroundings): Promise<Process | undefined> {
  const session = await around.browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const found = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id, cpuTime }) => ({ id, memory: memoryIn(id, cpuTime * 1000) }));
  return found.toSorted((a, b) => b.memory.now - a.memory.now)[0];
}

function memoryIn(id: number, cpu: number): Memory {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  const [now, most] = [inMb(status, "VmRSS"), inMb(status, "VmHWM")];
  return { now, most, own: inMb(status, "RssAnon"), cpu };
}

function inMb(status: string, name: string): number {
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
}
