/** Captures merged by time: the slow obvious way for comparison, and what is special about several files. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concat } from "../base/bytes.ts";
import {
  block,
  INTERFACE,
  PACKET,
  PCAP_HEADER,
  record,
  SECTION,
  words,
} from "../testing/blocks.ts";
import { CaptureLog, logCapture, type LoggedPacket } from "../testing/capture-log.ts";
import { mergeCaptures } from "./merge.ts";

/** Merges, each file in chunks of `chunkLen`. */
async function merged(files: readonly Uint8Array[], chunkLen = 1 << 20): Promise<CaptureLog> {
  const log = new CaptureLog();
  await mergeCaptures(
    files.map((file) => chunksOf(file, chunkLen)),
    log,
  );
  return log;
}

// In memory that is used again, as a reader of files has it.
function* chunksOf(file: Uint8Array, len: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(len);
  for (let at = 0; at < file.length; at += len) {
    const part = file.subarray(at, at + len);
    chunk.fill(0xee);
    chunk.set(part);
    yield chunk.subarray(0, part.length);
  }
}

const pcapOf = (times: readonly number[], bytes: number): Uint8Array =>
  concat(PCAP_HEADER, ...times.map((sec) => record(sec, 0, bytes, bytes)));

const time = (p: LoggedPacket): number => p.sec * 1e9 + p.nsec;

/** Looks at the next packet of every file each time, in their order, as mergecap does. */
function slowly(files: readonly Uint8Array[]): LoggedPacket[] {
  const queues = files.map((file) => logCapture(file).packets);
  const out: LoggedPacket[] = [];
  for (;;) {
    let best = -1;
    for (const [i, queue] of queues.entries()) {
      if (queue.length > 0 && (best < 0 || time(queue[0]!) <= time(queues[best]![0]!))) best = i;
    }
    if (best < 0) return out;
    out.push({ ...queues[best]!.shift()!, frame: out.length + 1, iface: best });
  }
}

test("the order of mergecap: the earliest, of equal times the last file; files keep their order", async () => {
  const files = [pcapOf([1, 2, 2, 5, 4], 10), pcapOf([1, 2, 3, 5], 20), pcapOf([1, 0, 2], 30)];
  const { packets } = await merged(files);
  expect(packets.map((p) => `${p.frame}: ${p.sec} of ${p.iface}`)).toEqual([
    "1: 1 of 2",
    "2: 0 of 2",
    "3: 1 of 1",
    "4: 1 of 0",
    "5: 2 of 2",
    "6: 2 of 1",
    "7: 2 of 0",
    "8: 2 of 0",
    "9: 3 of 1",
    "10: 5 of 1",
    "11: 5 of 0",
    "12: 4 of 0",
  ]);
});

test("any files in chunks of any size are merged as the slow way merges them", async () => {
  const times = fc.array(fc.nat(20), { maxLength: 60 });
  const files = fc.array(fc.tuple(times, fc.integer({ min: 1, max: 300 })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 5000 }), async (specs, chunkLen) => {
      const bytes = specs.map(([secs, len]) => pcapOf(secs, len));
      const log = await merged(bytes, chunkLen);
      expect(log.packets).toEqual(slowly(bytes));
      expect(log.interfaces).toHaveLength(bytes.length);
    }),
    { numRuns: 100 },
  );
});

test("one file is what reading it is, but for the input that warnings name", async () => {
  const file = concat(pcapOf([1, 2], 4), record(3, 0, 0, 4), pcapOf([4], 4), record(5, 0, 9, 9));
  const alone = logCapture(file.subarray(0, -1));
  const log = await merged([file.subarray(0, -1)], 7);
  expect(log.packets).toEqual(alone.packets);
  expect(log.interfaces).toEqual(alone.interfaces);
  expect(log.warnings).toEqual(alone.warnings.map((w) => Object.assign(w, { input: 0 })));
});

test("a damaged file ends, the others go on; warnings name the file and the merged frame", async () => {
  const odd = concat(PCAP_HEADER, record(1, 0, 4, 4), record(6, 0, 0, 4), words(7, 0, 4, 4));
  const { packets, warnings } = await merged([pcapOf([2, 3, 8, 9], 4), odd]);
  expect(packets.map((p) => p.sec)).toEqual([1, 2, 3, 6, 8, 9]);
  const cut = "file is cut short in a record: 16 of 20 bytes are there";
  expect(warnings).toEqual([
    { offset: 44, frame: 4, message: "record without a byte", fatal: false, input: 1 },
    { offset: 60, frame: 4, message: cut, fatal: true, input: 1 },
  ]);
});

test("interfaces, statistics and frames that are no packets are numbered over all files", async () => {
  const statistics = block(5, words(1, 0, 9, 0x0008_0004, 7, 0, 0));
  const custom = block(0x0bad, words(1));
  const second = block(6, words(1, 0, 9, 4, 4, 1));
  const ng = concat(SECTION, INTERFACE, INTERFACE, custom, second, statistics);
  const { packets, stats, interfaces } = await merged([ng, ng, concat(ng, ng)]);
  expect(interfaces).toHaveLength(8);
  expect(packets.map((p) => [p.frame, p.iface])).toEqual([
    [4, 5],
    [6, 7],
    [7, 3],
    [8, 1],
  ]);
  expect(stats.map((s) => s.iface)).toEqual([5, 7, 3, 1]);
});

test("interfaces are counted whether anybody listens or not", async () => {
  const ifaces: number[] = [];
  const files = [pcapOf([1, 4], 4), pcapOf([2], 4), pcapOf([3], 4)];
  await mergeCaptures(
    files.map((file) => [file]),
    { onPacket: (p) => ifaces.push(p.iface) },
  );
  expect(ifaces).toEqual([0, 1, 2, 0]);
});

test("no files, empty ones, and what is no capture", async () => {
  await expect(mergeCaptures([], new CaptureLog())).resolves.toEqual([]);
  const log = new CaptureLog();
  const infos = await mergeCaptures(
    [[], [words(1, 2, 3, 4)], [PCAP_HEADER, PACKET.subarray(0, 0)]],
    log,
  );
  expect(infos.map((info) => info?.format ?? null)).toEqual([null, null, "pcap"]);
  expect(log.warnings.map((w) => [w.input, w.fatal])).toEqual([
    [0, true],
    [1, true],
  ]);
});

function* broken(): Generator<Uint8Array> {
  yield pcapOf([1], 4);
  throw new RangeError("mine");
}

test("what a source throws is thrown, and the other sources are given up", async () => {
  let closed = false;
  function* endless(): Generator<Uint8Array> {
    try {
      yield PCAP_HEADER;
      for (;;) yield record(9, 0, 4, 4);
    } finally {
      closed = true;
    }
  }
  await expect(mergeCaptures([endless(), broken()], new CaptureLog())).rejects.toThrow("mine");
  expect(closed).toBe(true);
});
