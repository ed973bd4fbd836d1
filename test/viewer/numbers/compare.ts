/** Every view of one capture against the commands. */
import { Flag } from "../../../src/wire/tcp.ts";
import type { Recording } from "../../../src/viewer/model/recording.ts";
import { opened } from "../corpus.ts";
import { Comparing } from "./comparing.ts";
import {
  compareBytes,
  compareConversations,
  compareFindings,
  compareStory,
} from "./connections.ts";
import { compareGraphs, compareRates } from "./graphs.ts";
import { compareLadder } from "./ladders.ts";
import { compareColumns, compareFrames, compareRows } from "./segments.ts";
import { told, type ToldFrame, type ToldSegment } from "./told.ts";

/** Frames in full: so many that have a verdict or a note, and as many others. */
const FRAMES = 20;

/** The capture in `bytes`, compared. */
export async function compare(bytes: Uint8Array): Promise<Comparing> {
  const recording = await opened(bytes);
  const frames = framesInFull(recording);
  const comparing = new Comparing(recording, await told(bytes, frames));
  const segmentsOf = byStream(comparing.told.frames);
  await compareRows(comparing);
  await compareFrames(comparing, frames);
  await compareConversations(comparing, segmentsOf);
  await compareFindings(comparing);
  for (const [stream, segments] of segmentsOf) {
    await compareColumns(comparing, stream, segments);
    await compareConnection(comparing, stream, segments);
  }
  return comparing;
}

async function compareConnection(
  comparing: Comparing,
  stream: number,
  segments: readonly ToldSegment[],
): Promise<void> {
  await compareStory(comparing, stream, segments);
  await compareLadder(comparing, stream);
  await compareGraphs(comparing, stream, segments);
  // Flags that exclude each other: nobody can say where the bytes of such a connection begin.
  if (segments.some(({ flags }) => (flags & OPEN_AND_CLOSE) === OPEN_AND_CLOSE)) return;
  const measures = comparing.told.conversations.find((c) => c.stream === stream);
  await compareBytes(comparing, stream, measures);
  await compareRates(comparing, stream, measures);
}

const OPEN_AND_CLOSE = Flag.SYN | Flag.RST;

function framesInFull({ trace, verdicts }: Recording): ReadonlySet<number> {
  const bits = verdicts.columns.verdicts.subarray(0, verdicts.length);
  const marked = Array.from(bits.keys()).filter((row) => bits[row] !== 0);
  const step = Math.max(1, Math.ceil(trace.packets.length / FRAMES));
  const others = Array.from({ length: FRAMES }, (_, i) => i * step + 1);
  return new Set([...marked.slice(0, FRAMES).map((row) => trace.frameOf(row)), ...others]);
}

function byStream(frames: readonly ToldFrame[]): ReadonlyMap<number, readonly ToldSegment[]> {
  const streams = new Map<number, ToldSegment[]>();
  for (const { segment } of frames) {
    if (segment === null) continue;
    const known = streams.get(segment.stream);
    if (known === undefined) streams.set(segment.stream, [segment]);
    else known.push(segment);
  }
  return streams;
}
