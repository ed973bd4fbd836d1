/**
 * Reads a capture again and again through the first stages of the pipeline, in one process that does
 * nothing else: what the compiler has learnt is then of that pipeline alone. Prints one line of JSON a pass.
 *
 * ```sh
 * node bench/analysis/pass.mjs STAGE FILE PASSES
 * node --cpu-prof --cpu-prof-dir=/tmp/prof bench/analysis/pass.mjs verdicts FILE 5   # open in Chromium's devtools
 * ```
 *
 * `SEQACK_DIST` names another compiled copy than `dist/`, so that two versions can be compared.
 */
import { pathToFileURL } from "node:url";

const [stage, file, passes = "1"] = process.argv.slice(2);
const told = process.env.SEQACK_DIST;
const dist =
  told === undefined ? new URL("../../dist/", import.meta.url) : pathToFileURL(`${told}/`);
const load = (path) => import(new URL(path, dist).href);

const { readCapture } = await load("node/input.js");

/** A stage behind the tracker: `take` gets each segment. */
async function behindTracker(take) {
  const { SegmentTracker } = await load("trace/tracker.js");
  let seen = 0;
  const onSegment = (s) => {
    take(s);
    seen++;
  };
  return { sink: new SegmentTracker({ onSegment }), count: () => seen };
}

async function newAnalyzer() {
  const { VerdictAnalyzer } = await load("analysis/verdicts/analyzer.js");
  return new VerdictAnalyzer();
}

/** Each stage with those it needs: a sink for the reader, the segments it has seen, and what is done at the end. */
const STAGES = {
  async read() {
    let seen = 0;
    return { sink: { onPacket: () => void seen++ }, count: () => seen };
  },
  async find() {
    const { findTcp, newPacketPath } = await load("wire/path.js");
    const path = newPacketPath();
    let seen = 0;
    const onPacket = (p) => {
      if (findTcp(p.view, p.at, p.capLen, p.origLen, p.linkType, path)) seen++;
    };
    return { sink: { onPacket }, count: () => seen };
  },
  async track() {
    const { SegmentTracker } = await load("trace/tracker.js");
    let seen = 0;
    return { sink: new SegmentTracker({ onSegment: () => void seen++ }), count: () => seen };
  },
  async verdicts() {
    const { SegmentTracker } = await load("trace/tracker.js");
    const analyzer = await newAnalyzer();
    let seen = 0;
    const sink = {
      onSegment(s) {
        analyzer.analyze(s);
        seen++;
      },
      onPlain(...plain) {
        if (!analyzer.passPlain(...plain)) return false;
        seen++;
        return true;
      },
    };
    return { sink: new SegmentTracker(sink), count: () => seen };
  },
  async causes() {
    const { CauseAnalyzer } = await load("analysis/causes/analyzer.js");
    const [analyzer, causes] = [await newAnalyzer(), new CauseAnalyzer()];
    return behindTracker((s) => {
      analyzer.analyze(s);
      causes.analyze(s);
    });
  },
  async findings() {
    const { FindingFinder } = await load("analysis/findings/finder.js");
    const [analyzer, finder] = [await newAnalyzer(), new FindingFinder()];
    const behind = await behindTracker((s) => finder.onSegment(s, analyzer.analyze(s)));
    return { ...behind, end: () => finder.finish() };
  },
  async conversations() {
    const { SegmentTracker } = await load("trace/tracker.js");
    const { AnalysisSink } = await load("analysis/analyze-sink.js");
    const sink = new AnalysisSink(false);
    const { ended } = sink.conversations;
    return {
      sink: new SegmentTracker(sink),
      count: () => sink.packets,
      // As somebody does who takes the rows from there.
      end() {
        while (sink.conversations.end(4096)) ended.clear();
      },
    };
  },
};

const makeStage = STAGES[stage];
if (makeStage === undefined)
  throw new RangeError(
    `Cannot measure ${stage}: it must be one of ${Object.keys(STAGES).join(", ")}`,
  );
for (let pass = 0; pass < Number(passes); pass++) {
  const { sink, count, end } = await makeStage();
  const wallBefore = performance.now();
  const cpuBefore = process.cpuUsage();
  const { error } = await readCapture(file, sink);
  end?.();
  const cpu = process.cpuUsage(cpuBefore);
  const wallMs = performance.now() - wallBefore;
  if (error !== null) throw error;
  const cpuMs = (cpu.user + cpu.system) / 1000;
  console.log(JSON.stringify({ wallMs, cpuMs, segments: count() }));
}
