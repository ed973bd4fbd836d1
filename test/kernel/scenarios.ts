/**
 * Ways to make Linux send again: what the programs write, what the link does to
 * which packets, and which of the kernel's ways are switched off.
 */
import type { Plan } from "./ends.ts";
import type { Rule } from "./link.ts";

/** One connection over one link. */
export interface Scenario extends Plan {
  readonly name: string;
  readonly rttMs: number;
  readonly rules: readonly Rule[];
  /** Below `net.ipv4`, at the sender's end. */
  readonly sysctl?: Readonly<Record<string, number | string>>;
}

/** Bytes of a full segment with time stamps, on Ethernet. */
const MSS = 1448;

const full = (segments: number): number => segments * MSS;

const drop = (what: Rule["what"], first?: number, last?: number, copies = 1): Rule => ({
  act: "drop",
  what,
  copies,
  ...(first === undefined ? {} : { first }),
  ...(last === undefined ? {} : { last }),
});

const hold = (first: number, last: number, ms: number): Rule => ({
  act: "hold",
  what: "data",
  first,
  last,
  copies: 1,
  ms,
});

const stall = (first: number, ms: number): Rule => ({
  act: "stall",
  what: "data",
  first,
  copies: 1,
  ms,
});

/** Every so many segments, by chance that is the same each time. */
function scattered(segments: number, share: number, seed: number): Rule[] {
  const rules: Rule[] = [];
  let state = seed;
  for (let n = 4; n < segments; n++) {
    // Numerical Recipes' generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    if (state / 2 ** 32 < share) rules.push(drop("data", n, n));
  }
  return rules;
}

const NO_TLP = { tcp_early_retrans: 0 } as const;
const NO_SACK = { tcp_sack: 0 } as const;
const NO_TIMESTAMPS = { tcp_timestamps: 0 } as const;

/** Small writes, far enough apart that each is over before the next. */
const rounds = (segments: number, count: number, everyMs: number): [number, number][] =>
  Array.from({ length: count }, (_, i) => [i * everyMs, full(segments)]);

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "timeout with backoff",
    rttMs: 20,
    writes: [
      [0, full(4)],
      [100, full(5)],
    ],
    rules: [drop("data", 5, 5, 3), drop("data", 6, 9)],
    sysctl: NO_TLP,
  },
  {
    name: "timeout, then the rest",
    rttMs: 30,
    writes: [[0, full(30)]],
    rules: [drop("data", 21, 30)],
    sysctl: NO_TLP,
  },
  {
    name: "timeout without SACK",
    rttMs: 30,
    writes: [[0, full(30)]],
    rules: [drop("data", 18, 30)],
    sysctl: { ...NO_TLP, ...NO_SACK },
  },
  {
    name: "three duplicates",
    rttMs: 30,
    writes: [[0, full(80)]],
    rules: [drop("data", 14, 14), drop("data", 40, 40), drop("data", 43, 43)],
    sysctl: NO_SACK,
  },
  {
    name: "SACK",
    rttMs: 30,
    writes: [[0, full(80)]],
    rules: [drop("data", 14, 14), drop("data", 40, 40), drop("data", 43, 44)],
  },
  {
    name: "SACK without time stamps",
    rttMs: 30,
    writes: [[0, full(80)]],
    rules: [drop("data", 14, 14), drop("data", 40, 42)],
    sysctl: NO_TIMESTAMPS,
  },
  {
    name: "RACK, two segments behind",
    rttMs: 60,
    writes: rounds(3, 5, 300),
    rules: [1, 2, 3, 4].map((round) => drop("data", 3 * round + 1, 3 * round + 1)),
  },
  {
    name: "RACK, without its threshold",
    rttMs: 60,
    writes: [[0, full(60)]],
    rules: [drop("data", 14, 14), drop("data", 40, 41)],
    sysctl: { tcp_recovery: 5 },
  },
  {
    name: "lost twice",
    rttMs: 30,
    writes: [[0, full(100)]],
    rules: [drop("data", 20, 20, 2), drop("data", 60, 61, 2)],
  },
  {
    name: "lost tail",
    rttMs: 30,
    writes: rounds(5, 5, 400),
    rules: [2, 3, 4].map((round) => drop("data", 5 * round, 5 * round)),
  },
  {
    name: "lost tail of three",
    rttMs: 30,
    writes: rounds(8, 4, 500),
    rules: [2, 3].map((round) => drop("data", 8 * round - 2, 8 * round)),
  },
  {
    name: "single segments",
    rttMs: 30,
    writes: rounds(1, 4, 900),
    rules: [drop("data", 2, 2), drop("data", 3, 3, 2)],
  },
  {
    name: "delay, time stamps",
    rttMs: 20,
    writes: [[0, full(60)]],
    stopAtMs: 1300,
    rules: [stall(31, 400)],
    sysctl: NO_TLP,
  },
  {
    name: "delay, F-RTO",
    rttMs: 20,
    writes: [[0, full(120)]],
    stopAtMs: 1300,
    rules: [stall(31, 400)],
    sysctl: { ...NO_TLP, ...NO_TIMESTAMPS },
  },
  {
    name: "delay, neither",
    rttMs: 20,
    writes: [[0, full(60)]],
    stopAtMs: 1300,
    rules: [stall(31, 400)],
    sysctl: { ...NO_TLP, ...NO_TIMESTAMPS, tcp_frto: 0 },
  },
  {
    name: "lost acknowledgement",
    rttMs: 30,
    writes: rounds(1, 4, 600),
    stopAtMs: 2600,
    rules: [{ act: "drop", what: "ack", from: "server", first: 2, last: 2 }],
  },
  {
    name: "overtaken",
    rttMs: 60,
    writes: rounds(3, 5, 300),
    rules: [2, 3, 4].map((round) => hold(3 * round + 1, 3 * round + 1, 8)),
  },
  {
    name: "overtaken by many",
    rttMs: 60,
    writes: [[0, full(60)]],
    stopAtMs: 700,
    rules: [hold(14, 14, 9), hold(40, 40, 9)],
  },
  {
    name: "SYN lost twice",
    rttMs: 20,
    writes: [[0, full(2)]],
    rules: [drop("syn", undefined, undefined, 2)],
  },
  {
    name: "SYN-ACK lost",
    rttMs: 20,
    writes: [[0, full(2)]],
    rules: [{ act: "drop", what: "synack", from: "server", copies: 1 }],
  },
  {
    name: "last of the handshake lost",
    rttMs: 20,
    writes: [[1500, full(2)]],
    rules: [{ act: "drop", what: "ack", first: 1, last: 1 }],
  },
  {
    name: "FIN lost twice",
    rttMs: 20,
    writes: [[0, full(2)]],
    rules: [drop("fin", undefined, undefined, 2)],
    sysctl: NO_TLP,
  },
  {
    name: "FIN lost twice, probed",
    rttMs: 20,
    writes: [[0, full(2)]],
    rules: [drop("fin", undefined, undefined, 2)],
  },
  {
    name: "closed window",
    rttMs: 20,
    writes: [[0, full(60)]],
    readAtMs: 1500,
    rcvBuf: 8192,
    rules: [],
  },
  {
    name: "doubled",
    rttMs: 20,
    writes: [[0, full(40)]],
    rules: [{ act: "double", what: "data", first: 5, last: 12 }],
  },
  {
    name: "scattered losses",
    rttMs: 20,
    writes: [[0, full(500)]],
    rules: scattered(500, 0.02, 7),
  },
  {
    name: "scattered losses without SACK",
    rttMs: 20,
    writes: [[0, full(300)]],
    rules: scattered(300, 0.015, 11),
    sysctl: NO_SACK,
  },
  {
    name: "many losses",
    rttMs: 20,
    writes: [[0, full(200)]],
    rules: scattered(200, 0.12, 3),
  },
];
