/** A capture without end: a part of it, repeated. */
import {
  CLIENT,
  Dice,
  PCAP_HEADER_LEN,
  SERVER,
  shiftRecords,
  Talk,
  TrafficWriter,
} from "../../test/traffic.ts";
import { Flag } from "../../src/wire/tcp.ts";
import type { Write } from "./child.ts";

/** What a repetition changes. */
const REPETITIONS = {
  /** Nothing: the same frames at the same times again; the connections stay open. */
  exact: { closes: false, shifts: false, clients: 0 },
  /** Times and sequence numbers: the same ports, closed and opened again. */
  reopened: { closes: true, shifts: true, clients: 0 },
  /** Times, sequence numbers and addresses: new connections, those before them closed. */
  renewed: { closes: true, shifts: true, clients: 1 },
  /** The same, but no connection is ever closed. */
  abandoned: { closes: false, shifts: true, clients: 1 },
} as const;

/** One of them. */
export type RepetitionName = keyof typeof REPETITIONS;

/** All of them. */
export const REPETITION_NAMES = [
  "exact",
  "reopened",
  "renewed",
  "abandoned",
] as const satisfies readonly RepetitionName[];

/** Ports of a client of this traffic, from 1024. */
const PORTS = 50_000;
/** Segments of a connection, but for its beginning and end: six round trips of five. */
const ROUNDS = 6;
const ROUND_SEGMENTS = 5;

/** Writes `bytes` of capture: `open` connections at the same time, again and again. */
export async function repeatTo(
  write: Write,
  name: RepetitionName,
  open: number,
  bytes: number,
): Promise<void> {
  const { closes, shifts, clients } = REPETITIONS[name];
  const part = makePart(open, closes);
  const step = Math.ceil(open / PORTS) * clients;
  const shift = { timeUsec: part.lastsUsec, seq: 0x1234_5678, client: step };
  let isGoing = await write(part.header);
  for (let written = part.header.length; isGoing && written < bytes;) {
    for (const slice of part.slices) {
      isGoing = isGoing && (await write(slice));
      written += slice.length;
      if (shifts) shiftRecords(slice, shift);
      if (!isGoing || written >= bytes) break;
    }
  }
}

/** What is repeated. */
interface Part {
  readonly header: Uint8Array;
  /** Whole records. */
  readonly slices: Uint8Array[];
  readonly lastsUsec: number;
}

function makePart(open: number, closes: boolean): Part {
  const slices: Uint8Array[] = [];
  const out = new TrafficWriter((bytes) => void slices.push(bytes.slice()));
  const dice = new Dice();
  const talks = Array.from(
    { length: open },
    (_, i) => new Talk(Math.floor(i / PORTS), 1024 + (i % PORTS)),
  );
  for (const talk of talks) out.handshake(talk);
  for (let i = 0; i < ROUNDS * open; i++) round(out, talks[dice.roll(open)]!);
  if (closes) for (const talk of talks) out.close(talk);
  out.end();
  const [first] = slices;
  const header = first!.slice(0, PCAP_HEADER_LEN);
  slices[0] = first!.subarray(PCAP_HEADER_LEN);
  return { header, slices, lastsUsec: out.timeUsec };
}

/** A request, a response in three segments, and its acknowledgment. */
function round(out: TrafficWriter, talk: Talk): void {
  out.data(talk, CLIENT, 300);
  talk.acked[SERVER] = talk.next[CLIENT];
  for (let i = 0; i < ROUND_SEGMENTS - 2; i++) out.data(talk, SERVER, 1388);
  out.flags(talk, CLIENT, Flag.ACK);
}
