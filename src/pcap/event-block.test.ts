import { expect, test } from "vitest";
import { concat } from "../base/bytes.ts";
import { block, INTERFACE, PACKET, SECTION, words } from "../testing/blocks.ts";
import { logCapture } from "../testing/capture-log.ts";
import type { CallEvent, RecordedEvent } from "./event.ts";
import { PcapngWriter } from "./pcapng-writer.ts";
import { BlockType } from "./pcapng.ts";
import { CaptureReader } from "./reader.ts";

const CALL: CallEvent = {
  kind: "call",
  id: 1,
  op: "write",
  role: "client",
  conn: 0,
  begin: 1_795_346_848_968_662_988n,
  end: null,
  local: "127.0.0.1:50000",
  remote: "127.0.0.1:8080",
  bytes: null,
  eof: false,
  error: null,
};

const CALL_JSON =
  '{"kind":"call","id":1,"op":"write","role":"client","conn":0,"begin":"1795346848968662988",' +
  '"end":null,"local":"127.0.0.1:50000","remote":"127.0.0.1:8080","bytes":null,"eof":false,"error":null}';

/** An events block with this payload; header fields as given. */
function eventBlock(
  json: string,
  len?: number,
  version: number = 1,
  encoding: number = 1,
): Uint8Array {
  const utf8 = new TextEncoder().encode(json);
  const padding = new Uint8Array((4 - (utf8.length % 4)) % 4);
  const signature = new TextEncoder().encode("seqackEV");
  const header = words(version + encoding * 0x1_0000, len ?? utf8.length);
  return block(BlockType.EVENTS, concat(signature, header, utf8, padding));
}

/** The bytes of events after those of an interface. */
function write(events: readonly RecordedEvent[]): Uint8Array<ArrayBuffer> {
  const writer = new PcapngWriter();
  writer.iface({ linkType: 1 });
  return writer.events(events);
}

function read(...blocks: readonly Uint8Array[]): ReturnType<typeof logCapture> {
  return logCapture(concat(SECTION, INTERFACE, ...blocks, PACKET));
}

test("the bytes of a block of events", () => {
  expect(write([CALL])).toEqual(eventBlock(`[${CALL_JSON}]`));
  expect(write([])).toHaveLength(0);
});

test("events take no frame number", () => {
  const log = read(eventBlock(`[${CALL_JSON},${CALL_JSON}]`));
  expect(log.events).toEqual([CALL, CALL]);
  expect(log.packets.map((p) => p.frame)).toEqual([1]);
});

test("many events are parted into blocks of bounded size, and stay in order", () => {
  const events = Array.from({ length: 5000 }, (_, id) => ({ ...CALL, id }));
  const bytes = write(events);
  const view = new DataView(bytes.buffer);
  let blocks = 0;
  for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, true)) {
    blocks++;
    expect(view.getUint32(at + 4, true)).toBeLessThan(64 * 1024);
  }
  expect(blocks).toBeGreaterThan(15);
  expect(read(bytes).events).toEqual(events);
});

test.each([
  ["not JSON", "[", "events are not a JSON array"],
  ["not an array", "{}", "events are not a JSON array"],
  ["not UTF-8", "[\ud800]", "events are not a JSON array"],
  ["not objects", "[1,null,[]]", "3 events with wrong fields left out"],
  ["deep", "[".repeat(100_000), "events are not a JSON array"],
  ["without a kind", "[{}]", "1 events with wrong fields left out"],
  ["of a later kind", '[{"kind":"later","x":1}]', "1 events of a kind not known here left out"],
  ["of no kind at all", '[{"kind":"__proto__"}]', "1 events of a kind not known here left out"],
  [
    "of an inherited kind",
    '[{"kind":"constructor"}]',
    "1 events of a kind not known here left out",
  ],
])("events that are %s are left out, and the packet is read", (_, json, message) => {
  const log = read(eventBlock(json));
  expect([log.events, log.packets.length, log.messages]).toEqual([[], 1, [message]]);
});

test.each([
  ['"id":1', '"id":1.5'],
  ['"id":1', '"id":-1'],
  ['"id":1', '"id":1e300'],
  ['"id":1', '"id":"1"'],
  ['"op":"write"', '"op":"toString"'],
  ['"role":"client"', '"role":null'],
  ['"begin":"1795346848968662988"', '"begin":1795346848968662988'],
  ['"begin":"1795346848968662988"', '"begin":"-1"'],
  ['"begin":"1795346848968662988"', '"begin":"99999999999999999999"'],
  ['"eof":false', '"eof":0'],
  ['"local":"127.0.0.1:50000",', ""],
  ['"error":null', `"error":"${"x".repeat(2000)}"`],
])("an event with %s as %s is wrong", (good, bad) => {
  const log = read(eventBlock(`[${CALL_JSON.replace(good, bad)},${CALL_JSON}]`));
  expect(log.events).toEqual([CALL]);
  expect(log.messages).toEqual(["1 events with wrong fields left out"]);
});

const SAMPLE_JSON =
  '{"kind":"sample","by":"kernel","time":"1795346848968662988","local":"127.0.0.1:50000","remote":"127.0.0.1:8080",' +
  '"state":"ESTABLISHED","mss":1448,"cwnd":14480,"ssthresh":null,"sndWnd":65536,"rcvWnd":65536,"flight":0,"queued":0,' +
  '"srttNs":null,"rtoNs":1000000000,"recovery":"open","congestion":"bbr"';

test("a sample says how fast its end paces; one of an older recording does not, nor does one that does not pace", () => {
  const paced = `${SAMPLE_JSON},"pacingRate":1250000}`;
  const [older, one] = read(eventBlock(`[${SAMPLE_JSON}},${paced}]`)).events;
  expect([older, one]).toMatchObject([{ pacingRate: null }, { pacingRate: 1_250_000 }]);
  expect(write([older!, one!])).toEqual(eventBlock(`[${SAMPLE_JSON}},${paced}]`));
  expect(read(eventBlock(`[${paced.replace("1250000", "-1")}]`)).messages).toEqual([
    "1 events with wrong fields left out",
  ]);
});

test("fields of later versions, and those that play tricks, are not looked at", () => {
  const more = CALL_JSON.replace("{", '{"pid":7,"__proto__":{"polluted":1},');
  const [event] = read(eventBlock(`[${more}]`)).events;
  expect(event).toEqual(CALL);
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  expect(Object.keys(event!)).toEqual(Object.keys(CALL));
});

test("blocks of a later version are left out, a length past the block is damage", () => {
  expect(read(eventBlock("[]", undefined, 2)).messages).toEqual([
    "events of a later version (2) left out",
  ]);
  expect(read(eventBlock("[]", undefined, 1, 2)).messages).toEqual([
    "events of a later version (1) left out",
  ]);
  expect(read(eventBlock("[]", 5)).messages).toEqual(["5 bytes of events do not fit the block"]);
});

test("somebody else's block of the same type is passed over", () => {
  const reader = new CaptureReader({ onPacket: () => {} });
  const huge = block(BlockType.EVENTS, new Uint8Array(2 * 1024 * 1024));
  for (const bytes of [SECTION, block(BlockType.EVENTS, words(1, 2, 3, 4, 5)), huge]) {
    reader.push(bytes);
  }
  reader.end();
  expect(reader.skipped.local).toBe(2);
});

test.each([
  [{ id: 0.5 }, "Cannot write call event: id is 0.5"],
  [{ begin: -1n }, "Cannot write call event: begin is -1"],
  [{ local: "x".repeat(1025) }, `Cannot write call event: local is ${"x".repeat(1025)}`],
])("an event that would not be read again is not written: %#", (wrong, message) => {
  expect(() => write([{ ...CALL, ...wrong }])).toThrow(new RangeError(message));
});

test("events come after an interface: editcap refuses anything before the first", () => {
  expect(() => new PcapngWriter().events([CALL])).toThrow(
    "Cannot write events before an interface",
  );
});
