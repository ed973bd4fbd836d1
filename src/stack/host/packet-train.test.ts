import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { Flag } from "../../wire/tcp.ts";
import { PacketPool } from "../device/packet-pool.ts";
import { PacketSlab } from "../device/packet-slab.ts";
import { readIp } from "../ip/read-ip.ts";
import type { TcpSegment } from "../types.ts";
import { IncomingTrain } from "./incoming-train.ts";
import { OutgoingTrain } from "./outgoing-train.ts";
import { PacketPlace } from "./packet-place.ts";
import {
  packSegment,
  type PacketRoom,
  type SegmentRoute,
  unpackSegment,
} from "./segment-packet.ts";

const RUNS = 40;
const PACKETS = 200;
const LONGEST = 1500;
const TIMES = [
  { kind: "nop" },
  { kind: "nop" },
  { kind: "timestamps", value: 0xffff_fffe, echo: 7 },
] as const;

const NO_BYTES = new Uint8Array(0);

type Way = Pick<SegmentRoute, "local" | "remote" | "dscp" | "hopLimit">;

function pick<T>(prng: Prng, values: readonly T[]): T {
  return values[prng.below(values.length)]!;
}

function bytesOf(prng: Prng, length: number): Uint8Array {
  // All zeros and all ones are where sums may go wrong.
  const fill = pick(prng, [0, 0xff, null]);
  return new Uint8Array(length).map(() => fill ?? prng.below(256));
}

const LOCAL = new Uint8Array([10, 0, 0, 1]);
const REMOTE = new Uint8Array([10, 0, 0, 2]);
const WAYS: readonly Way[] = [
  { local: LOCAL, remote: REMOTE, dscp: 0, hopLimit: 64 },
  { local: LOCAL, remote: REMOTE, dscp: 46, hopLimit: 64 },
  { local: LOCAL, remote: REMOTE, dscp: 0, hopLimit: 255 },
  { local: LOCAL, remote: new Uint8Array(4).fill(255), dscp: 0, hopLimit: 64 },
  { local: new Uint8Array(16).fill(1), remote: new Uint8Array(16).fill(2), dscp: 0, hopLimit: 64 },
];

/** As endpoints make them: mostly one behind the other, sometimes with another field. */
function nextSegment(prng: Prng, last: TcpSegment): TcpSegment {
  const length = last.payload.length || 100;
  const seq = (last.seq + (prng.chance(0.9) ? length : prng.below(2 ** 32))) >>> 0;
  const next = { ...last, seq, payload: bytesOf(prng, length) };
  const change = prng.below(60);
  if (change === 0) next.payload = bytesOf(prng, prng.below(LONGEST - 60));
  if (change === 1) next.payload = NO_BYTES;
  if (change === 2) next.ack = pick(prng, [0, 0xffff_ffff, prng.below(2 ** 32)]);
  if (change === 3) next.window = prng.below(65_536);
  if (change === 4) next.flags = pick(prng, [Flag.ACK, Flag.ACK | Flag.PSH, Flag.ACK | Flag.ECE]);
  if (change === 5) next.options = pick(prng, [[], TIMES]);
  if (change === 6) next.ecn = pick(prng, ["not-ECT", "ECT(0)", "CE"]);
  if (change === 7) next.srcPort = prng.below(65_536);
  if (change === 8) next.dstPort = prng.below(65_536);
  if (change === 9) next.urgent = prng.below(3);
  if (change === 10) next.reserved = prng.below(16);
  return next;
}

function firstSegment(prng: Prng): TcpSegment {
  return {
    srcPort: 1,
    dstPort: 2,
    seq: 2 ** 32 - 5000,
    ack: 5,
    flags: Flag.ACK,
    reserved: 0,
    window: 1,
    checksum: 0,
    urgent: 0,
    options: pick(prng, [[], TIMES]),
    payload: bytesOf(prng, 1 + prng.below(300)),
    ecn: "not-ECT",
  };
}

function roomOf(prng: Prng): PacketRoom {
  return prng.chance(0.5) ? new PacketPool(LONGEST) : new PacketSlab();
}

/** @yields what travels, packed the long way, and how. */
function* packets(prng: Prng, room: PacketRoom, checksums: boolean): Generator<Sent> {
  let segment = firstSegment(prng);
  let way = WAYS[0]!;
  for (let i = 0, id = 65_500; i < PACKETS; i++, id = (id + 1) & 0xffff) {
    const packet = packSegment(segment, { ...way, id, checksums }, room);
    yield { segment, way, id, packet };
    segment = nextSegment(prng, segment);
    if (prng.chance(0.02)) way = pick(prng, WAYS);
  }
}

interface Sent {
  readonly segment: TcpSegment;
  readonly way: Way;
  readonly id: number;
  readonly packet: Uint8Array;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length ? a.findIndex((byte, i) => byte !== b[i]) : a.length;
}

/** As {@link Outlet.pack}. */
function packed(train: OutgoingTrain, room: PacketRoom, sent: Sent, checksums: boolean): Packed {
  const { segment, way, id } = sent;
  const route = { ...way, id, checksums };
  const next = train.pack(segment, route);
  if (next !== null) return { packet: next, isShort: true };
  const packet = packSegment(segment, route, room);
  train.note(segment, route, packet);
  return { packet, isShort: false };
}

interface Packed {
  readonly packet: Uint8Array;
  readonly isShort: boolean;
}

test.each([true, false])(
  "what the short way writes is what the long way writes (%s)",
  (checksums) => {
    let short = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const prng = new Prng(seed);
      const room = roomOf(prng);
      const train = new OutgoingTrain(room);
      for (const sent of packets(prng, new PacketSlab(), checksums)) {
        const { packet, isShort } = packed(train, room, sent, checksums);
        expect({ seed, at: firstDifference(packet, sent.packet) }).toEqual({ seed, at: -1 });
        if (isShort) short++;
        if (room instanceof PacketPool && prng.chance(0.9)) room.give(packet);
      }
    }
    expect(short).toBeGreaterThan((RUNS * PACKETS) / 4);
  },
);

const shown = (segment: TcpSegment | null): string =>
  JSON.stringify({ ...segment, payload: segment === null ? [] : [...segment.payload] });

/** One bit, one byte more or less, or nothing. */
function damaged(prng: Prng, packet: Uint8Array): Uint8Array {
  if (prng.chance(0.8)) return packet;
  if (prng.chance(0.1)) return packet.slice(0, -1);
  if (prng.chance(0.1)) return new Uint8Array([...packet, 0]);
  const at = prng.below(prng.chance(0.8) ? 60 : packet.length) % packet.length;
  packet[at]! ^= 1 << prng.below(8);
  return packet;
}

test.each([true, false])(
  "what the short way reads is what the long way reads (%s)",
  (checksums) => {
    let short = 0;
    const wrong: object[] = [];
    for (let seed = 1; seed <= RUNS; seed++) {
      const prng = new Prng(seed, 1);
      const room = roomOf(prng);
      const place = new PacketPlace(room instanceof PacketPool ? room : undefined);
      const train = new IncomingTrain<Way>(room, checksums);
      const isDone = prng.chance(0.5);
      for (const { packet: sent, way } of packets(prng, room, checksums)) {
        const packet = damaged(prng, sent);
        place.find(packet);
        const next = train.read(packet, place.view, place.at, isDone);
        const ip = readIp(packet, place.view, place.at);
        const segment = typeof ip === "string" ? null : unpackSegment(ip, room, checksums);
        if (next !== null) {
          short++;
          // Both ports and both addresses are those of the packet before.
          if (shown(next) !== shown(segment) || train.socket !== way) wrong.push({ seed, next });
        } else if (typeof ip !== "string" && segment !== null) train.note(way, ip, segment);
        if (prng.chance(0.01)) train.forget(way);
        if (room instanceof PacketPool && prng.chance(0.9)) room.give(sent);
      }
    }
    expect(wrong).toEqual([]);
    expect(short).toBeGreaterThan((RUNS * PACKETS) / 4);
  },
);

test("a connection that is over has nothing any more", () => {
  const prng = new Prng(1);
  const room = new PacketSlab();
  const train = new IncomingTrain<Way>(room, true);
  const [one, two, three] = [...packets(prng, room, true)].slice(0, 3).map(({ packet }) => packet);
  const note = (packet: Uint8Array): void => {
    const ip = readIp(packet);
    if (typeof ip !== "string") train.note(WAYS[0]!, ip, unpackSegment(ip, room, true)!);
  };
  const read = (packet: Uint8Array): TcpSegment | null =>
    train.read(packet, new DataView(packet.buffer), packet.byteOffset, false);
  note(one!);
  expect(read(two!)).toBeNull();
  note(two!);
  expect(read(three!)).not.toBeNull();
  train.forget(WAYS[1]!);
  expect(read(three!)).not.toBeNull();
  train.forget(WAYS[0]!);
  expect([read(three!), train.socket]).toEqual([null, null]);
});
