/** Old segments played again, and timestamps that somebody chose (RFC 7323 §5; CVE-2005-0356). */
import { expect, test } from "vitest";
import {
  isOver,
  ours,
  OURS,
  PLAIN,
  theirs,
  THEIRS,
  victim,
  type Victim,
} from "../../testing/attacked.ts";
import { linux, type Profile } from "../tcp/profile.ts";

const DAY_MS = 86_400_000;
/** The peer's clock wraps too. */
const TS = 0xffff_fff0;
const ts = (n: number): number => (TS + n) >>> 0;

const ANSWER = `. ${OURS} ack ${THEIRS}`;

function stamped(profile: Profile = PLAIN): Victim {
  return victim({ profile: { ...profile, timestamps: true }, offer: `ts ${TS} 0` });
}

function reset(v: Victim, n: number): void {
  v.conversation.arrives(`R ${theirs(n)}`).is("CLOSED");
  expect(isOver(v, "reset")).toBe(true);
}

test("a segment from before the wrap is not taken although its number fits", () => {
  const v = stamped();
  v.conversation.arrives(`. ${THEIRS}:${theirs(100)}(100) ack ${OURS} ts ${ts(20)} 0`);
  v.conversation.arrives(`. ${theirs(100)}:${theirs(200)}(100) ack ${OURS} ts ${ts(21)} 0`);
  v.conversation.sends(`. ${OURS} ack ${theirs(200)}`);
  v.conversation.reads(1000, 200);
  v.conversation.arrives(`. ${theirs(200)}:${theirs(300)}(100) ack ${OURS} ts ${ts(19)} 0`);
  v.conversation.sends(`. ${OURS} ack ${theirs(200)}`).reads(1000, 0);
  expect(v.refused.take()).toEqual(["old timestamp"]);
  reset(v, 200);
});

test("a replay of the whole handshake and its data changes nothing", () => {
  const v = stamped();
  v.conversation.arrives(`. ${THEIRS}:${theirs(10)}(10) ack ${OURS} ts ${ts(30)} 0`).at(200);
  v.conversation.sends(`. ${OURS} ack ${theirs(10)}`);
  for (const line of [
    `S. ${theirs(-1)} ack ${OURS} ts ${TS} 0`,
    `. ${THEIRS}:${theirs(10)}(10) ack ${OURS} ts ${ts(20)} 0`,
    `F. ${theirs(10)} ack ${OURS} ts ${ts(20)} 0`,
  ])
    v.conversation
      .arrives(line)
      .sends(`. ${OURS} ack ${theirs(10)}`)
      .is("ESTABLISHED");
  expect(v.refused.take()).toEqual(Array(3).fill("old timestamp"));
  v.conversation.reads(100, 10);
  reset(v, 10);
});

test("a RST counts whatever its timestamp (RFC 7323 §5.2)", () => {
  const v = stamped();
  v.conversation.arrives(`R ${THEIRS} ts ${ts(-1000)} 0`).is("CLOSED");
  expect(isOver(v, "reset")).toBe(true);
});

test.each([
  ["beyond the window", `. ${theirs(70_000)}:${theirs(70_010)}(10) ack ${OURS}`],
  ["an ACK of what was never sent", `. ${THEIRS}:${theirs(10)}(10) ack ${ours(1000)}`],
  ["a SYN", `S ${THEIRS}`],
])("a far timestamp on what is %s does not freeze the flow", (_, line) => {
  const v = stamped();
  v.conversation.arrives(`${line} ts ${ts(2 ** 30)} 0`);
  v.conversation.sends(ANSWER);
  v.conversation.arrives(`. ${THEIRS}:${theirs(10)}(10) ack ${OURS} ts ${ts(1)} 0`);
  v.conversation
    .at(200)
    .sends(`. ${OURS} ack ${theirs(10)}`)
    .reads(100, 10);
  reset(v, 10);
});

test("after 24 days of silence an old timestamp proves nothing (RFC 7323 §5.5)", () => {
  const v = stamped();
  v.conversation
    .at(24 * DAY_MS - 1)
    .arrives(`. ${THEIRS}:${theirs(10)}(10) ack ${OURS} ts ${ts(-9)} 0`);
  v.conversation.sends(ANSWER);
  const w = stamped();
  w.conversation
    .at(24 * DAY_MS + 1)
    .arrives(`. ${THEIRS}:${theirs(10)}(10) ack ${OURS} ts ${ts(-9)} 0`);
  w.conversation.at(24 * DAY_MS + 201).sends(`. ${OURS} ack ${theirs(10)}`);
  expect([v.refused.take(), w.refused.take()]).toEqual([["old timestamp"], []]);
  reset(v, 0);
  reset(w, 10);
});

test("a segment without timestamps: dropped by RFC 7323 §3.2, taken where the profile says so", () => {
  const v = stamped();
  v.conversation.arrives(`. ${THEIRS}:${theirs(10)}(10) ack ${OURS}`).reads(100, 0);
  expect(v.refused.take()).toEqual(["no timestamps"]);
  reset(v, 0);
  const w = stamped({ ...PLAIN, missingTimestamps: linux.missingTimestamps });
  w.conversation.arrives(`. ${THEIRS}:${theirs(10)}(10) ack ${OURS}`).reads(100, 10);
  w.conversation.at(200).sends(`. ${OURS} ack ${theirs(10)}`);
  reset(w, 10);
});
