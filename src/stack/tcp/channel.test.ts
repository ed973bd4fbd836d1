import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { spoilingPool } from "../../testing/spoiling-pool.ts";
import { runLossyPair, type LossyChannel, type LossyEnd } from "../../testing/lossy-pair.ts";
import type { Probe } from "../types.ts";
import { freebsd, generic, linux, type Profile } from "./profile.ts";

const RUNS = 60;

function pick<T>(prng: Prng, values: readonly T[]): T {
  return values[prng.below(values.length)]!;
}

function randomProfile(prng: Prng): Profile {
  return {
    ...pick(prng, [linux, freebsd, generic]),
    timestamps: prng.chance(0.5),
    sack: prng.chance(0.6),
    windowScaling: prng.chance(0.6),
    ecn: pick(prng, ["on", "off", "accept"]),
    congestion: pick(prng, ["reno", "cubic"]),
    windowProbe: pick(prng, ["byte", "empty"]),
  };
}

function randomEnd(prng: Prng): LossyEnd {
  return {
    profile: randomProfile(prng),
    mtu: pick(prng, [88, 140, 576, 1500, 1500, 9000]),
    // Numbers wrap early in the stream.
    iss: (2 ** 32 - 1 - prng.below(3000)) >>> 0,
    bytes: pick(prng, [0, 1, 100, 5000, 40_000]),
    chunk: pick(prng, [100, 1000, 20_000]),
    everyMs: pick(prng, [1, 1, 10, 50]),
    options: {
      noDelay: prng.chance(0.3),
      receiveBuffer: pick(prng, [500, 2000, 20_000, 65_536, 300_000]),
      sendBuffer: pick(prng, [100, 5000, 65_536, 300_000]),
    },
  };
}

function randomChannel(prng: Prng, seed: number, mostLoss: number): LossyChannel {
  return {
    seed,
    loss: prng.chance(0.2) ? 0 : prng.unit() * mostLoss,
    duplication: prng.chance(0.5) ? 0 : prng.unit() * 0.3,
    delayMs: pick(prng, [0, 1, 20, 100]),
    jitterMs: pick(prng, [0, 0, 1, 20, 200]),
  };
}

/** What is wrong with a run, in words; nothing should be. Both ends have their buffers from one pool, as those of a host do. */
function faults(channel: LossyChannel, [a, b]: readonly [LossyEnd, LossyEnd]): string[] {
  const buffers = spoilingPool();
  const ends = [
    { ...a, buffers },
    { ...b, buffers },
  ] as const;
  const result = runLossyPair(channel, ends);
  const out: string[] = result.isEndless ? ["endless"] : [];
  for (const [i, end] of result.ends.entries()) {
    const { state } = end.endpoint;
    const wanted = ends[1 - i]!.bytes;
    if (!end.isIntact || end.received > wanted) out.push(`end ${i}: not what was sent`);
    if (state !== "CLOSED" && state !== "LISTEN") out.push(`end ${i}: left in ${state}`);
    if (end.endpoint.pollAt() !== Infinity) out.push(`end ${i}: a timer runs on`);
    if (end.closed === undefined && state !== "LISTEN")
      out.push(`end ${i}: the end was never told`);
    const isWhole = end.sawEnd && end.received === wanted;
    if (end.closed === null && !isWhole)
      out.push(`end ${i}: told fine after ${end.received} of ${wanted}`);
    // Who knows no more of a handshake, which took too long, refuses the SYN that comes after all.
    const isForgotten = end.closed === "refused" && result.ends[1 - i]!.closed === "timeout";
    const isKnown = ["timeout", "reset", null, undefined].includes(end.closed);
    if (!isKnown && !isForgotten) out.push(`end ${i}: ${end.closed}`);
  }
  return out;
}

test.each([
  ["up to 30 %", 0.3],
  ["up to 95 %", 0.95],
])(
  "over random channels that lose %s: every byte once and in order, or the right error, and nothing goes on",
  (_, mostLoss) => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const prng = new Prng(seed, 5);
      const ends = [randomEnd(prng), randomEnd(prng)] as const;
      const channel = randomChannel(prng, seed, mostLoss);
      expect({ seed, faults: faults(channel, ends) }).toEqual({ seed, faults: [] });
    }
  },
);

test("the same seed gives the same run", () => {
  const end: LossyEnd = {
    profile: linux,
    mtu: 1500,
    iss: 2 ** 32 - 5,
    bytes: 50_000,
    chunk: 1000,
    everyMs: 1,
  };
  const channel = { seed: 7, loss: 0.1, duplication: 0.1, delayMs: 10, jitterMs: 10 };
  const once = runLossyPair(channel, [end, end]);
  const again = runLossyPair(channel, [end, end]);
  expect([once.tookMs, once.segments]).toEqual([again.tookMs, again.segments]);
});

/** All that can be told of a run of random ends over a random channel. */
function outcome(seed: number, probe?: Probe): unknown {
  const prng = new Prng(seed);
  const channel = randomChannel(prng, seed, 0.1);
  const { ends, ...rest } = runLossyPair(channel, [randomEnd(prng), randomEnd(prng)], probe);
  const [a, b] = ends;
  return { rest, a, b, status: [a.endpoint.status(), b.endpoint.status()] };
}

test("a connection that is looked at, whose segments all go the long way, behaves as one that is not", () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const text = JSON.stringify(outcome(seed));
    expect(JSON.stringify(outcome(seed, { onDecision: () => {} })), `seed ${seed}`).toBe(text);
  }
});
