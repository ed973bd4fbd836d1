import { expect, test } from "vitest";
import { viewOf } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import { parseIpv4Address, parseIpv6Address } from "../../wire/address.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import { DueHeap, type Due } from "./due-heap.ts";
import { EphemeralPorts } from "./ephemeral-ports.ts";
import { flowHash } from "./flow-hash.ts";
import { FlowTable, type Flow } from "./flow-table.ts";
import { RateLimit } from "./rate-limit.ts";

const LOCAL = parseIpv4Address("10.0.0.2");
const REMOTE = parseIpv4Address("10.0.0.1");

function flow(remotePort: number, localPort: number = 80): Flow {
  return { local: LOCAL, remote: REMOTE, localPort, remotePort };
}

test("a table of flows finds what is in it and nothing else", () => {
  const table = new FlowTable<Flow>(7);
  const flows = Array.from({ length: 2000 }, (_, i) => flow(i + 1, 80 + (i % 3)));
  for (const f of flows) table.add(f);
  expect(table.size).toBe(2000);
  for (const f of flows) expect(table.get({ ...f })).toBe(f);
  expect(table.get(flow(5000))).toBe(null);
  expect(table.get({ ...flow(1), remote: LOCAL })).toBe(null);
  const six = parseIpv6Address("::ffff:10.0.0.2");
  expect(table.get({ ...flow(1), local: six, remote: six })).toBe(null);
  for (const f of flows.slice(0, 1500)) table.delete(f);
  table.delete(flows[0]!);
  expect([table.size, table.values().length]).toEqual([500, 500]);
  expect([table.get(flows[1499]!), table.get(flows[1500]!)]).toEqual([null, flows[1500]]);
});

test("a flow has one entry, and another one of the same flow is not taken out for it", () => {
  const table = new FlowTable<Flow>(7);
  const entry = flow(1);
  table.add(entry);
  expect(() => table.add(flow(1))).toThrow("its flow is in use");
  table.delete(flow(1));
  expect(table.get(flow(1))).toBe(entry);
});

test("a table finds the flow of a packet where it stands", () => {
  const table = new FlowTable<Flow>(7);
  const entry = flow(40_000);
  table.add(entry);
  const view = viewOf(tcpPacket());
  const ports = { localPort: 80, remotePort: 40_000 };
  expect(table.at({ view, localAt: 16, remoteAt: 12, addressLen: 4, ...ports })).toBe(entry);
  expect(table.at({ view, localAt: 12, remoteAt: 16, addressLen: 4, ...ports })).toBe(null);
});

interface Item extends Due {
  readonly id: number;
}

const newItem = (id: number): Item => ({ id, dueNs: Infinity, dueSerial: 0, dueIndex: -1 });

test("of equal times who was set first comes first", () => {
  const heap = new DueHeap<Item>();
  const items = Array.from({ length: 50 }, (_, id) => newItem(id));
  for (const item of items) heap.set(item, 5);
  heap.set(items[0]!, 5);
  expect(items.map(() => heap.take(5)!.id)).toEqual(items.map(({ id }) => id));
  expect(heap.take(Infinity)).toBe(null);
});

test("a heap of times gives items in their order, however often they were set anew", () => {
  const prng = new Prng(2);
  const heap = new DueHeap<Item>();
  const items = Array.from({ length: 300 }, (_, id) => newItem(id));
  const due = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    const item = items[prng.below(300)]!;
    const at = prng.chance(0.2) ? Infinity : prng.below(1000);
    heap.set(item, at);
    if (at === Infinity) due.delete(item.id);
    else due.set(item.id, at);
    expect(heap.firstNs).toBe(Math.min(...due.values()));
  }
  expect(heap.size).toBe(due.size);
  let last = -1;
  for (let item = heap.take(600); item !== null; item = heap.take(600)) {
    const at = due.get(item.id)!;
    expect(at).toBeGreaterThanOrEqual(last);
    last = at;
    due.delete(item.id);
  }
  expect(Math.min(...due.values())).toBeGreaterThan(600);
  expect(heap.size).toBe(due.size);
});

test("numbers of a flow hang on the key, the purpose and all of the flow", () => {
  const key = Uint8Array.of(1, 2, 3);
  const numbers = [
    flowHash(key, "timestamp", flow(1)),
    flowHash(key, "port", flow(1)),
    flowHash(Uint8Array.of(1, 2, 4), "timestamp", flow(1)),
    flowHash(key, "timestamp", flow(2)),
    flowHash(key, "timestamp", flow(1, 81)),
    flowHash(key, "timestamp", { ...flow(1), remote: LOCAL }),
  ];
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(flowHash(key, "timestamp", flow(1))).toBe(numbers[0]);
});

test("ephemeral ports follow one another to one end, begin elsewhere for another, and may run out", () => {
  const ports = new EphemeralPorts(Uint8Array.of(9));
  const take = (to: number): number => ports.take(flow(to, 0), () => true)!;
  const [a, b, c] = [take(80), take(80), take(81)];
  expect((b - a + 16_384) % 16_384).toBe(1);
  expect(Math.abs(c - b)).toBeGreaterThan(1);
  for (const port of [a, b, c]) expect(port).toBeGreaterThanOrEqual(49_152);
  expect(ports.take(flow(80, 0), (port) => port === 60_000)).toBe(60_000);
  expect(ports.take(flow(80, 0), () => false)).toBe(null);
});

test("a bucket of tokens lets a burst through, then one at a time", () => {
  const limit = new RateLimit(3, 10);
  const takes = (at: number): boolean => limit.take(at);
  expect([0, 0, 0, 0].map(takes)).toEqual([true, true, true, false]);
  expect([9, 10, 10].map(takes)).toEqual([false, true, false]);
  expect([1000, 1000, 1000, 1000].map(takes)).toEqual([true, true, true, false]);
});
