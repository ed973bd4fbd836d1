import { expect, test } from "vitest";
import type { RecordedEvent } from "../../../pcap/event.ts";
import { packetOf } from "../../../testing/packets.ts";
import { sampleAt } from "../../../testing/samples.ts";
import { Recording } from "../recording.ts";
import type { Graph, GraphKind, GraphSeries, SeriesName } from "./graph.ts";
import { Graphs } from "./graphs.ts";

function graphsOf(lines: readonly string[], events: readonly RecordedEvent[] = []): Graphs {
  const recording = new Recording();
  lines.forEach((line, i) => recording.sink.onPacket(packetOf(line, i + 1)));
  recording.sink.onEvents?.(events);
  recording.changed();
  recording.end();
  return new Graphs(recording, () => Promise.resolve());
}

const { signal } = new AbortController();

async function picture(graphs: Graphs, kind: GraphKind, dir: 0 | 1 | null = null): Promise<Graph> {
  const graph = await graphs.picture({ stream: 0, kind, dir, range: null, columns: 100 }, signal);
  if (graph === null) throw new RangeError("there is no such stream");
  return graph;
}

const series = ({ series: all }: Graph, name: SeriesName): GraphSeries =>
  all.find((one) => one.name === name)!;

/** Millisecond, from, to. */
const pointsOf = ({ x, lo, hi }: GraphSeries): number[][] =>
  [...x].map((time, i) => [time / 1e6, lo[i]!, hi[i]!]);

const HANDSHAKE = [
  "0 > S 100 win 65535 mss 1460 sackOK",
  "1 < S. 300 ack 101 win 65535 mss 1460 sackOK",
  "2 > . 101 ack 301 win 65535",
];
const LOSSY = [
  ...HANDSHAKE,
  "3 > P. 101:111(10) ack 301 win 65535",
  "4 > P. 121:131(10) ack 301 win 65535",
  "5 < . 301 ack 111 win 5000 sack 121 131",
  "300 > P. 111:121(10) ack 301 win 65535",
  "301 < . 301 ack 131 win 5000",
];

test("bytes over time: data, what was sent again, SACK, acknowledgements and the window", async () => {
  const graph = await picture(graphsOf(LOSSY), "sequence");
  expect(graph.ends).toEqual(["10.0.0.1:40000", "10.0.0.2:80"]);
  expect([graph.dir, graph.span]).toEqual([0, [0, 301e6]]);
  expect(pointsOf(series(graph, "data"))).toEqual([
    [3, 1, 11],
    [4, 21, 31],
  ]);
  expect(pointsOf(series(graph, "again"))).toEqual([[300, 11, 21]]);
  expect(pointsOf(series(graph, "sack"))).toEqual([[5, 21, 31]]);
  expect([...series(graph, "ack").lo]).toEqual([1, 11, 31]);
  expect([...series(graph, "edge").lo]).toEqual([5011, 5031]);
  expect([...series(graph, "again").bits]).not.toContain(0);
});

test("each byte counts once for goodput, and all of them for throughput", async () => {
  const graph = await picture(
    graphsOf([...LOSSY, "302 > P. 111:121(10) ack 301 win 65535"]),
    "throughput",
  );
  const bytes = (name: SeriesName): number =>
    series(graph, name).lo.reduce((sum, rate) => sum + (rate * graph.binNs) / 8e9, 0);
  expect([bytes("throughput"), bytes("goodput")].map((n) => Math.round(n * 1e6) / 1e6)).toEqual([
    40, 30,
  ]);
});

const pacingOf = async (graphs: Graphs, dir: 0 | 1): Promise<number[][]> =>
  pointsOf(series(await picture(graphs, "throughput", dir), "pacing"));

test("the rate that its stack paces by lies beside them, in bits a second, where samples tell it", async () => {
  const samples = [
    sampleAt(2),
    sampleAt(3, { pacingRate: 125_000 }),
    sampleAt(5, { pacingRate: 250_000 }),
  ];
  const graphs = graphsOf(LOSSY, samples);
  expect(await pacingOf(graphs, 0)).toEqual([
    [3, 1e6, 1e6],
    [5, 2e6, 2e6],
  ]);
  expect(await pacingOf(graphs, 1)).toEqual([]);
  expect(await pacingOf(graphsOf(LOSSY), 0)).toEqual([]);
  const rows = await graphs.rows(
    { stream: 0, kind: "throughput", dir: 0, series: "pacing", from: 1, count: 5 },
    signal,
  );
  expect([rows.total, rows.points.map(({ lo }) => lo)]).toEqual([2, [2e6]]);
});

test("bytes count from behind the SYN: its own data, what came before the first, a reset's words", async () => {
  const graphs = graphsOf([
    "0 > S 100:105(5) win 100",
    "1 < S. 300 ack 101 win 100",
    "2 > P. 111:121(10) ack 301 win 100",
    "3 > P. 101:111(10) ack 301 win 100",
    "4 > R. 121:124(3) ack 301 win 100",
  ]);
  const { series: all, binNs } = await picture(graphs, "throughput");
  const area = (lo: Float64Array): number => lo.reduce((sum, rate) => sum + rate * binNs, 0) / 8e9;
  expect(all.slice(0, 2).map(({ lo }) => Math.round(area(lo)))).toEqual([28, 23]);
  const graph = await picture(graphs, "sequence");
  expect(pointsOf(series(graph, "data"))[0]).toEqual([0, 1, 6]);
});

test("round trips are those of the segments, bytes in flight too", async () => {
  const graphs = graphsOf(LOSSY);
  expect(pointsOf(series(await picture(graphs, "rtt"), "rtt")).slice(0, 2)).toEqual([
    [1, 1e6, 1e6],
    [5, 2e6, 2e6],
  ]);
  const graph = await picture(graphs, "window");
  expect(pointsOf(series(graph, "flight")).map(([at, bytes]) => [at, bytes])).toContainEqual([
    3, 10,
  ]);
  expect([...series(graph, "room").lo]).toEqual([5000, 5000]);
});

test("the other direction has its own bytes, and an empty one no points", async () => {
  const graph = await picture(graphsOf(LOSSY), "sequence", 1);
  expect([graph.dir, series(graph, "data").total, series(graph, "control").total]).toEqual([
    1, 0, 1,
  ]);
});

test("numbers that wrap go on; those without a handshake are counted from the first", async () => {
  const graph = await picture(
    graphsOf([
      "0 > P. 4294967290:4294967300(10) ack 1 win 100",
      "1 > P. 4:14(10) ack 1 win 100",
      "2 < . 1 ack 14 win 100",
    ]),
    "sequence",
  );
  expect(pointsOf(series(graph, "data"))).toEqual([
    [0, 1, 11],
    [1, 11, 21],
  ]);
  expect([...series(graph, "ack").lo]).toEqual([21]);
});

test("a clock that goes back puts the segments where they say they belong", async () => {
  const graph = await picture(
    graphsOf([...HANDSHAKE, "9 > . 101:111(10) ack 301 win 1", "5 > . 111:121(10) ack 301 win 1"]),
    "sequence",
  );
  expect(pointsOf(series(graph, "data")).map(([time]) => time)).toEqual([5, 9]);
});

test("the point under the pointer has its segment's numbers; a frame has its points; a series its rows", async () => {
  const graphs = graphsOf(LOSSY);
  const of = { stream: 0, kind: "sequence", dir: null } as const;
  const place = { time: 4.2e6, value: 25, perX: 1e5, perY: 1, hidden: [] };
  const point = await graphs.near({ ...of, ...place }, signal);
  expect(point).toMatchObject({
    series: "data",
    time: 4e6,
    segment: { frame: 5, relSeq: 21, relAck: 1, len: 10 },
  });
  const far = { ...place, value: 1e9 };
  expect(await graphs.near({ ...of, ...far }, signal)).toBeNull();
  const points = await graphs.pointsOf({ ...of, frame: 6 }, signal);
  expect(points.map((p) => [p.series, p.lo])).toEqual([
    ["edge", 5011],
    ["sack", 21],
    ["ack", 11],
  ]);
  const rows = await graphs.rows({ ...of, series: "data", from: 1, count: 99 }, signal);
  expect([rows.total, rows.points.map((p) => p.segment?.frame)]).toEqual([2, [5]]);
});

test("no stream, a refused one, one segment: nothing breaks", async () => {
  const graphs = graphsOf(["0 > S 100 win 1"]);
  expect(
    await graphs.picture({ stream: 9, kind: "rtt", dir: null, range: null, columns: 9 }, signal),
  ).toBeNull();
  for (const kind of ["sequence", "rtt", "throughput", "window"] as const) {
    const graph = await picture(graphs, kind);
    expect(graph.range[1]).toBeGreaterThan(graph.range[0]);
  }
});
