// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
/** A recording opens in Wireshark's tools as if the events were not there. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { testWith } from "../../test/needs.ts";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { logCapture } from "../testing/capture-log.ts";
import type { RecordedEvent } from "./event.ts";
import { PcapngWriter } from "./pcapng-writer.ts";
import { EpbFlag } from "./sink.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A SYN from 127.0.0.1:50000 to 127.0.0.1:8080 on Ethernet. */
const SYN = parseHex(`
  000000000000 000000000000 0800 45000028 00004000 40063cce 7f000001 7f000001
  c3501f90 00000001 00000000 50020200 fe280000`);

const events: RecordedEvent[] = Array.from({ length: 700 }, (_, id) => ({
  kind: "call",
  id,
  op: "write",
  role: "client",
  conn: 0,
  begin: 1_795_346_848_968_662_988n,
  end: 1_795_346_848_968_700_000n,
  local: "127.0.0.1:50000",
  remote: "127.0.0.1:8080",
  bytes: 5,
  eof: false,
  error: null,
}));

/** Events before, between and after the packets; flags, comments and GSO sizes on them. */
function recording(withEvents: boolean, littleEndian: boolean): Uint8Array {
  const w = new PcapngWriter({ littleEndian, application: "seqack test" });
  const head = concat(w.section(), w.iface({ linkType: 1, name: "lo", filter: "tcp" }));
  const happened = withEvents ? w.events(events) : new Uint8Array(0);
  const packet = (i: number): Uint8Array =>
    w.packet({
      sec: 1_795_346_848,
      nsec: 968_662_988 + i,
      view: viewOf(SYN),
      at: 0,
      capLen: SYN.length,
      origLen: SYN.length,
      flags: EpbFlag.OUTBOUND | EpbFlag.CHECKSUM_NOT_READY | EpbFlag.TCP_SEGMENTATION_OFFLOADED,
      gsoSize: 1448,
      comments: ["重传: seqack says SYN"],
    });
  const packets = [0, 1, 2].map((i) => concat(happened, packet(i)));
  return concat(head, ...packets, happened, w.stats({ iface: 0, received: 3, dropped: 0 }));
}

function run(tool: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  const complaints = stderr.split("\n").filter((l) => l !== "" && !l.startsWith("Running as user"));
  expect([status, complaints]).toEqual([0, []]);
  return stdout;
}

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const FIELDS = [
  "frame.number",
  "frame.time_epoch",
  "frame.comment",
  "frame.packet_flags",
  "tcp.dstport",
];

testWith("tshark").each([true, false])(
  "events are invisible to Wireshark's tools (little-endian: %s)",
  (le) => {
    const plus = save(`with-${le}.pcapng`, recording(true, le));
    const without = save(`without-${le}.pcapng`, recording(false, le));
    const fields = (path: string): string =>
      run("tshark", "-n", "-r", path, "-T", "fields", ...FIELDS.flatMap((f) => ["-e", f]));
    expect(fields(plus)).toBe(fields(without));
    expect(fields(plus).split("\n")[2]).toBe(
      "3\t1795346848.968662990\t重传: seqack says SYN\t0x00000a02\t8080",
    );
    const list = (path: string): string => run("tshark", "-n", "-r", path);
    expect(list(plus)).toBe(list(without));
    expect(run("capinfos", "-T", "-r", "-c", plus)).toMatch(/\t3\n$/);
    expect(logCapture(readFileSync(plus)).packets.map((p) => p.frame)).toEqual([1, 2, 3]);
    expect(logCapture(readFileSync(plus)).events).toHaveLength(4 * events.length);
  },
);

testWith("tshark")("editcap copies the packets and drops what it does not know", () => {
  const from = save("from.pcapng", recording(true, true));
  const to = join(folder, "to.pcapng");
  run("editcap", from, to);
  const log = logCapture(readFileSync(to));
  expect(log.packets).toMatchObject([1, 2, 3].map((frame) => ({ frame, flags: 0xa02 })));
  expect([log.warnings, log.events]).toEqual([[], []]);
});
