/**
 * The two captures that the analysis is measured with, synthesised: the same bytes on every machine,
 * without root. Real ones (loopback traffic) differ little in what they cost.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { CLIENT, Dice, SERVER, Talk, TrafficWriter } from "../../test/traffic.ts";
import { Flag } from "../../src/wire/tcp.ts";

/** Payload of a full segment with MSS 1400 and timestamps. */
const FULL = 1388;
/** One segment in so many is lost. */
const LOSS = 500;
/** Segments that a sender puts on the wire at once. */
const MAX_BURST = 24;

/** Few connections with much to say: `segments` of bulk transfers, with losses and SACK. */
export function writeBulk(path: string, segments: number, transfers: number = 8): void {
  writeTo(path, (out) => {
    const dice = new Dice();
    const talks = Array.from({ length: transfers }, (_, i) => new Talk(1, 40_000 + i));
    for (const talk of talks) out.handshake(talk);
    while (out.segments < segments) burst(out, talks[dice.roll(talks.length)]!, dice);
    for (const talk of talks) out.close(talk);
  });
}

/** A burst of the client's, and what the server says to it: an ACK for every second segment, or for each after a hole. */
function burst(out: TrafficWriter, talk: Talk, dice: Dice): void {
  const count = 1 + dice.roll(MAX_BURST);
  const start = talk.next[CLIENT];
  const lost = dice.roll(LOSS) < count ? dice.roll(count) : -1;
  for (let i = 0; i < count; i++) out.data(talk, CLIENT, FULL);
  const hole = (start + lost * FULL) >>> 0;
  for (let i = 0; i < count; i++) {
    const end = (start + (i + 1) * FULL) >>> 0;
    if (lost === -1 || i < lost) {
      talk.acked[SERVER] = end;
      if (i % 2 === 1 || i === count - 1) ack(out, talk);
    } else if (i > lost) {
      talk.acked[SERVER] = hole;
      ack(out, talk, (hole + FULL) >>> 0, end);
    }
  }
  if (lost === -1) return;
  out.segment(talk, CLIENT, Flag.ACK, hole, FULL);
  talk.acked[SERVER] = talk.next[CLIENT];
  ack(out, talk);
}

function ack(out: TrafficWriter, talk: Talk, sackFrom = 0, sackTo = 0): void {
  out.segment(talk, SERVER, Flag.ACK, talk.next[SERVER], 0, sackFrom, sackTo);
}

/** Connections of ten segments each, sixteen open at a time: a request, a response, and the end. */
export function writeShort(path: string, connections: number): void {
  writeTo(path, (out) => writeExchanges(out, connections, 16));
}

/** What a short connection does, one step after the other. */
const STEPS: readonly ((out: TrafficWriter, talk: Talk) => void)[] = [
  (out, talk) => out.flags(talk, CLIENT, Flag.SYN),
  (out, talk) => out.flags(talk, SERVER, Flag.SYN | Flag.ACK),
  (out, talk) => out.flags(talk, CLIENT, Flag.ACK),
  (out, talk) => out.data(talk, CLIENT, 180),
  (out, talk) => out.flags(talk, SERVER, Flag.ACK),
  (out, talk) => out.data(talk, SERVER, 900),
  (out, talk) => out.flags(talk, CLIENT, Flag.ACK),
  (out, talk) => out.flags(talk, CLIENT, Flag.FIN | Flag.ACK),
  (out, talk) => out.flags(talk, SERVER, Flag.FIN | Flag.ACK),
  (out, talk) => out.flags(talk, CLIENT, Flag.ACK),
];

/** `connections` short ones, `open` of them at a time; all at once when `open` is as many. */
export function writeExchanges(out: TrafficWriter, connections: number, open: number): void {
  const dice = new Dice();
  let begun = 0;
  const begin = (): { talk: Talk; step: number } => {
    const n = begun++;
    return { talk: new Talk(n >>> 15, 1024 + (n & 0x7fff), n % 8, 9000 + (n % 8)), step: 0 };
  };
  const active = Array.from({ length: Math.min(open, connections) }, begin);
  while (active.length > 0) {
    const i = dice.roll(active.length);
    const one = active[i]!;
    STEPS[one.step++]!(out, one.talk);
    if (one.step < STEPS.length) continue;
    const next = begun < connections ? begin() : active.pop()!;
    if (i < active.length) active[i] = next;
  }
}

/** A capture file with what `write` writes. */
export function writeTo(path: string, write: (out: TrafficWriter) => void): void {
  const fd = openSync(path, "w");
  try {
    const out = new TrafficWriter((bytes) => void writeSync(fd, bytes));
    write(out);
    out.end();
  } finally {
    closeSync(fd);
  }
}

/** Orders in which segments come that nobody acknowledges. */
export const ORDERS = ["ascending", "descending", "random", "interleaved", "inward"] as const;

/** One of {@link ORDERS}. */
export type Order = (typeof ORDERS)[number];

const UNACKED_LEN = 1000;

/** One connection with `count` segments that are never acknowledged. */
export function writeUnacked(path: string, count: number, order: Order): void {
  writeTo(path, (out) => {
    const talk = new Talk(1, 40_000);
    out.handshake(talk);
    const start = talk.next[CLIENT];
    for (const i of indicesIn(order, count)) {
      out.segment(talk, CLIENT, Flag.ACK, (start + i * UNACKED_LEN) >>> 0, UNACKED_LEN);
    }
  });
}

function indicesIn(order: Order, count: number): number[] {
  const indices = Array.from({ length: count }, (_, i) => i);
  switch (order) {
    case "ascending":
      return indices;
    case "descending":
      return indices.toReversed();
    case "random":
      return shuffled(indices);
    // The even ones, then the odd ones.
    case "interleaved":
      return indices.map((i) => (2 * i < count ? 2 * i : 2 * (count - i) - 1));
    // From both ends to the middle.
    case "inward":
      return indices.map((i) => (i % 2 === 0 ? i / 2 : count - 1 - (i - 1) / 2));
  }
}

function shuffled(values: number[]): number[] {
  const dice = new Dice();
  for (let i = values.length - 1; i > 0; i--) {
    const j = dice.roll(i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}

/** `open` connections that stay open, and `count` refused ones after them, one at a time. */
export function writeRefused(path: string, open: number, count: number): void {
  writeTo(path, (out) => {
    const kept = Array.from({ length: open }, (_, i) => new Talk(i >>> 15, 1024 + (i & 0x7fff)));
    const refused = Array.from(
      { length: count },
      (_, i) => new Talk(1024 + (i >>> 15), i & 0x7fff),
    );
    // One of them is the first of all: the longest silent.
    refuse(out, new Talk(1023, 40_000));
    for (const talk of kept) out.flags(talk, CLIENT, Flag.SYN);
    for (const talk of refused) {
      refuse(out, talk);
      for (let i = 0; i < 6; i++) out.flags(kept[i]!, CLIENT, Flag.ACK);
    }
  });
}

function refuse(out: TrafficWriter, talk: Talk): void {
  out.flags(talk, CLIENT, Flag.SYN);
  out.flags(talk, SERVER, Flag.RST | Flag.ACK);
}
