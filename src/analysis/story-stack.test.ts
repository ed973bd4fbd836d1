import { expect, test } from "vitest";
import type { DecisionEvent, RecordedEvent } from "../pcap/event.ts";
import { packetOf, TEST_EPOCH } from "../testing/packets.ts";
import { sampleAt } from "../testing/samples.ts";
import { TraceBuilder } from "../trace/builder.ts";
import { tellStory } from "./story.ts";

const MS = 1_000_000;
const MSS = 1000;

const LINES = [
  "0 > S 100 mss 1460",
  "10 < S. 300 ack 101 mss 1460",
  "10 > . 101 ack 301",
  "10 > P. 101:1101(1000) ack 301",
  "20 > P. 1101:2101(1000) ack 301",
  "40 < . 301 ack 1101",
  "60 > P. 1101:2101(1000) ack 301",
];

const CLIENT = { local: "10.0.0.1:40000", remote: "10.0.0.2:80" };
const SERVER = { local: CLIENT.remote, remote: CLIENT.local };

function decision(
  ms: number,
  act: DecisionEvent["act"],
  why: string,
  change: Partial<DecisionEvent> = {},
): DecisionEvent {
  const segment = { seq: null, len: null, sent: null };
  return {
    kind: "decision",
    by: "stack",
    act,
    time: at(ms),
    ...CLIENT,
    why,
    ...segment,
    ...change,
  };
}

const at = (ms: number): bigint => TEST_EPOCH + BigInt(ms * MS);

const sent = (ms: number, why: string, seq: number): DecisionEvent =>
  decision(ms, "sent", why, { seq, len: 1000, sent: at(ms) });

/** The sentences of the section, in English and Chinese, with the frames that they name. */
function told(events: readonly RecordedEvent[]): { en: string[]; zh: string[]; frames: string[] } {
  const builder = new TraceBuilder();
  for (const [i, line] of LINES.entries()) builder.onPacket(packetOf(line, i + 1));
  builder.onEvents(events);
  const sections = tellStory(builder.build(), 0).sections;
  const sentences = sections.find((s) => s.kind === "stack")?.sentences ?? [];
  return {
    en: sentences.map((s) => s.text.en),
    zh: sentences.map((s) => s.text.zh),
    frames: sentences.map((s) => s.frames.join(" ")),
  };
}

const EVENTS = [
  sampleAt(10, {}),
  sent(10, "data", 101),
  decision(10, "limited", "cwnd"),
  sent(20, "data", 1101),
  decision(30, "limited", "window"),
  sampleAt(30, { cwnd: 16 * MSS }),
  decision(60, "timer", "retransmit"),
  decision(60, "recovery", "open -> loss: retransmission timeout"),
  sent(60, "timeout", 1101),
  sampleAt(60, { cwnd: MSS, ssthresh: 8 * MSS, recovery: "loss" }),
];

test("slow start, a timeout, and where cwnd ended", () => {
  const { en, zh, frames } = told(EVENTS);
  expect(en).toContain(
    "The client's congestion window (cwnd, reno) began with 10 segments of 1,000 bytes and grew to 16 in slow start, by what each acknowledgement confirmed.",
  );
  expect(en).toContain(
    "At 60.0 ms the client's retransmission timer fired: cwnd fell from 16 to 1, for slow start to begin again up to 8 segments (ssthresh).",
  );
  expect(frames[en.findIndex((s) => s.startsWith("At 60.0 ms"))]).toBe("7");
  expect(zh.join("")).toContain("cwnd 从 16 降到 1 个报文段，重新慢启动，直到 8 个（ssthresh）");
});

test("how fast it paced, where the recording says it", () => {
  const paced = [
    sampleAt(10, { pacingRate: 250_000 }),
    sent(10, "data", 101),
    sampleAt(30, { pacingRate: 1_000_000 }),
  ];
  const { en, zh } = told(paced);
  expect(en).toContain(
    "The client spaced its segments out (pacing) instead of sending them in bursts, at a rate of 2.00 Mbit/s to 8.00 Mbit/s.",
  );
  expect(zh.join("")).toContain("速率为 2.00 Mbit/s 到 8.00 Mbit/s");
  expect(told(EVENTS).en.join("")).not.toContain("pacing");
});

test("what held data back, in shares of the time", () => {
  const { en, zh } = told(EVENTS);
  expect(en).toContain(
    "From its first data to its last (50.0 ms), what the client wanted to send was held back: the server's window was the limit for 60 % and the congestion window (cwnd) for 40 % of the time.",
  );
  expect(zh.join("")).toContain("服务端的接收窗口占 60 %、拥塞窗口（cwnd）占 40 %");
});

test("a window that closed: for how long, and the probes", () => {
  const { en } = told([
    sampleAt(10, {}),
    sent(10, "data", 101),
    sampleAt(100, { sndWnd: 0 }),
    decision(150, "sent", "window-probe", { seq: 1100, len: 0, sent: at(150) }),
    sampleAt(300, { sndWnd: 20 * MSS }),
  ]);
  expect(en).toContain(
    "The server offered a window of 0 to 20,000 bytes; it was closed for 200 ms, in which the client could only ask (1 window probe).",
  );
});

test("the segments that the link lost are named", () => {
  const lost = decision(25, "dropped", "queue-full", {
    by: "link",
    seq: 1101,
    len: 1000,
    sent: at(20),
  });
  const { en, frames } = told([...EVENTS, lost]);
  const i = en.findIndex((s) => s.includes("on the link"));
  expect(en[i]).toBe("Of the client's segments on the link, 1 dropped at a full queue.");
  expect(frames[i]).toBe("5");
});

test("what the other end took nothing of", () => {
  const dropped = decision(30, "dropped", "outside the window", { ...SERVER, seq: 101, len: 1 });
  expect(told([...EVENTS, dropped]).en.at(-1)).toBe(
    "The server took nothing of 1 segment that came: 1 × outside the window.",
  );
});

test("a recording without such events, or with those of another connection, says nothing of it", () => {
  expect(told([]).en).toEqual([]);
  expect(told([{ ...sampleAt(0, {}), local: "10.0.0.9:1", remote: "10.0.0.8:2" }]).en).toEqual([]);
});

test("a file that plays tricks: escapes are shown as such, and a flood of events ends soon", () => {
  const evil = "\u001b[31m".repeat(100);
  const flood = Array.from({ length: 50_000 }, () => [
    decision(10, "recovery", `open -> recovery: ${evil}`),
    decision(10, "limited", evil),
    sent(10, evil, 101),
    decision(20, "dropped", evil, { by: "link", seq: 101, len: 1000, sent: at(10) }),
  ]);
  const { en, zh } = told([
    sampleAt(10, { congestion: evil }),
    ...flood.flat(),
    sampleAt(5, { congestion: evil, mss: 0, rtoNs: Number.MAX_SAFE_INTEGER }),
    sent(30, "data", 101),
  ]);
  expect(en.length).toBeGreaterThan(3);
  expect([...en, ...zh].join("")).not.toContain("\u001b");
});
