/** What views say of whole connections, against `seqack conversations`, `story` and `findings`. */
import type { Conversation } from "../../../src/analysis/conversations/conversation.ts";
import { attributeCalls } from "../../../src/analysis/calls.ts";
import { streamBytes } from "../../../src/analysis/offsets.ts";
import { trackStates } from "../../../src/analysis/states.ts";
import { tellStory } from "../../../src/analysis/story.ts";
import type { ConversationRow } from "../../../src/viewer/model/conversation-list.ts";
import type { ByteBlock } from "../../../src/viewer/model/bytes/byte-streams.ts";
import type { Trace } from "../../../src/trace/trace.ts";
import type { Comparing } from "./comparing.ts";
import type { ToldSegment } from "./told.ts";

const PAGE = 1024;

/** The list of conversations and the overview: all connections. */
export async function compareConversations(
  comparing: Comparing,
  segmentsOf: ReadonlyMap<number, readonly ToldSegment[]>,
): Promise<void> {
  const rows: ConversationRow[] = [];
  for (let total = 1; rows.length < total;) {
    const ask = { from: rows.length, count: PAGE, descending: false, text: "" };
    const page = await comparing.ask("conversations", { ...ask, sort: "stream" });
    total = page.rows.length === 0 ? 0 : page.total;
    rows.push(...page.rows);
  }
  const { conversations } = comparing.told;
  const measured = new Map(conversations.map((c) => [c.stream, c]));
  const withSegments = conversations.map(({ stream }) => stream).filter((s) => segmentsOf.has(s));
  comparing.sameList(
    "conversations",
    rows.map(({ stream }) => stream),
    withSegments,
  );
  for (const row of rows) {
    const { stream } = row;
    const theirs = measured.get(stream);
    comparing.same(`measures of stream ${stream}`, row.measures, theirs);
    if (theirs === undefined) continue;
    const segments = segmentsOf.get(stream) ?? [];
    comparing.same(`row of stream ${stream}`, rowNumbers(row), numbersOf(theirs, segments));
  }
  await compareOverview(comparing, segmentsOf);
}

const rowNumbers = (row: ConversationRow): readonly unknown[] => [
  row.client,
  row.server,
  row.firstFrame,
  row.durationNs,
  row.segments,
  row.sent,
  row.received,
  row.marked,
  row.verdicts.reduce((sum, [, n]) => sum + n, 0),
  row.spark.reduce((sum, n) => sum + n, 0) >= row.segments,
];

function numbersOf(c: Conversation, segments: readonly ToldSegment[]): readonly unknown[] {
  const names = segments.flatMap(({ verdicts }) => (verdicts === "" ? [] : verdicts.split(",")));
  return [
    c.client,
    c.server,
    c.firstFrame,
    c.durationNs,
    c.toServer.segments + c.toClient.segments,
    c.toServer.payloadBytes,
    c.toClient.payloadBytes,
    segments.filter(({ verdicts }) => verdicts !== "").length,
    names.length,
    true,
  ];
}

const sum = (bins: Uint32Array): number => bins.reduce((a, b) => a + b, 0);

async function compareOverview(
  comparing: Comparing,
  segmentsOf: ReadonlyMap<number, readonly ToldSegment[]>,
): Promise<void> {
  const overview = await comparing.ask("overview", { bins: 100 });
  const all = [...segmentsOf.values()].flat();
  comparing.same(
    "overview",
    [overview.total, sum(overview.segments), sum(overview.marked)],
    [segmentsOf.size, all.length, all.filter(({ verdicts }) => verdicts !== "").length],
  );
}

/** A capture whose clock jumped by decades has times beyond 2^53 ns, which lose their last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) =>
      typeof v === "number" ? Number(v.toPrecision(6)) : v,
    ),
  );

/** All findings; and the frames at which the viewer stops for verdicts. */
export async function compareFindings(comparing: Comparing): Promise<void> {
  const { told, isExact } = comparing;
  const found = await comparing.ask("findings", { stream: null });
  const shown = isExact ? (v: unknown) => v : rounded;
  comparing.same("findings", shown(found), shown(told.findings));
  const stops: number[] = [];
  for (let frame = 0; ;) {
    frame = await comparing.ask("nextVerdict", { frame, step: 1, stream: null });
    if (frame === 0) break;
    stops.push(frame);
  }
  const marked = told.frames.filter(({ segment }) => (segment?.verdicts ?? "") !== "");
  comparing.sameList(
    "stops",
    stops,
    marked.map(({ frame }) => frame),
  );
}

/** What `seqack story` tells of a connection, its states, and how many bytes each end sent. */
export async function compareStory(
  comparing: Comparing,
  stream: number,
  segments: readonly ToldSegment[],
): Promise<void> {
  const { trace } = comparing.told;
  const story = await comparing.ask("story", { stream });
  comparing.same(
    `story of stream ${stream}`,
    story,
    tellStory(trace, stream, attributeCalls(trace)),
  );
  const path = await comparing.ask("states", { stream });
  const track = trackStates(trace, stream);
  comparing.same(
    `states of stream ${stream}`,
    [path?.initial, path?.client, path?.server],
    [track.initial, track.client, track.server],
  );
  comparing.sameList(
    `frames of the states of stream ${stream}`,
    [...(path?.frames ?? [])],
    segments.map(({ frame }) => frame),
  );
}

/** The byte streams against the sums that the story and the conversations have. */
export async function compareBytes(
  comparing: Comparing,
  stream: number,
  measures: Conversation | undefined,
): Promise<void> {
  const { trace } = comparing.told;
  const sums = await comparing.ask("byteSums", { stream });
  const { dirs, elsewhere } = streamBytes(trace, stream);
  for (const dir of [0, 1] as const) {
    const of = `bytes of stream ${stream}/${dir}`;
    const ours = sums?.[dir];
    if (ours === undefined) return comparing.same(of, null, "some");
    const { newBytes, sent, fin, finAt, probes, resentSegments, isFromStart } = dirs[dir];
    comparing.same(of, [ours.again, ours.isFromStart], [resentSegments, isFromStart]);
    const downloaded = await downloadedOf(comparing, stream, dir);
    comparing.same(`${of}, downloaded`, downloaded, ours.bytes);
    const isWhole = trace.rowsOf(stream).every((row) => isCaptured(trace, row));
    if (!isWhole) continue;
    // Bytes from before the first number: the page has them, the story counts them as sent again or not.
    if (ours.from < 0) continue;
    comparing.same(`${of}, told`, ours.bytes, newBytes);
    if (newBytes > 0) comparing.same(`${of}, end`, ours.to, Math.max(sent, fin === -1 ? 0 : finAt));
    const measured = dir === 0 ? measures?.toServer : measures?.toClient;
    // A probe's byte is none of the story's, and a byte of the wire all the same; so are copies of a
    // connection that a firewall renumbered.
    if (probes.length > 0 || elsewhere.size > 0) continue;
    comparing.same(`${of}, measured`, ours.bytes, measured?.uniqueBytes);
  }
}

function isCaptured(trace: Trace, row: number): boolean {
  const { capLen, origLen } = trace.packets.columns;
  const packet = trace.segments.columns.packet[row]!;
  return capLen[packet]! >= origLen[packet]!;
}

async function downloadedOf(comparing: Comparing, stream: number, dir: 0 | 1): Promise<number> {
  let bytes = 0;
  for (let from: number | null = -Infinity; from !== null;) {
    const block: ByteBlock = await comparing.ask("byteBlock", { stream, dir, from });
    bytes += block.bytes.length;
    from = block.next;
  }
  return bytes;
}
