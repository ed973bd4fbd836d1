/** ACKs that lie: of what has not come, in pieces, or the same again and again (Savage et al. 1999; RFC 3465, RFC 5681 §5). */
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
import { freebsd, linux, type Profile } from "../tcp/profile.ts";

const MSS = 100;

const plain = (profile: Profile): Profile => ({
  ...profile,
  timestamps: false,
  sack: false,
  windowScaling: false,
});

function ack(v: Victim, n: number, nowNs: number): number {
  const { endpoint } = v.conversation;
  endpoint.onSegment(parseSegment(`. ${THEIRS} ack ${ours(n)}`), nowNs);
  return drive(endpoint, nowNs, nowNs);
}

/** A victim with ten segments in flight, and more to send. */
function sending(profile: Profile): Victim {
  const v = victim({ profile: plain(profile) });
  v.conversation.writes(30_000);
  drive(v.conversation.endpoint, 0, 0);
  expect(v.conversation.endpoint.status().flight).toBe(10 * MSS);
  return v;
}

function end(v: Victim): void {
  v.conversation.endpoint.abort(1e9);
  drive(v.conversation.endpoint, 1e9, 2e9);
  expect(isOver(v, "aborted")).toBe(true);
}

describe.each([PLAIN, linux, freebsd])("$name", (profile) => {
  test("an ACK of what was never sent is refused and moves nothing", () => {
    const v = sending(profile);
    const before = v.conversation.endpoint.status();
    for (const n of [1001, 5000, 30_000, 2 ** 31 - 1]) expect(ack(v, n, 1)).toBeLessThanOrEqual(1);
    expect(v.refused.take()).toEqual(Array(4).fill("ACK of what was never sent"));
    const { sndUna, sndNxt, cwnd } = v.conversation.endpoint.status();
    expect([sndUna, sndNxt, cwnd]).toEqual([before.sndUna, before.sndNxt, before.cwnd]);
    end(v);
  });

  test("optimistic ACKs double the window in a round trip at most", () => {
    const v = sending(profile);
    for (let round = 1; round <= 4; round++) {
      const { cwnd, flight, sndUna } = v.conversation.endpoint.status();
      const from = (sndUna - OURS) >>> 0;
      for (let n = MSS; n <= flight; n += MSS) ack(v, from + n, round);
      expect(v.conversation.endpoint.status().cwnd).toBeLessThanOrEqual(2 * cwnd);
    }
    end(v);
  });

  test("an ACK in a thousand pieces is worth what one is (RFC 5681 §3.1, RFC 3465)", () => {
    const v = sending(profile);
    const { cwnd } = v.conversation.endpoint.status();
    for (let n = 1; n <= 1000; n++) ack(v, n, n);
    expect(v.conversation.endpoint.status().cwnd).toBeLessThanOrEqual(2 * cwnd);
    end(v);
  });

  test("duplicate ACKs let out no more than was in flight (RFC 5681 §3.2, §5)", () => {
    const v = sending(profile);
    let sent = 0;
    for (let i = 0; i < 1000; i++) sent += ack(v, 0, 1 + i);
    expect(sent).toBeLessThanOrEqual(1 + 10);
    const { cwnd, flight } = v.conversation.endpoint.status();
    expect([cwnd <= 10 * MSS, flight <= 20 * MSS]).toEqual([true, true]);
    end(v);
  });
});
