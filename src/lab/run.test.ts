import { expect, test } from "vitest";
import { sha1 } from "../base/sha1.ts";
import { CaptureReader } from "../pcap/reader.ts";
import type { RecordedEvent } from "../pcap/event.ts";
import { findScenario, SCENARIOS } from "./catalogue.ts";
import type { LabOptions } from "./options.ts";
import { runLab, type LabRun } from "./run.ts";

const MS = 1e6;

function run(name: string, options: LabOptions = {}): Promise<LabRun> {
  const scenario = findScenario(name);
  if (scenario === null) throw new RangeError(`Cannot run ${name}: there is no such scenario`);
  return runLab(scenario, options);
}

function eventsOf({ recordings }: LabRun): RecordedEvent[] {
  const all: RecordedEvent[] = [];
  const reader = new CaptureReader({
    onPacket: () => {},
    onEvents: (events) => all.push(...events),
  });
  reader.push(recordings[0].bytes);
  reader.end();
  return all;
}

test.each(SCENARIOS.map((s) => [s.name, s] as const))(
  "%s comes to its end, and its recording is read back whole",
  async (_, scenario) => {
    const { recordings, end, isDone } = await runLab(scenario);
    const warnings: string[] = [];
    let packets = 0;
    const reader = new CaptureReader({
      onPacket: () => void packets++,
      onWarning: ({ message }) => void warnings.push(message),
    });
    reader.push(recordings[0].bytes);
    reader.end();
    expect({ end, isDone, packets, warnings }).toEqual({
      end: "quiet",
      isDone: true,
      packets: recordings[0].packets,
      warnings: [],
    });
  },
);

test("the same seed gives the same recording to the byte, another seed another one", async () => {
  const link = { loss: { name: "uniform", p: 0.05 }, jitterNs: 3 * MS } as const;
  const once = async (seed: number): Promise<string> => {
    const { recordings } = await run("lossy", { seed, bytes: 200_000, up: link, down: link });
    return sha1(recordings[0].bytes).join(" ");
  };
  const [a, b, c] = [await once(7), await once(7), await once(8)];
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});

test("names and words of scenarios are told apart, and in both languages", () => {
  expect(new Set(SCENARIOS.map((s) => s.name)).size).toBe(SCENARIOS.length);
  for (const { name, title, shows, article, look } of SCENARIOS) {
    expect(name).toMatch(/^[a-z][a-z-]+$/);
    for (const words of [title, shows, article, look]) {
      expect(words.zh).toMatch(/\p{Script=Han}/u);
      expect(words.en).not.toMatch(/\p{Script=Han}/u);
    }
  }
});

test("each packet that a host sends has its decision, with a reason", async () => {
  const result = await run("lossy", { at: "both", bytes: 100_000 });
  const sent = eventsOf(result).filter((e) => e.kind === "decision" && e.act === "sent");
  const { up, down } = result;
  expect(sent).toHaveLength(up.offered + down.offered);
});

test("what the link lost is in the recording, one event each", async () => {
  const result = await run("bulk", { bytes: 500_000, up: { queue: { packets: 8 } } });
  const lost = eventsOf(result).filter((e) => e.kind === "decision" && e.by === "link");
  expect(result.up.queueFull).toBeGreaterThan(0);
  expect(lost).toHaveLength(result.up.queueFull);
});

test("captured at both machines: two recordings, each with the packets that passed there", async () => {
  const { recordings, up, down } = await run("lossy", { at: "both", bytes: 100_000 });
  expect(recordings.map((r) => r.at)).toEqual(["client", "server"]);
  expect(recordings.map((r) => r.packets)).toEqual([
    up.offered + down.arrived,
    up.arrived + down.offered,
  ]);
});

test("a run that would go on is cut off", async () => {
  const { end, isDone, recordings } = await run("crash", { untilMs: 10_000 });
  expect({ end, isDone }).toEqual({ end: "deadline", isDone: false });
  expect(recordings[0].lengthNs).toBeLessThanOrEqual(10e9);
});

test("over IPv6 the programs do the same", async () => {
  const { printed, isDone } = await run("reset", { ipv6: true });
  expect(isDone).toBe(true);
  expect(printed.map((p) => p.line.en)).toEqual([expect.stringContaining("[2001:db8::2]:8080")]);
});

test("an option that cannot be is refused", async () => {
  await expect(run("bulk", { up: { duplicate: 2 } })).rejects.toThrow(
    "Cannot make a link with a probability of 2",
  );
});
