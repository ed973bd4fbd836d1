/** The points of graphs against the fields that `seqack read` prints, and the sums against `seqack conversations`. */
import type { Conversation } from "../../../src/analysis/conversations/conversation.ts";
import { Flag } from "../../../src/wire/tcp.ts";
import type { GraphKind, GraphPoint, SeriesName } from "../../../src/viewer/model/graph/graph.ts";
import { showTime } from "../../../src/analysis/fields/field.ts";
import type { Comparing } from "./comparing.ts";
import type { ToldSegment } from "./told.ts";

/** Of a picture: as many as may be asked for. */
const COLUMNS = 8192;

const AGAIN = /retransmission/;
const SIGNS = /duplicate_ack|zero_window(?!_probe,|_probe$)|ack_lost_segment|keep_alive_ack/;

/** Points of a series, with their numbers as the wire has them. */
type Wanted = Readonly<Partial<Record<SeriesName, readonly string[]>>>;

/** Both directions of every graph that has points. */
export async function compareGraphs(
  comparing: Comparing,
  stream: number,
  segments: readonly ToldSegment[],
): Promise<void> {
  for (const dir of [0, 1] as const) {
    const counted = segments.filter((s) => s.isLenKnown);
    const sent = counted.filter((s) => s.dir === dir);
    const acks = counted.filter(
      (s) => s.dir !== dir && (s.flags & (Flag.ACK | Flag.RST)) === Flag.ACK,
    );
    await comparePoints(comparing, { stream, dir, kind: "sequence" }, sequenceOf(sent, acks));
    await comparePoints(comparing, { stream, dir, kind: "rtt" }, rttOf(acks));
    await comparePoints(comparing, { stream, dir, kind: "window" }, windowOf(sent, acks));
  }
}

/** Where its payload begins: a SYN takes the number before its data. */
const first = (s: ToldSegment): number =>
  (s.seq + ((s.flags & Flag.SYN) !== 0 && s.len > 0 ? 1 : 0)) >>> 0;
const bar = (s: ToldSegment): string => `#${s.frame} ${first(s)}+${s.len}`;
const isAgain = (s: ToldSegment): boolean => AGAIN.test(s.verdicts);
const isLate = (s: ToldSegment): boolean => !isAgain(s) && s.verdicts.includes("out_of_order");

function sequenceOf(sent: readonly ToldSegment[], acks: readonly ToldSegment[]): Wanted {
  const data = sent.filter((s) => s.len > 0);
  return {
    data: data.filter((s) => !isAgain(s) && !isLate(s)).map(bar),
    again: data.filter(isAgain).map(bar),
    late: data.filter(isLate).map(bar),
    ack: acks.map((s) => `#${s.frame} ${s.ack}+0`),
    edge: acks
      .filter((s) => (s.flags & Flag.SYN) === 0)
      .map((s) => `#${s.frame} ${(s.ack + s.window) >>> 0}+0`),
    sign: acks.filter((s) => SIGNS.test(s.verdicts)).map((s) => `#${s.frame} ${s.ack}+0`),
    control: sent
      .filter((s) => (s.flags & (Flag.SYN | Flag.FIN)) !== 0 && (s.flags & Flag.RST) === 0)
      .map((s) => `#${s.frame} ${(first(s) + s.len) >>> 0}+0`),
    sack: acks.flatMap(blocksOf),
  };
}

function blocksOf({ frame, sack }: ToldSegment): string[] {
  const [lefts, rights] = sack.split(" ").map((edges) => edges.split(",").map(Number));
  return sack === " "
    ? []
    : lefts!.flatMap((left, i) => {
        const len = (rights![i]! - left) | 0;
        return len > 0 ? [`#${frame} ${left}+${len}`] : [];
      });
}

function rttOf(acks: readonly ToldSegment[]): Wanted {
  const shown = acks.filter((s) => s.ackRtt !== "" && !s.ackRtt.startsWith("-"));
  return { rtt: shown.map((s) => `#${s.frame} ${s.ackRtt}`) };
}

function windowOf(sent: readonly ToldSegment[], acks: readonly ToldSegment[]): Wanted {
  return {
    flight: sent.filter((s) => s.flight > 0).map((s) => `#${s.frame} ${s.flight}+0`),
    room: acks.filter((s) => (s.flags & Flag.SYN) === 0).map((s) => `#${s.frame} ${s.window}+0`),
  };
}

async function comparePoints(
  comparing: Comparing,
  of: { readonly stream: number; readonly dir: 0 | 1; readonly kind: GraphKind },
  wanted: Wanted,
): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of Wanted
  for (const [series, commands] of Object.entries(wanted) as [SeriesName, readonly string[]][]) {
    if (series === "rtt" && !comparing.isExact) continue;
    const points: GraphPoint[] = [];
    for (let total = 1; points.length < total;) {
      const ask = { ...of, series, from: points.length, count: 1024 };
      const page = await comparing.ask("graphRows", ask);
      total = page.points.length === 0 ? 0 : page.total;
      points.push(...page.points);
    }
    const shown = points.filter((p) => series !== "control" || (p.segment!.flags & Flag.RST) === 0);
    comparing.sameList(
      `${of.kind} of stream ${of.stream}/${of.dir}, ${series}`,
      shown.map((p) => pointWords(p)).toSorted(),
      commands.toSorted(),
    );
  }
}

function pointWords({ series, segment, lo, hi }: GraphPoint): string {
  const frame = `#${segment!.frame}`;
  return series === "rtt"
    ? `${frame} ${showTime(BigInt(lo))}`
    : `${frame} ${(lo % 2 ** 32) >>> 0}+${hi - lo}`;
}

/** Areas under the rates of both directions against the bytes of the connection. */
export async function compareRates(
  comparing: Comparing,
  stream: number,
  measures: Conversation | undefined,
): Promise<void> {
  // Where times are not exact, bins of a microsecond may leave out a connection's last segments.
  if (!comparing.isExact) return;
  for (const dir of [0, 1] as const) {
    const ask = { stream, dir, kind: "throughput", range: null, columns: COLUMNS } as const;
    const graph = await comparing.ask("graph", ask);
    const area = (name: SeriesName): number => {
      const lo = graph?.series.find((series) => series.name === name)?.lo;
      const sum = lo?.reduce((all, rate) => all + rate, 0) ?? 0;
      return Math.round((sum * (graph?.binNs ?? 0)) / 8e9);
    };
    const sums = dir === 0 ? measures?.toServer : measures?.toClient;
    comparing.same(
      `bytes of stream ${stream}/${dir}: throughput, goodput`,
      [area("throughput"), area("goodput")],
      [sums?.payloadBytes, sums?.uniqueBytes],
    );
  }
}
