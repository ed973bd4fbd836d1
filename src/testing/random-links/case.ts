/**
 * A random link, and random hosts and programs at its ends, from one seed.
 *
 * @module
 */
import { Prng } from "../../base/prng.ts";
import type { LaneOptions } from "../../stack/link/lane-options.ts";
import type { LinkOptions } from "../../stack/link/link.ts";
import { meanLoss } from "../../stack/link/loss.ts";
import { freebsd, generic, linux, type Profile } from "../../stack/tcp/profile.ts";
import type { SocketOptions } from "../../stack/types.ts";
import type { Plan } from "./program.ts";

const MS = 1e6;
const SECOND = 1e9;

/** Who only reads asks in the end whether the other one is still there. */
const KEEP_ALIVE = { idleNs: 3600 * SECOND, intervalNs: 75 * SECOND, count: 9 };

/** One end. */
export interface End {
  readonly profile: Profile;
  readonly options: Partial<SocketOptions>;
  readonly plan: Plan;
}

/** All that is random. */
export interface Case {
  readonly link: LinkOptions;
  /** No packet comes out of the link from then to then; `null`: it always works. */
  readonly down: { readonly fromNs: number; readonly untilNs: number } | null;
  readonly client: End;
  readonly server: End;
  /** The link is so good that a connection must not fail on it. */
  readonly isGood: boolean;
}

/** Case number `seed`. */
export function randomCase(seed: number): Case {
  const prng = new Prng(seed);
  const link = { seed, ...lane(prng), back: lane(prng) };
  const down = some(prng, 0.2, () => outage(prng)) ?? null;
  const client = end(prng);
  const server = end(prng);
  const isPatient = [client, server].every(({ options }) => options.userTimeoutNs === undefined);
  const isGood = isPatient && isFair(link) && isFair(link.back) && isShort(down);
  return { link, down, client, server, isGood };
}

/** `value` in some of the cases, else nothing. */
function some<T>(prng: Prng, p: number, value: () => T): T | undefined {
  return prng.chance(p) ? value() : undefined;
}

/** From `low` to `high`, small ones as likely as large ones. */
function logUniform(prng: Prng, low: number, high: number): number {
  return low * (high / low) ** prng.unit();
}

/** Any lane through which something gets. */
function lane(prng: Prng): LaneOptions {
  const ms = (max: number): number => prng.unit() * max * MS;
  const codel = some(prng, 0.3, () => ({}));
  const packets = 1 + prng.below(100);
  const bytes = some(prng, 0.2, () => 3000 + prng.below(100_000));
  return {
    bitsPerSecond: some(prng, 0.6, () => logUniform(prng, 1e5, 1e9)),
    delayNs: ms(prng.chance(0.2) ? 500 : 40),
    jitterNs: some(prng, 0.3, () => ms(50)),
    queue: some(prng, 0.6, () => ({ packets, bytes, codel, ecn: prng.chance(0.5) })),
    loss: some(prng, 0.5, () =>
      prng.chance(0.5)
        ? { name: "uniform", p: logUniform(prng, 0.001, 0.4) }
        : { name: "bursts", toBad: prng.unit() * 0.03, toGood: 0.1 + prng.unit() * 0.9 },
    ),
    reorder: some(prng, 0.3, () => ({ p: prng.unit() * 0.3, byNs: ms(60) })),
    duplicate: some(prng, 0.3, () => prng.unit() * 0.3),
    corrupt: some(prng, 0.2, () => logUniform(prng, 0.001, 0.1)),
    mtu: some(prng, 0.2, () => 300 + prng.below(1200)),
  };
}

/** A link that goes down during the transfer: for a while, or for ever. */
function outage(prng: Prng): NonNullable<Case["down"]> {
  const fromNs = prng.unit() * SECOND;
  const isForEver = prng.chance(0.3);
  return { fromNs, untilNs: isForEver ? Infinity : fromNs + logUniform(prng, 0.01, 300) * SECOND };
}

function end(prng: Prng): End {
  const base = [linux, freebsd, generic][prng.below(3)] ?? linux;
  const profile: Profile = {
    ...base,
    congestion: prng.chance(0.5) ? "reno" : "cubic",
    sack: prng.chance(0.8),
    timestamps: prng.chance(0.8),
    windowScaling: prng.chance(0.8),
    ecn: prng.chance(0.5) ? "on" : "accept",
  };
  const options = {
    keepAlive: KEEP_ALIVE,
    noDelay: prng.chance(0.3),
    quickAck: prng.chance(0.2),
    ...some(prng, 0.5, () => ({ receiveBuffer: Math.round(logUniform(prng, 500, 1e6)) })),
    ...some(prng, 0.5, () => ({ sendBuffer: Math.round(logUniform(prng, 100, 1e6)) })),
    ...some(prng, 0.1, () => ({ userTimeoutNs: logUniform(prng, 0.1, 100) * SECOND })),
  };
  return { profile, options, plan: plan(prng) };
}

function plan(prng: Prng): Plan {
  return {
    length: prng.chance(0.1) ? 0 : Math.round(logUniform(prng, 1, 200_000)),
    ends: prng.chance(0.7) ? "half" : (["close", "abort", "leave"] as const)[prng.below(3)]!,
    atMs: logUniform(prng, 0.1, 20_000),
    pause:
      some(prng, 0.2, () => ({
        every: Math.round(logUniform(prng, 1000, 100_000)),
        ms: logUniform(prng, 1, 5000),
      })) ?? null,
  };
}

/** Of so much loss nobody sees as many in a row as end a connection. */
function isFair({ loss, corrupt = 0 }: LaneOptions): boolean {
  return (loss === undefined || meanLoss(loss) < 0.02) && loss?.name !== "bursts" && corrupt < 0.02;
}

function isShort(down: Case["down"]): boolean {
  return down === null || down.untilNs - down.fromNs < 10 * SECOND;
}
