/** What tshark finds in a capture. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Capture } from "./capture.ts";

const FIELDS = ["-e", "_ws.expert.message"];
const CHECKSUMS = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"];
/** Random bytes look like many things. */
const DATA = ["-d", "tcp.port==1-65535,data"];
const SEPARATOR = ";";

/** How many frames each kind was found in: `{ "Duplicate ACK": 7 }`. */
export type Found = Record<string, number>;

/** Asks tshark about `capture`, which is written below `folder`, and adds what it says to `found`. */
export function addVerdicts(found: Found, capture: Capture, folder: string): void {
  const file = join(folder, `${capture.name}.pcap`);
  writeFileSync(file, capture.toFile());
  const format = ["-T", "fields", "-E", `aggregator=${SEPARATOR}`];
  const args = ["-r", file, "-n", ...DATA, ...CHECKSUMS, ...format, ...FIELDS];
  const { status, stdout, stderr } = spawnSync("tshark", args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`Cannot run tshark: ${stderr}`);
  for (const message of stdout.split(/[;\n]/)) {
    const kind = message.replaceAll(/[(#]*\d.*$/g, "").trim();
    if (kind !== "") found[kind] = (found[kind] ?? 0) + 1;
  }
}
