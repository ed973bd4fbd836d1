/** SACK blocks that lie, and storms of them (CVE-2019-11477, CVE-2019-11478): refused, and work that has a bound. */
import { describe, expect, test } from "vitest";
import {
  drive,
  isOver,
  ours,
  OURS,
  PLAIN,
  THEIRS,
  victim,
  type Victim,
} from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";
import { Recovery } from "../tcp/recovery.ts";
import { SeqRanges, type SeqRange } from "../tcp/seq-ranges.ts";

const MSS = 100;
const FAST = {
  ...PLAIN,
  sack: true,
  initialWindow: 5000,
  initialWindowBytes: Infinity,
  minMss: 48,
};

/** A victim with `segments` of 100 bytes in flight. */
function sending(segments: number): Victim {
  const v = victim({
    profile: { ...FAST, windowScaling: true, sendBuffer: 1 << 20 },
    offer: "sackOK wscale 4",
  });
  v.conversation.writes(segments * MSS);
  drive(v.conversation.endpoint, 0, 0);
  expect(v.conversation.endpoint.status().flight).toBe(segments * MSS);
  return v;
}

function sack(v: Victim, nowNs: number, ...edges: number[]): number {
  const line = `. ${THEIRS} ack ${OURS} sack ${edges.map(ours).join(" ")}`;
  v.conversation.endpoint.onSegment(parseSegment(line), nowNs);
  return drive(v.conversation.endpoint, nowNs, nowNs);
}

function end(v: Victim): void {
  v.conversation.endpoint.abort(1e9);
  drive(v.conversation.endpoint, 1e9, 2e9);
  expect(isOver(v, "aborted")).toBe(true);
}

describe("blocks that cannot be", () => {
  test.each([
    ["of what was never sent", [2000, 2100]],
    ["that begins in what was sent and ends beyond", [900, 1100]],
    ["turned round", [300, 200]],
    ["empty", [300, 300]],
    ["of what is acknowledged", [-200, -100]],
    ["from before what is acknowledged into what is not", [-100, 100]],
    ["half the numbers long", [0, 2 ** 31]],
    ["of nearly all numbers", [300, 299]],
  ])("%s", (_, edges) => {
    const v = sending(10);
    sack(v, 1, ...edges);
    const { sacked, lost, flight, recovery } = v.conversation.endpoint.status();
    expect([sacked, lost, flight, recovery]).toEqual([0, 0, 1000, "open"]);
    end(v);
  });

  test("four of them, one of which can: that one counts", () => {
    const v = sending(10);
    sack(v, 1, 5000, 6000, 300, 400, 900, 800, -5, 5);
    expect(v.conversation.endpoint.status().sacked).toBe(100);
    end(v);
  });
});

test("what is told to be there is not sent again for being told in pieces, and all that is lost once", () => {
  const v = sending(100);
  let sent = 0;
  // Every other byte of the stream, from its end to its beginning.
  for (let n = 9998, now = 1; n > 2; n -= 8, now++)
    sent += sack(v, now, n, n + 1, n - 2, n - 1, n - 4, n - 3, n - 6, n - 5);
  const { sacked, flight } = v.conversation.endpoint.status();
  expect(sacked).toBeLessThanOrEqual(1024);
  expect(flight).toBe(10_000);
  // No more segments than bytes that were told, whatever their size.
  expect(sent).toBeLessThanOrEqual(5000);
  end(v);
});

test("the scoreboard is bounded, and a block for which there is no place changes nothing", () => {
  const v = sending(600);
  for (let i = 0, now = 1; i < 5000; i++, now++) sack(v, now, 10 * i + 1001, 10 * i + 1002);
  expect(v.conversation.endpoint.status().sacked).toBeLessThanOrEqual(1024);
  end(v);
});

/** Counts how often ranges are looked at. */
class Counted implements SeqRange {
  static reads = 0;
  stamp = 0;
  #left: number;
  readonly #right: number;

  constructor({ left, right }: SeqRange) {
    this.#left = left;
    this.#right = right;
  }

  get left(): number {
    Counted.reads++;
    return this.#left;
  }

  set left(left: number) {
    this.#left = left;
  }

  get right(): number {
    Counted.reads++;
    return this.#right;
  }
}

/** Looks at ranges for one more block, with `n` ranges on the board. */
function looks(n: number): number {
  const ranges = new SeqRanges(100_000);
  for (let i = 0; i < n; i++) ranges.add(ours(10 * i), ours(10 * i + 5));
  for (const [i, range] of ranges.list.entries()) ranges.list[i] = new Counted(range);
  Counted.reads = 0;
  ranges.add(ours(10 * (n >>> 1) + 6), ours(10 * (n >>> 1) + 7));
  return Counted.reads;
}

test("a block finds its place in logarithmic steps", () => {
  expect(looks(1000) - looks(100)).toBeLessThan(8);
  expect(looks(10_000) - looks(100)).toBeLessThan(16);
});

test("one ACK looks at each range a few times at most, however many came before", () => {
  const recovery = new Recovery(OURS);
  const snd = { una: OURS, nxt: ours(1_000_000), flight: 1_000_000 };
  for (let i = 1; i <= 50_000; i++) recovery.sacked.add(ours(10 * i), ours(10 * i + 5));
  const { list } = recovery.sacked;
  expect(list.length).toBe(1024);
  for (const [i, range] of list.entries()) list[i] = new Counted(range);
  Counted.reads = 0;
  recovery.markLost(MSS, 3);
  recovery.sacked.within(snd.una, snd.nxt);
  recovery.nextLost(MSS);
  expect(Counted.reads).toBeLessThan(12 * 1024);
});
