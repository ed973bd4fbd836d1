/** Our stack, each run in a process of its own that has loaded compiled code alone. */
import { outputOf, type Transfer } from "./child.ts";

const BULK = new URL("bulk.mjs", import.meta.url).pathname;
const MANY = new URL("many.mjs", import.meta.url).pathname;

/** A transfer: see `bulk.mjs`. */
export interface BulkOptions {
  readonly over: "endpoints" | "hosts" | "loopback";
  readonly mss: number;
  readonly bytes: number;
  readonly checksums: boolean;
  /** `null`: the profile's. */
  readonly buffer: number | null;
  readonly timestamps?: boolean;
}

export function runBulk(options: BulkOptions): Transfer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what bulk.mjs prints
  return JSON.parse(outputOf([process.execPath, BULK, JSON.stringify(options)])) as Transfer;
}

/** A part of the life of many connections. */
export interface Phase {
  readonly cpuS: number;
  readonly segments: number;
}

/** What `many.mjs` prints. Memory in bytes a connection: both ends, or one. */
export interface Many {
  readonly phases: Record<"open" | "talk" | "close", Phase>;
  readonly memory: Record<"open" | "talked" | "timeWait" | "client" | "server", number>;
}

export function runMany(options: { readonly count: number; readonly turns: number }): Many {
  const command = [process.execPath, "--expose-gc", MANY, JSON.stringify(options)];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what many.mjs prints
  return JSON.parse(outputOf(command)) as Many;
}
