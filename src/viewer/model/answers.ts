/**
 * Answers the page's questions about a recording.
 *
 * @module
 */
import { stateSteps } from "../../analysis/state-steps.ts";
import { STATES, trackStates } from "../../analysis/states.ts";
import { type Story, tellStory } from "../../analysis/story.ts";
import { ANY_VERDICT } from "../../analysis/verdicts/verdict.ts";
import { text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { FilterError } from "../../pcap/filter/error.ts";
import { Flag } from "../../wire/tcp.ts";
import { ByteStreams } from "./bytes/byte-streams.ts";
import { ConversationList } from "./conversation-list.ts";
import { FindingsOf } from "./findings.ts";
import { Filtering, indexOfRow } from "./filtering.ts";
import { causeWords } from "./cause-words.ts";
import { frameDetails, reasonsOf } from "./frame-details.ts";
import { gather } from "./gather.ts";
import { Graphs } from "./graph/graphs.ts";
import { ladderOf } from "./ladder.ts";
import { overviewOf } from "./overview.ts";
import type { Asking, Problem, Question, Questions, StatePath } from "./protocol.ts";
import { ReadAgainError } from "./read-again-error.ts";
import type { Recording } from "./recording.ts";
import { rowPage } from "./rows.ts";
import { streamColumns } from "./stream-columns.ts";

/** Rows and conversations of one answer: a page that asks for more gets this many. */
const MAX_ROWS = 8192;
const MAX_CONVERSATIONS = 1024;
/** Segments of a stream in one answer: 60 bytes each. */
const MAX_SEGMENTS = 2 ** 21;

/** Frames that a sentence names. */
const MAX_FRAMES = 10_000;

/** Packets that a filter looks at before it pauses. */
const FILTER_STEP = 20_000;

/** What answering may use of the world outside. */
export interface Pauses {
  /** Lets everything that waits have its turn. */
  pause(): Promise<void>;
  /** Told while a filter is at work. */
  filtering(done: number, total: number, matches: number): void;
  /** Told when much memory has been given up. */
  released?(): void;
}

/** Which view asks, where it is one whose answers take much memory on the way or keep much. */
const VIEW_OF: Partial<Record<Question, string>> = {
  byteSums: "bytes",
  byteRows: "bytes",
  byteSpot: "bytes",
  byteFind: "bytes",
  byteBlock: "bytes",
  graph: "graphs",
  graphNear: "graphs",
  graphPoints: "graphs",
  graphRows: "graphs",
  ladder: "ladder",
  states: "states",
  story: "story",
  findings: "story",
};

/** Those that are worked out anew each time, from all of a connection. */
const HEAVY: ReadonlySet<Question> = new Set(["ladder", "states", "story", "findings"]);

/** Packets of a recording from which on memory given up is worth a word. */
const MANY_PACKETS = 100_000;

/** One recording's answers; remembers the filter and the order of the conversations. */
export class Answers {
  readonly #recording: Recording;
  readonly #pauses: Pauses;
  readonly #conversations: ConversationList;
  readonly #findings: FindingsOf;
  readonly #graphs: Graphs;
  readonly #bytes: ByteStreams;
  #filter: Filtering | null = null;
  /** The last one of {@link VIEW_OF} that asked. */
  #view = "";

  constructor(recording: Recording, pauses: Pauses) {
    this.#recording = recording;
    this.#pauses = pauses;
    this.#conversations = new ConversationList(recording);
    const pause = (): Promise<void> => pauses.pause();
    const released = (): void => this.#released();
    this.#bytes = new ByteStreams(recording, released);
    this.#findings = new FindingsOf(recording, pause, released);
    this.#graphs = new Graphs(recording, pause, released);
  }

  /** The answer to any question. @throws {FilterError}, and what `signal` was aborted with. */
  async answer(asking: Asking, signal: AbortSignal): Promise<Questions[Question]["answer"]> {
    const view = VIEW_OF[asking.question] ?? this.#view;
    const isOther = view !== this.#view;
    if (isOther) this.#enter(view);
    const answer = await this.#answer(asking, signal);
    if (isOther || HEAVY.has(asking.question)) this.#released();
    return answer;
  }

  /** What the view before has kept goes before the next one begins; it can be made again. */
  #enter(view: string): void {
    this.#view = view;
    if (view !== "bytes") this.#bytes.forget();
    if (view !== "graphs") this.#graphs.forget();
    this.#released();
  }

  #released(): void {
    if (this.#recording.trace.packets.length >= MANY_PACKETS) this.#pauses.released?.();
  }

  async #answer(asking: Asking, signal: AbortSignal): Promise<Questions[Question]["answer"]> {
    const recording = this.#recording;
    switch (asking.question) {
      case "rows": {
        const { from, count, filtered } = asking.ask;
        return rowPage(recording, from, Math.min(count, MAX_ROWS), this.#passed(filtered));
      }
      case "rowOfFrame":
        return this.#rowOfFrame(asking.ask.frame, asking.ask.filtered);
      case "rowOfTime":
        return this.#rowOfTime(asking.ask.time, asking.ask.filtered);
      case "filter":
        return await this.#applyFilter(asking.ask.text, signal);
      case "frame":
        return frameDetails(recording, asking.ask.frame);
      case "reasons":
        return await reasonsOf(recording, asking.ask.frame, this.#pauseFor(signal));
      case "conversations": {
        const count = Math.min(asking.ask.count, MAX_CONVERSATIONS);
        return this.#conversations.page({ ...asking.ask, count });
      }
      case "rowOfStream":
        return this.#conversations.rowOf(asking.ask, asking.ask.stream);
      case "stream": {
        const { stream, from, count } = asking.ask;
        return streamColumns(recording, stream, from, Math.min(count, MAX_SEGMENTS));
      }
      case "byteSums":
        return await this.#bytes.sums(asking.ask.stream, this.#pauseFor(signal));
      case "byteRows": {
        const { from, count } = asking.ask;
        return await this.#bytes.rows(asking.ask, from, count, this.#pauseFor(signal));
      }
      case "byteSpot":
        return await this.#bytes.spot(asking.ask, asking.ask.frame, this.#pauseFor(signal));
      case "byteFind":
        return await this.#findBytes(asking.ask, signal);
      case "byteBlock":
        return await this.#bytes.block(asking.ask, this.#pauseFor(signal));
      case "byteOwners": {
        const { stream, dir, at } = asking.ask;
        return await this.#bytes.owners(stream, dir, at, this.#pauseFor(signal));
      }
      case "story":
        return storyOf(recording, asking.ask.stream);
      case "findings":
        return await this.#findings.about(asking.ask.stream);
      case "nextFinding": {
        const { frame, step, stream } = asking.ask;
        return await this.#findings.next(frame, step, stream);
      }
      case "states":
        return statePath(recording, asking.ask.stream);
      case "overview":
        return overviewOf(recording, asking.ask.bins);
      case "graph":
        return await this.#graphs.picture(asking.ask, signal);
      case "graphNear":
        return await this.#graphs.near(asking.ask, signal);
      case "graphPoints":
        return await this.#graphs.pointsOf(asking.ask, signal);
      case "graphRows":
        return await this.#graphs.rows(asking.ask, signal);
      case "neighbour":
        return neighbour(recording, asking.ask);
      case "ladder":
        return ladderOf(recording, asking.ask.stream, () => this.#released());
      case "nextVerdict":
        return nextVerdict(recording, asking.ask);
    }
  }

  /** Packets were added: the filter goes on with them. */
  grow(): void {
    if (this.#filter === null || !this.#isFilterDone) return;
    while (this.#filter.advance(this.#recording, FILTER_STEP));
  }

  #isFilterDone = false;

  /** A pause that ends the work when nobody waits for its answer any more. */
  #pauseFor(signal: AbortSignal): () => Promise<void> {
    return async () => {
      await this.#pauses.pause();
      if (signal.aborted) throw signal.reason;
    };
  }

  #passed(filtered: boolean): Uint32Array | null {
    return filtered && this.#filter !== null ? this.#filter.rows : null;
  }

  #rowOfFrame(frame: number, filtered: boolean): number {
    const { trace } = this.#recording;
    const packet = trace.packetOfFrame(frame);
    const passed = this.#passed(filtered);
    if (packet === null || passed === null) return packet ?? -1;
    return passed.length === 0 ? -1 : Math.min(indexOfRow(passed, packet), passed.length - 1);
  }

  #rowOfTime(from: number, filtered: boolean): number {
    const { time } = this.#recording.trace.packets.columns;
    const passed = this.#passed(filtered);
    const rows = passed?.length ?? this.#recording.trace.packets.length;
    for (let row = 0; row < rows; row++) {
      if (time[passed === null ? row : passed[row]!]! >= from) return row;
    }
    return -1;
  }

  async #findBytes(
    ask: Questions["byteFind"]["ask"],
    signal: AbortSignal,
  ): Promise<Questions["byteFind"]["answer"]> {
    const { stream, dir, pattern, from } = ask;
    const pause = this.#pauseFor(signal);
    const offset = await this.#bytes.find(stream, dir, pattern, from, pause);
    if (offset === -1) return null;
    return { offset, row: await this.#bytes.rowOf(ask, offset, pause) };
  }

  async #applyFilter(words: string, signal: AbortSignal): Promise<{ readonly matches: number }> {
    const { trace } = this.#recording;
    const filter = words.trim() === "" ? null : new Filtering(words);
    this.#filter = filter;
    this.#isFilterDone = false;
    if (filter === null) return { matches: trace.packets.length };
    while (filter.advance(this.#recording, FILTER_STEP)) {
      this.#pauses.filtering(filter.done, trace.packets.length, filter.matches);
      await this.#pauses.pause();
      if (signal.aborted) throw signal.reason;
    }
    this.#isFilterDone = this.#filter === filter;
    return { matches: filter.matches };
  }
}

function storyOf({ trace, calls }: Recording, stream: number): Story | null {
  if (stream >= trace.streams) return null;
  const story = tellStory(trace, stream, calls);
  const sections = story.sections.map((section) => ({
    ...section,
    sentences: section.sentences.map((said) => ({
      ...said,
      frames: said.frames.slice(0, MAX_FRAMES),
    })),
  }));
  return { ...story, sections };
}

function statePath({ trace }: Recording, stream: number): StatePath | null {
  if (stream >= trace.streams) return null;
  const track = trackStates(trace, stream);
  const rows = trace.rowsOf(stream);
  const frames = gather(new Uint32Array(rows.length), rows, (row) => trace.frameOf(row));
  const steps = stateSteps(trace, stream, track);
  const isFromStart = rows.length > 0 && (trace.segments.columns.flags[rows[0]!]! & Flag.SYN) !== 0;
  return { names: STATES, ...track, frames, steps, isFromStart };
}

function neighbour(
  { trace }: Recording,
  { stream, frame, step }: Questions["neighbour"]["ask"],
): number {
  const rows = stream < trace.streams ? trace.rowsOf(stream) : new Uint32Array(0);
  const row = trace.segmentOfFrame(frame);
  const at = row === null ? -1 : indexOfRow(rows, row);
  const isOf = row !== null && rows[at] === row;
  const next = rows[isOf ? at + step : step === 1 ? 0 : rows.length - 1];
  return next === undefined ? 0 : trace.frameOf(next);
}

function nextVerdict(
  { trace, verdicts }: Recording,
  { frame, step, stream }: Questions["nextVerdict"]["ask"],
): number {
  const bits = verdicts.columns.verdicts;
  const streams = trace.segments.columns.stream;
  const { frame: frames } = trace.packets.columns;
  const { packet } = trace.segments.columns;
  const { length } = trace.segments;
  let low = 0;
  let high = length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (frames[packet[mid]!]! < frame) low = mid + 1;
    else high = mid;
  }
  const isHere = low < length && frames[packet[low]!] === frame;
  for (
    let row = step < 0 ? low - 1 : low + (isHere ? 1 : 0);
    row >= 0 && row < length;
    row += step
  ) {
    if ((bits[row]! & ANY_VERDICT) === 0) continue;
    if (stream === null || streams[row] === stream) return trace.frameOf(row);
  }
  return 0;
}

/** What was thrown, as a value for the page. */
export function problemOf(error: unknown): Problem {
  const why = visible(error instanceof Error ? error.message : String(error));
  if (error instanceof FilterError) {
    const plain = why.replace(/^Cannot read filter: /, "");
    return {
      text: text(plain, `无法读懂过滤器：${causeWords(plain).zh}`),
      position: error.position,
      length: error.length,
    };
  }
  const words = error instanceof ReadAgainError ? error.words : text(why, why);
  return { text: words, position: null, length: 0 };
}
