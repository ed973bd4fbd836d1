/**
 * `npm run parity -- DIR…`: reads every capture below DIR with tshark and
 * with seqack, and prints how often they agree, per field and per verdict,
 * and which captures differ in what.
 *
 * A capture that differs is read once more with those of tshark's dissectors off that
 * meddle with TCP's conversations (FTP, SIP, SOCKS …): when it agrees
 * then, it is counted so and named. Exit: 0 when all agree, 1 when not.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { addParity, type Agreement, type CaptureParity, compareCapture } from "../test/parity.ts";

/** Dissectors that announce connections before their first segment, or take one for their own. */
const MEDDLERS =
  "ftp,ftp-data,sip,h225,h245,rtsp,iscsi,socks,trojan,vnc,msrp,msnms,skinny,mgcp,sdp,bittorrent,gnutella,dcerpc,rpc,portmap,oracle,tns,x11,dicom";

const roots = process.argv.slice(2);
if (roots.length === 0) {
  console.error("Usage: npm run parity -- DIR…");
  process.exit(2);
}

const sums = new Map<string, Agreement>();
let captures = 0;
let frames = 0;
let differing = 0;
const bareOnly = new Set<string>();

for (const path of roots.flatMap(capturesIn)) {
  const parity = await bestOf(path);
  if (parity.frames === 0) continue;
  captures++;
  frames += parity.frames;
  addParity(sums, parity);
  if (parity.differing.length === 0) continue;
  differing++;
  const first = parity.differing[0]!;
  console.log(`${path}: ${summary(parity.differing)}`);
  console.log(`  ${first}: ${parity.fields.get(first)!.example}`);
}

console.log(`\n${"field".padEnd(40)}${"equal".padStart(10)}${"differ".padStart(10)}   agreement`);
for (const [name, { equal, differ }] of sums) {
  const counts = `${String(equal).padStart(10)}${String(differ).padStart(10)}`;
  console.log(`${name.padEnd(40)}${counts}   ${percent(equal, differ)}`);
}
for (const path of bareOnly) console.log(`with application dissectors off: ${path}`);
console.log(`${captures} captures, ${frames} frames with TCP, ${differing} captures differ`);
process.exitCode = differing === 0 ? 0 : 1;

/** The names, or how many: a capture that cannot be read differs in all of them. */
function summary(names: readonly string[]): string {
  return names.length > 8 ? `${names.length} fields` : names.join(" ");
}

/** All files below `root`, or `root` itself. */
function capturesIn(root: string): string[] {
  if (!statSync(root).isDirectory()) return [root];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:tsv|md|txt|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function bestOf(path: string): Promise<CaptureParity> {
  const parity = await compareCapture(path);
  if (parity.differing.length === 0) return parity;
  const bare = await compareCapture(path, { settings: ["--disable-protocol", MEDDLERS] });
  if (bare.differing.length > 0) return parity;
  bareOnly.add(path);
  return bare;
}

/** Never rounded up to 100. */
function percent(equal: number, differ: number): string {
  if (equal + differ === 0) return "-";
  const share = (100 * equal) / (equal + differ);
  return differ === 0 ? "100 %" : `${(Math.floor(share * 1000) / 1000).toFixed(3)} %`;
}
