import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import type { Probe, TcpEndpoint, TcpSegment } from "../types.ts";
import { makeEndpoint } from "./endpoint.ts";
import { freebsd, generic, linux } from "./profile.ts";

const RUNS = 100;
const ROUNDS = 40;
const PROFILES = [linux, freebsd, generic];

function pick<T>(prng: Prng, values: readonly T[]): T {
  return values[prng.below(values.length)]!;
}

function randomEnd(prng: Prng, probe: Probe | undefined): TcpEndpoint {
  const timestamps = prng.chance(0.5);
  const profile = { ...pick(prng, PROFILES), timestamps, ecn: pick(prng, ["on", "off"] as const) };
  const options = {
    noDelay: prng.chance(0.5),
    sendBuffer: pick(prng, [3000, 65_536]),
    receiveBuffer: pick(prng, [2000, 20_000, 300_000]),
  };
  const ports = { localPort: 1, remotePort: 1 };
  const init = { ...ports, mtu: 540, ipHeaderLen: 20, iss: 2 ** 32 - 4000, profile, options };
  return makeEndpoint(probe === undefined ? init : { ...init, probe });
}

/** All segments of two ends whose users, and what lies between them, do what chance says. */
function segmentsOf(seed: number, probe?: Probe): string[] {
  const prng = new Prng(seed);
  const ends = [randomEnd(prng, probe), randomEnd(prng, probe)] as const;
  const log: string[] = [];
  const [user, into] = [new Uint8Array(8000).map((_, i) => i * 7), new Uint8Array(8000)];
  // Each segment is looked at before the next one is asked for.
  const isDone = seed % 2 === 0;
  ends[1].listen();
  ends[0].connect(0);
  for (let round = 0, nowNs = 0; round < ROUNDS; round++, nowNs += prng.below(3) * 1e6) {
    for (const [i, end] of ends.entries()) {
      if (prng.chance(0.6)) end.send(user.subarray(prng.below(4000)), nowNs, prng.chance(0.02));
      const most = prng.chance(0.2) ? 2 : Infinity;
      for (let n = 0; n < most; n++) {
        const segment = end.poll(nowNs, isDone);
        if (segment === null) break;
        log.push(shown(i, segment, nowNs));
        pass(segment, ends[1 - i]!, prng, nowNs);
        // A call between two polls, which may change what comes next.
        if (prng.chance(0.1)) end.receive(into.subarray(prng.below(8000)), nowNs);
        if (prng.chance(0.02)) end.setOptions({ maxSegment: 100 + prng.below(400) }, nowNs);
      }
      if (prng.chance(0.7)) end.receive(into, nowNs);
      if (round === ROUNDS - 10 && prng.chance(0.5)) end.closeWrite(nowNs);
    }
  }
  return log;
}

/** On one line, the bytes by a few of them. */
function shown(i: number, { payload, options, ...rest }: TcpSegment, nowNs: number): string {
  const bytes = [0, 100, payload.length - 1].map((at) => payload[at]);
  return JSON.stringify({ i, nowNs, ...rest, length: payload.length, bytes, options });
}

function pass(segment: TcpSegment, to: TcpEndpoint, prng: Prng, nowNs: number): void {
  if (prng.chance(0.02)) return;
  const isMarked = segment.ecn === "ECT(0)" && prng.chance(0.05);
  to.onSegment(isMarked ? { ...segment, ecn: "CE" } : segment, nowNs);
}

test("data that simply follows is what the long way, which an end with a probe takes, would send", () => {
  let trains = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const log = segmentsOf(seed);
    const long = segmentsOf(seed, { onDecision: () => {} });
    const first = log.findIndex((line, i) => line !== long[i]);
    expect({ seed, line: log[first], length: log.length }).toEqual({
      seed,
      line: long[first],
      length: long.length,
    });
    trains += log.length;
  }
  expect(trains).toBeGreaterThan(RUNS * ROUNDS);
});
