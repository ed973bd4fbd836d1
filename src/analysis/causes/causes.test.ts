import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { STATES } from "../connection-states.ts";
import { CauseAnalyzer } from "./analyzer.ts";
import { CAUSES, DECISIONS, PROOFS } from "./cause.ts";
import { explainCauses } from "./explain.ts";
import type { SegmentCauses } from "./result.ts";

/** What `look` sees of each line. */
function eachOf<T>(lines: readonly string[], look: (c: SegmentCauses) => T): T[] {
  const out: T[] = [];
  const analyzer = new CauseAnalyzer();
  const tracker = new SegmentTracker({
    onSegment: (s) => void out.push(look(analyzer.analyze(s))),
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return out;
}

const nameOf = ({ cause }: SegmentCauses): string => (cause === 0 ? "" : CAUSES[cause]!);

const decision = (c: SegmentCauses): string[] => [nameOf(c), DECISIONS[c.decidedBy]!];

const proof = (c: SegmentCauses): [string, number] => [PROOFS[c.spurious]!, c.spuriousFrame];

/** 40 ms from end to end, captured at the client; numbers go on at 101 and 301. */
const HANDSHAKE = [
  "0 > S 100 mss 1000 sackOK",
  "40 < S. 300 ack 101 mss 1000 sackOK",
  "40.1 > . 101 ack 301",
];
const HANDSHAKE_TS = [
  "0 > S 100 mss 1012 ts 10 0",
  "40 < S. 300 ack 101 mss 1012 ts 900 10",
  "40.1 > . 101 ack 301 ts 50 900",
];
/** No SACK. */
const HANDSHAKE_OLD = [
  "0 > S 100 mss 1000",
  "40 < S. 300 ack 101 mss 1000",
  "40.1 > . 101 ack 301",
];

/** Segments of 1000 bytes from 101 on, all at `ms`. */
const data = (ms: number, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const seq = 101 + 1000 * (from + i);
    return `${ms} > . ${seq}:${seq + 1000}(1000) ack 301`;
  });

/** Reports of the second segment, and of up to `to` segments from there. */
const sacks = (to: number): string[] =>
  [2, 3, 4].slice(0, to).map((n) => `${88 + n} < . 301 ack 101 sack 1101 ${101 + 1000 * n}`);

const causes = (...lines: string[]): string[] => eachOf(lines, nameOf).filter((c) => c !== "");

test("nothing is said of a clean transfer", () => {
  const lines = [...HANDSHAKE, ...data(50, 0, 4), "90 < . 301 ack 2101", "91 < . 301 ack 4101"];
  expect(causes(...lines)).toEqual([]);
});

test("the timer runs out, and runs out again twice as late", () => {
  const head = "> . 101:1101(1000) ack 301";
  const lines = [...HANDSHAKE, ...data(50, 0, 3), `300 ${head}`, `800 ${head}`];
  const seen = eachOf(lines, (c) => [nameOf(c), c.attempt, Math.round(c.timerNs / 1e6)]);
  expect(seen.slice(-2)).toEqual([
    ["rto", 1, 250],
    ["rto", 2, 500],
  ]);
});

test("the rest goes again as acknowledgements come in; new data asks whether that was needed", () => {
  const rto = [...HANDSHAKE, ...data(50, 0, 4), ...data(300, 0, 1)];
  expect(causes(...rto, "340 < . 301 ack 1101", ...data(340.1, 1, 2))).toEqual([
    "rto",
    "rto_recovery",
    "rto_recovery",
  ]);
  expect(causes(...rto, "340 < . 301 ack 1101", ...data(340.1, 4, 1))).toEqual(["rto", "f_rto"]);
});

test("three duplicates, then a partial acknowledgement", () => {
  const dups = [90, 91, 92].map((ms) => `${ms} < . 301 ack 101`);
  const lines = [...HANDSHAKE_OLD, ...data(50, 0, 6), "89 < . 301 ack 101", ...dups];
  const fast = [...lines, ...data(92.1, 0, 1)];
  expect(causes(...fast, "132 < . 301 ack 2101", ...data(132.1, 2, 1))).toEqual([
    "fast_dup_ack",
    "fast_partial_ack",
  ]);
  const [c] = eachOf(fast, (r) => [r.dupAcks, r.triggerFrame, r.sentFrame]).slice(-1);
  // The first of them repeats the acknowledgement of the SYN-ACK.
  expect(c).toEqual([4, 12, 4]);
});

test("SACK: at once with three segments behind, after a while with fewer", () => {
  const sent = [...HANDSHAKE, ...data(50, 0, 6)];
  expect(causes(...sent, ...sacks(3), ...data(92.1, 0, 1))).toEqual(["fast_sack"]);
  expect(causes(...sent, ...sacks(1), ...data(102, 0, 1))).toEqual(["rack"]);
});

test("the tail is probed; without SACK it is the timer", () => {
  const tail = [...data(50, 0, 3), "90 < . 301 ack 2101", ...data(180, 2, 1)];
  expect(causes(...HANDSHAKE, ...tail)).toEqual(["tlp"]);
  expect(causes(...HANDSHAKE_OLD, ...tail, ...data(700, 2, 1))).toEqual(["rto", "rto"]);
});

test("SYN, SYN-ACK and FIN have timers of their own", () => {
  expect(causes("0 > S 100", "1000 > S 100", "3000 > S 100")).toEqual(["syn_timer", "syn_timer"]);
  const answers = ["0 > S 100", "1 < S. 300 ack 101", "1001 < S. 300 ack 101"];
  expect(causes(...answers)).toEqual(["syn_ack_timer"]);
  expect(
    causes("0 > S 100", "1 < S. 300 ack 101", "1000 > S 100", "1001 < S. 300 ack 101"),
  ).toEqual(["syn_timer", "syn_again"]);
  expect(causes(...HANDSHAKE_OLD, "50 > F. 101 ack 301", "400 > F. 101 ack 301")).toEqual([
    "fin_timer",
  ]);
});

test("keep-alives and window probes are no retransmissions", () => {
  expect(
    causes(
      ...HANDSHAKE,
      "50 < . 301 ack 101 win 500",
      "9000 > . 100 ack 301",
      "9040 < . 301 ack 101 win 500",
    ),
  ).toEqual(["keep_alive"]);
  const closed = [...HANDSHAKE, ...data(50, 0, 1), "90 < . 301 ack 1101 win 0"];
  expect(causes(...closed, "400 > . 1101:1102(1) ack 301", "900 > . 1100 ack 301")).toEqual([
    "window_probe",
    "window_probe",
  ]);
});

test("time stamps tell a late segment from one sent again, at the receiver", () => {
  const hole = [
    ...HANDSHAKE_TS,
    "50 > . 101:1101(1000) ack 301 ts 60 900",
    "50.1 < . 301 ack 1101 ts 950 60",
    "50.2 > . 2101:3101(1000) ack 301 ts 62 900",
  ];
  const late = [...hole, "50.4 > . 1101:2101(1000) ack 301 ts 61 900"];
  expect(eachOf(late, decision).at(-1)).toEqual(["reordered", "timestamps"]);
  const again = [...hole, "300 > . 1101:2101(1000) ack 301 ts 310 900"];
  expect(eachOf(again, decision).at(-1)).toEqual(["rto", "timestamps"]);
});

test("a needless timeout: proven by the time stamp that comes back, by D-SACK, or by new data", () => {
  const eifel = [
    ...HANDSHAKE_TS,
    "50 > . 101:1101(1000) ack 301 ts 60 900",
    "50 > . 1101:2101(1000) ack 301 ts 60 900",
    "400 > . 101:1101(1000) ack 301 ts 410 900",
    "430 < . 301 ack 1101 ts 1200 60",
  ];
  expect(eachOf(eifel, proof).at(-1)).toEqual(["timestamps", 6]);
  const timeout = [...HANDSHAKE, ...data(50, 0, 3), ...data(400, 0, 1), "450 < . 301 ack 1101"];
  const dsack = [...timeout, "470 < . 301 ack 3101", "480 < . 301 ack 3101 sack 101 1101"];
  expect(eachOf(dsack, proof).slice(-2)).toEqual([
    ["f_rto", 7],
    ["none", 0],
  ]);
  const other = [...HANDSHAKE, ...data(50, 0, 1), ...data(400, 0, 1)];
  expect(
    eachOf([...other, "450 < . 301 ack 1101", "480 < . 301 ack 1101 sack 101 1101"], proof).at(-1),
  ).toEqual(["dsack", 5]);
});

test("a hole that closes by itself was reordering", () => {
  const lines = [
    ...HANDSHAKE,
    ...data(50, 0, 3),
    "90 < . 301 ack 101 sack 1101 2101",
    "91 < . 301 ack 2101",
  ];
  expect(eachOf(lines, (c) => c.reorderedFrame).at(-1)).toBe(4);
});

test("large segments count as those on the wire", () => {
  const lines = [
    ...HANDSHAKE,
    "50 > . 101:3601(3500) ack 301",
    "51 > . 3601:6601(3000) ack 301 gso 750",
    "52 > P. 6601:6602(1) ack 301",
  ];
  expect(eachOf(lines, (c) => c.wireSegments).slice(2)).toEqual([0, 4, 4, 1]);
});

test("the states of both ends go along", () => {
  const lines = [...HANDSHAKE, "50 > F. 101 ack 301"];
  expect(eachOf(lines, (c) => `${STATES[c.clientState]} / ${STATES[c.serverState]}`)).toEqual([
    "SYN-SENT / LISTEN",
    "ESTABLISHED / SYN-RECEIVED",
    "ESTABLISHED / ESTABLISHED",
    "FIN-WAIT-1 / CLOSE-WAIT",
  ]);
});

test("every cause is said in both languages", () => {
  const base = eachOf(HANDSHAKE, (c) => ({ ...c })).at(-1)!;
  for (let cause = 1; cause < CAUSES.length; cause++) {
    const said = explainCauses({ ...base, cause, sentFrame: 4, triggerFrame: 5, attempt: 2 });
    expect(said?.en).toMatch(/^[A-Z].*\.$/);
    expect(said?.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  }
  expect(explainCauses({ ...base, cause: 0 })).toBeNull();
});

test("the number of an old connection on the same ports is no acknowledgement", () => {
  const seen = eachOf(
    [
      "0 > S 100",
      "30 < . 7000 ack 860000000",
      "31 > R 860000000",
      "3000 > S 100",
      "3030 < S. 300 ack 101",
      "3031 > . 101 ack 301",
      "3032 > P. 101:618(517) ack 301",
    ],
    nameOf,
  );
  expect(seen).toEqual(["", "", "", "syn_timer", "", "", ""]);
});
