import { expect, test } from "vitest";
import type { Conversation } from "../analysis/conversations/conversation.ts";
import { ConversationTracker } from "../analysis/conversations/tracker.ts";
import { VerdictAnalyzer } from "../analysis/verdicts/analyzer.ts";
import type { Lang } from "../base/lang.ts";
import { packetOf } from "../testing/packets.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { formatConversation } from "./conversation-block.ts";
import { CONVERSATION_FIELDS, conversationJson, conversationRow } from "./conversation-fields.ts";
import { formatConversationTable } from "./conversation-table.ts";
import { byteCount, percent } from "./conversation-units.ts";
import { textWidth } from "./wrap.ts";

const LINES = [
  "0 > S 100 win 1000 mss 1460 wscale 2",
  "10 < S. 300 ack 101 win 1000 mss 1000 wscale 3",
  "12 > . 101 ack 301 win 1000",
  "20 > P. 101:201(100) ack 301 win 1000",
  "31 < . 301 ack 201 win 0",
  "40 < P. 301:1301(1000) ack 201 win 900",
  "300 < P. 301:1301(1000) ack 201 win 900",
  "301 > . 201 ack 1301 win 1000",
  "310 > F. 201 ack 1301 win 1000",
  "320 < F. 1301 ack 202 win 900",
];

function conversationsOf(lines: readonly string[]): Conversation[] {
  const analyzer = new VerdictAnalyzer();
  const conversations = new ConversationTracker();
  const tracker = new SegmentTracker({
    onSegment: (s) => conversations.note(s, analyzer.analyze(s)),
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  conversations.end();
  return [...conversations.ended];
}

const [ONE] = conversationsOf(LINES);

test("one line a connection where there is room", () => {
  expect(formatConversationTable([ONE!], { lang: "en" })).toBe(
    [
      "#  client           server       → data   ← data  duration      RTT  retr.     end\n",
      "0  10.0.0.1:40000 → 10.0.0.2:80   100 B  2,000 B    320 ms  12.0 ms      1  closed\n",
    ].join(""),
  );
});

test("the server on a line of its own in a narrow terminal, where no line is too long", () => {
  const table = formatConversationTable([ONE!], { lang: "en", columns: 70 });
  expect(table).toBe(
    [
      "#  client → server  → data   ← data  duration      RTT  retr.     end\n",
      "0  10.0.0.1:40000    100 B  2,000 B    320 ms  12.0 ms      1  closed\n",
      "   → 10.0.0.2:80\n",
    ].join(""),
  );
});

const far = {
  client: "[2001:db8:1111:2222:3333:4444:5555:6666]:50000",
  server: "[2001:db8::1]:443",
};

test.each<[Lang, number]>([
  ["en", 80],
  ["zh", 80],
  ["en", 120],
  ["zh", 120],
])("long addresses, %s in %i columns", (lang, columns) => {
  const table = formatConversationTable([ONE!, { ...ONE!, ...far, stream: 12_345 }], {
    lang,
    columns,
  });
  for (const line of table.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(columns);
});

test("in words, in both languages", () => {
  expect(formatConversation(ONE!, { lang: "en" })).toMatchSnapshot("en");
  expect(formatConversation(ONE!, { lang: "zh" })).toMatchSnapshot("zh");
});

test("fields are called as the path in the JSON", () => {
  const json: unknown = JSON.parse(conversationJson(ONE!));
  const row = conversationRow(ONE!, CONVERSATION_FIELDS).split("\t");
  for (const [i, { name }] of CONVERSATION_FIELDS.entries()) {
    let value: unknown = json;
    for (const key of name.split(".")) value = Reflect.get(Object(value), key);
    const shown = value === undefined && name.includes(".verdicts.") ? 0 : (value ?? "");
    const cell = typeof shown === "string" ? shown : JSON.stringify(Number(shown));
    expect([name, row[i]]).toEqual([name, cell]);
  }
});

test("bytes and shares as people read them", () => {
  expect([0, 9999, 10_000, 12_345, 999_950, 4_560_000, 2e12].map(byteCount)).toEqual([
    "0 B",
    "9,999 B",
    "10.0 kB",
    "12.3 kB",
    "1.00 MB",
    "4.56 MB",
    "2.00 TB",
  ]);
  expect([0, 0.00001, 0.0027, 0.0123, 0.5].map(percent)).toEqual([
    "0.00 %",
    "< 0.01 %",
    "0.27 %",
    "1.2 %",
    "50 %",
  ]);
});
