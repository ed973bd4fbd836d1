/** What tshark finds in a capture, by who sent the frame. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Capture } from "./capture.ts";

const FIELDS = ["-e", "ip.src", "-e", "_ws.expert.message"];
const CHECKSUMS = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"];
/** Random bytes look like many things. */
const DATA = ["-d", "tcp.port==1-65535,data"];
const SEPARATOR = ";";

/** How many frames of each sender have each kind: `{ "10.77.0.2: Duplicate ACK": 7 }`. */
export type Found = Readonly<Record<string, number>>;

/** Asks tshark about `capture`, which is written below `folder`. */
export function verdictsOf(capture: Capture, folder: string): Found {
  const file = join(folder, `${capture.name}.pcap`);
  writeFileSync(file, capture.toFile());
  const args = [
    "-r",
    file,
    "-n",
    ...DATA,
    ...CHECKSUMS,
    "-T",
    "fields",
    "-E",
    `aggregator=${SEPARATOR}`,
    ...FIELDS,
  ];
  const { status, stdout, stderr } = spawnSync("tshark", args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`Cannot run tshark: ${stderr}`);
  const found: Record<string, number> = {};
  for (const line of stdout.split("\n")) {
    const [sender = "", messages = ""] = line.split("\t");
    for (const message of messages.split(SEPARATOR)) {
      if (message === "") continue;
      const kind = `${sender}: ${message.replaceAll(/[(#]*\d.*$/g, "").trim()}`;
      found[kind] = (found[kind] ?? 0) + 1;
    }
  }
  return found;
}
