/** lwIP, when its source lies on this machine: `SEQACK_LWIP` names the folder that has `src/core`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compile } from "./c-program.ts";

const HERE = new URL(".", import.meta.url).pathname;
const FOLDER = process.env["SEQACK_LWIP"];

/** What an lwIP is compiled for; it knows these only then. */
export interface LwipBuild {
  readonly mss: number;
  readonly window: number;
  readonly checksums: boolean;
  /** Pools are made for so many. */
  readonly connections?: number;
}

/** Why there is none, or `null`. */
export function whyNoLwip(): string | null {
  if (FOLDER === undefined) return "SEQACK_LWIP does not name a folder with its source";
  return existsSync(join(FOLDER, "src/core/tcp.c")) ? null : `${FOLDER} has no src/core/tcp.c`;
}

/** Compiles `lwip-loop.c` or `lwip-many.c` with lwIP's TCP and IPv4; `null` with the reason told. */
export function buildLwip(
  source: "lwip-loop" | "lwip-many",
  build: LwipBuild,
  folder: string,
): string | null {
  const { mss, window, checksums, connections } = build;
  const from = join(FOLDER ?? "", "src");
  const files = ["core", "core/ipv4"].flatMap((part) =>
    readdirSync(join(from, part))
      .filter((name) => name.endsWith(".c"))
      .map((name) => join(from, part, name)),
  );
  const defines = [`MSS=${mss}`, `WINDOW=${window}`, `CHECKSUMS=${Number(checksums)}`];
  if (connections !== undefined) defines.push(`CONNECTIONS=${connections}`);
  return compile(`${source}-${mss}-${Number(checksums)}`, folder, [
    ...defines.map((define) => `-D${define}`),
    ...[HERE, join(HERE, "lwip"), join(from, "include")].map((path) => `-I${path}`),
    join(HERE, `${source}.c`),
    ...files,
  ]);
}
