import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { pattern } from "../../testing/pattern.ts";
import { Cable } from "../device/cable.ts";
import type { Device } from "../device/device.ts";
import { PacketPool } from "../device/packet-pool.ts";
import { traced } from "../device/tracer.ts";
import { linux } from "../tcp/profile.ts";
import { Simulation } from "../simulation.ts";
import { Host } from "./host.ts";
import type { HostInit } from "./host-options.ts";
import type { Socket } from "./socket.ts";

const MS = 1e6;
const TOTAL = 120_000;
const MTU = 600;
const POISON = 0xdb;

/** Writes over what it gets back: who still reads that reads rubbish. */
class PoisonedPool extends PacketPool {
  given = 0;

  override give(packet: Uint8Array): void {
    if (this.locate(packet)) {
      packet.fill(POISON);
      this.given++;
    }
    super.give(packet);
  }
}

interface Underway {
  readonly packet: Uint8Array;
  readonly atNs: number;
}

/** One end of a link that loses, holds up and doubles packets, as far as a device with a pool may. */
class RandomEnd implements Device {
  readonly mtu = MTU;
  readonly pool: PacketPool;
  peer: RandomEnd | null = null;
  readonly #prng: Prng;
  #coming: Underway[] = [];

  constructor(pool: PacketPool, prng: Prng) {
    this.pool = pool;
    this.#prng = prng;
  }

  send(packet: Uint8Array, nowNs: number): void {
    const prng = this.#prng;
    // Of what is lost nobody gives the memory back, or it does so itself.
    if (prng.chance(0.02)) return;
    if (prng.chance(0.02)) return this.pool.give(packet);
    // What comes twice is a copy.
    if (prng.chance(0.05)) this.peer!.#add(packet.slice(), nowNs + prng.below(20 * MS));
    this.peer!.#add(packet, nowNs + (prng.chance(0.1) ? prng.below(20 * MS) : 5 * MS));
  }

  #add(packet: Uint8Array, atNs: number): void {
    this.#coming.push({ packet, atNs });
    this.#coming.sort((x, y) => x.atNs - y.atNs);
  }

  poll(nowNs: number): Uint8Array | null {
    if (this.pollAt() > nowNs) return null;
    return this.#coming.shift()!.packet;
  }

  pollAt(): number {
    return this.#coming[0]?.atNs ?? Infinity;
  }
}

/** Writes and reads in random pieces, both ways, until both have all; gives what was read. */
function exchange(
  devices: readonly [Device, Device],
  prng: Prng,
  init: Partial<HostInit>,
): boolean {
  const sim = new Simulation();
  const ipv6 = prng.chance(0.3);
  const addresses = ipv6 ? ["2001:db8::1", "2001:db8::2"] : ["10.0.0.1", "10.0.0.2"];
  const profile = { ...linux, timestamps: prng.chance(0.5) };
  const options = { sendBuffer: 20_000, receiveBuffer: 30_000 };
  const [client, server] = devices.map((device, i) =>
    sim.add(new Host({ addresses: [addresses[i]!], device, profile, options, ...init })),
  );
  const listener = server!.listen(addresses[1]!, 80);
  const ends: End[] = [new End(client!.connect(addresses[1]!, 80, 0), 1)];
  for (let i = 0; i < 5000 && (ends.length < 2 || ends.some((end) => !end.isDone)); i++) {
    const socket = listener.accept();
    if (socket !== null) ends.push(new End(socket, 2));
    for (const end of ends) end.move(prng, sim.nowNs);
    sim.run(sim.nowNs + prng.below(30 * MS));
  }
  return ends.length === 2 && ends[0]!.hasAllOf(2) && ends[1]!.hasAllOf(1);
}

class End {
  readonly #socket: Socket;
  readonly #own: Uint8Array;
  readonly #got = new Uint8Array(TOTAL);
  #sent = 0;
  #read = 0;

  constructor(socket: Socket, seed: number) {
    this.#socket = socket;
    this.#own = pattern(seed, TOTAL);
  }

  get isDone(): boolean {
    return this.#read === TOTAL;
  }

  move(prng: Prng, nowNs: number): void {
    const piece = this.#own.subarray(this.#sent, this.#sent + prng.below(20_000));
    if (piece.length > 0) this.#sent += this.#socket.send(piece, nowNs);
    if (prng.chance(0.3)) this.#take(prng.below(30_000), nowNs);
    // Sometimes who reads does so as soon as there is something, and not all of it.
    const most = prng.chance(0.5) ? 30_000 : prng.below(3000);
    this.#socket.user = prng.chance(0.4)
      ? null
      : { onEvent: (event, _, atNs) => event.type === "readable" && this.#take(most, atNs) };
  }

  #take(most: number, nowNs: number): void {
    const into = this.#got.subarray(this.#read, this.#read + most);
    if (into.length > 0) this.#read += this.#socket.receive(into, nowNs) ?? 0;
  }

  hasAllOf(seed: number): boolean {
    const whole = pattern(seed, TOTAL);
    return this.#got.every((byte, i) => byte === whole[i]);
  }
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

test.each(SEEDS)(
  "every byte is right though packets are written over when given back (%i)",
  (seed) => {
    const prng = new Prng(seed, 0);
    const pool = new PoisonedPool(MTU);
    const [a, b] = [new RandomEnd(pool, prng), new RandomEnd(pool, prng)];
    a.peer = b;
    b.peer = a;
    expect(exchange([a, b], prng, {})).toBe(true);
    expect(pool.given).toBeGreaterThan(100);
  },
);

test.each(SEEDS)("packets that were looked at stay as they were (%i)", (seed) => {
  const prng = new Prng(seed, 0);
  const cable = new Cable(MTU);
  const [kept, seen]: [Uint8Array[], Uint8Array[]] = [[], []];
  const a = traced(cable.a, (_, packet) => {
    kept.push(packet);
    seen.push(packet.slice());
  });
  expect(exchange([a, cable.b], prng, {})).toBe(true);
  expect(kept.findIndex((packet, i) => packet.some((byte, at) => byte !== seen[i]![at]))).toBe(-1);
});

test("segments that a probe kept stay as they were", () => {
  const prng = new Prng(1, 0);
  const [kept, seen]: [Uint8Array[], Uint8Array[]] = [[], []];
  const onDecision: NonNullable<HostInit["probe"]>["onDecision"] = (decision) => {
    if (decision.type !== "received") return;
    kept.push(decision.segment.payload);
    seen.push(decision.segment.payload.slice());
  };
  const { a, b } = new Cable(MTU);
  expect(exchange([a, b], prng, { probe: { onDecision } })).toBe(true);
  expect(kept.findIndex((bytes, i) => bytes.some((byte, at) => byte !== seen[i]![at]))).toBe(-1);
});
