/**
 * Writes the two captures that `bench/analysis.ts` measures with when it is given none, and one for the graphs of
 * `bench/viewer.ts`.
 *
 * ```sh
 * npx tsx bench/captures.ts [FOLDER]   # bulk.pcap: 8 transfers, 1.8 M segments; short.pcap: 100,000 connections;
 *                                      # one.pcap: one transfer, 1 M segments
 * ```
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeBulk, writeShort } from "./analysis/captures.ts";

const [folder = "."] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
writeBulk(join(folder, "bulk.pcap"), 1_800_000);
writeShort(join(folder, "short.pcap"), 100_000);
writeBulk(join(folder, "one.pcap"), 1_000_000, 1);
