/** Every field of every frame of the corpus against tshark's. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { type FieldValue, showValue } from "./field.ts";
import { type Frame, FrameFeed } from "./frame.ts";
import { FIELDS } from "./registry.ts";

/** Link types that are read; `null` is BSD loopback. */
const LINKS = new Set(["ether", "linux-sll", "linux-sll2", "null", "rawip", "rawip4", "rawip6"]);

/** What tshark knows and we do not yet: tunnels, reassembly, packets quoted by others. */
const BEYOND =
  /ip(v6)?:.*\bip(v6)?\b|icmp|mpls|pppoe|ppp|gre|gtp|vxlan|geneve|teredo|llc|erspan|cdp|hsr|prp|wlan|macsec|batadv|_ws\.|eth:ethertype:.*:eth|fr:|isl|vntag|etag|capwap|lwapp|nvgre|null:data|sll:data|x25/;

const COMPARED = FIELDS.filter(
  (f) => f.type !== "protocol" && f.name !== "frame.comment" && !f.name.startsWith("seqack."),
);

const FRAME = COMPARED.findIndex((f) => f.name === "frame.number");

interface Row {
  readonly frame: string;
  readonly fields: readonly string[];
}

/** Whether the row of a frame is one that we read as tshark does. */
function isRead([protocols, ...rest]: readonly string[]): boolean {
  return !BEYOND.test(protocols!) && rest.slice(0, 4).join("") === "";
}

interface Rows {
  readonly rows: readonly Row[];
  /** Whether tshark found segments where we do not look: in ICMP errors, in tunnels, in fragments. */
  readonly hasHidden: boolean;
}

function tsharkRows(file: string): Rows {
  const names = [
    "frame.protocols",
    "ip.fragment",
    "ip.reassembled_in",
    "ipv6.fragment",
    "ipv6.reassembled.in",
    ...COMPARED.map((f) => f.name),
  ];
  const { stdout } = spawnSync(
    "tshark",
    [
      "-n",
      "-r",
      file,
      "-T",
      "fields",
      "-E",
      "separator=|",
      "-o",
      "tcp.desegment_tcp_streams:FALSE",
      ...names.flatMap((n) => ["-e", n]),
    ],
    { encoding: "utf8", maxBuffer: 2 ** 30, env: { ...process.env, TZ: "UTC" } },
  );
  const rows = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("|"));
  return {
    hasHidden: rows.some((cells) => !isRead(cells) && /tcp/.test(cells[0]!)),
    rows: rows
      .filter(isRead)
      .map((cells) => ({ frame: cells[FRAME + 5]!, fields: cells.slice(5) })),
  };
}

/** Hidden segments move the streams' numbers and times. */
const OF_STREAM = /^tcp\.(?:stream|time_)/;

function ourRows(file: string): Map<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>();
  const onFrame = (frame: Frame): void => {
    const cells = COMPARED.map((field) => {
      const values: FieldValue[] = [];
      field.read(frame, values);
      return values.map((value) => showValue(field, value)).join(",");
    });
    rows.set(String(frame.packet.frame), cells);
  };
  const reader = new CaptureReader(new SegmentTracker(new FrameFeed(onFrame)));
  reader.push(readFileSync(file));
  reader.end();
  return rows;
}

interface Listed {
  readonly file: string;
  readonly link: string;
}

/** Every so many files: tshark takes a third of a second to start. All 400 were compared when this was written. */
const STRIDE = 6;

/** Files in which we read something else, and know why. */
const APART: readonly string[] = [
  "ng-simple-packets.pcapng", // packets without a time: we say 1970
  "detect-ipopts", // source routes: we take the header's destination
  "beep-oobr", // IPv6 cut inside its addresses
  "tls_sgt", // Cisco metadata in front of IP is not looked behind
  "damaged-headers",
  "of10_inv", // options behind the end of the list
  "timestamp_invalid", // microseconds beyond a second
  "4829420752470016", // the same
  "socks.pcap", // a payload that tshark shows twice
];

function corpus(): Listed[] {
  const [, ...lines] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8").trim().split("\n");
  return lines
    .map((line) => line.split("\t"))
    .map((cells) => ({ file: cells[0]!, link: cells[7]! }))
    .filter(({ file, link }) => LINKS.has(link) && !APART.some((name) => file.includes(name)))
    .filter((_, i) => i % STRIDE === 0);
}

function compareAll(): void {
  const wrong = new Map<string, string[]>();
  let compared = 0;
  for (const { file } of corpus()) {
    const path = join(SHARED, "corpus", file);
    const ours = ourRows(path);
    const { rows, hasHidden } = tsharkRows(path);
    for (const { frame, fields } of rows) {
      compared++;
      const mine = ours.get(frame) ?? [];
      for (const [i, { name }] of COMPARED.entries()) {
        if (mine[i] === fields[i] || (hasHidden && OF_STREAM.test(name))) continue;
        const list = wrong.get(name) ?? [];
        list.push(`${file} ${frame}: ${mine[i]?.slice(0, 40)} for ${fields[i]?.slice(0, 40)}`);
        wrong.set(name, list);
      }
    }
  }
  expect(Object.fromEntries([...wrong].map(([k, l]) => [k, [l.length, ...l.slice(0, 3)]]))).toEqual(
    {},
  );
  expect(compared).toBeGreaterThan(5000);
}

testWith("tshark", "shared")(
  "every field of every frame prints as tshark prints it",
  compareAll,
  600_000,
);
