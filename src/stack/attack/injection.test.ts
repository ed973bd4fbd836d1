/** Blind resets, SYNs and data (RFC 5961), and what their answers give away (CVE-2016-5696). */
import { describe, expect, test } from "vitest";
import { isOver, ours, OURS, theirs, THEIRS, victim } from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";
import type { TcpSegment } from "../types.ts";
import { freebsd, generic, linux } from "../tcp/profile.ts";

const rst = (seq: number): TcpSegment => parseSegment(`R ${seq}`);

const WINDOW = 65_535;
const CHALLENGE = `. ${OURS} ack ${THEIRS}`;

describe("a RST resets with the very next number alone (RFC 5961 §3)", () => {
  test.each([
    [theirs(1), "RST that is not exact", [CHALLENGE]],
    [theirs(4), "RST that is not exact", [CHALLENGE]],
    [theirs(WINDOW - 1), "RST that is not exact", [CHALLENGE]],
    [theirs(WINDOW), "RST outside the window", []],
    [theirs(-1), "RST outside the window", []],
    [theirs(2 ** 31), "RST outside the window", []],
  ])("R %d: %s", (seq, why, answers) => {
    const v = victim();
    v.conversation.arrives(`R ${seq}`).sends(...answers);
    expect(v.refused.take()).toEqual([why]);
    v.conversation.is("ESTABLISHED").tells().arrives(`R ${THEIRS}`).is("CLOSED");
    expect(isOver(v, "reset")).toBe(true);
  });

  test("its data and its ACK do not count", () => {
    const v = victim();
    v.conversation.arrives(`R. ${theirs(1)}:${theirs(11)}(10) ack ${ours(5)}`).sends(CHALLENGE);
    expect(v.refused.take()).toEqual(["RST that is not exact"]);
    v.conversation
      .reads(10, 0)
      .arrives(`R. ${THEIRS}:${theirs(10)}(10) ack ${OURS}`)
      .is("CLOSED");
    v.conversation.reads(10, null);
    expect(isOver(v, "reset")).toBe(true);
  });
});

test.each([
  ["S", theirs(-1)],
  ["S", THEIRS],
  ["S", theirs(100)],
  ["S", theirs(2 ** 31)],
  ["S.", THEIRS],
  ["SF", theirs(5)],
])("%s %d is answered by one ACK and changes nothing (RFC 5961 §4)", (flags, seq) => {
  const v = victim();
  const ack = flags === "S." ? ` ack ${OURS}` : "";
  v.conversation.arrives(`${flags} ${seq}${ack}`).sends(CHALLENGE).is("ESTABLISHED").tells();
  expect(v.refused.take().length).toBe(1);
  v.conversation.aborts().sends(`R. ${OURS} ack ${THEIRS}`);
  expect(isOver(v, "aborted")).toBe(true);
});

test.each([
  [ours(1), "ACK of what was never sent"],
  [ours(2 ** 31 - 1), "ACK of what was never sent"],
  [ours(-WINDOW - 1), "ACK far too old"],
  [ours(1 - 2 ** 31), "ACK far too old"],
])("data with ACK %d is not taken: %s (RFC 5961 §5)", (ack, why) => {
  const v = victim();
  v.conversation.arrives(`P. ${THEIRS}:${theirs(10)}(10) ack ${ack}`).sends(CHALLENGE);
  expect(v.refused.take()).toEqual([why]);
  v.conversation.reads(10, 0).arrives(`R ${THEIRS}`);
  expect(isOver(v, "reset")).toBe(true);
});

test("data and FIN that begin beyond the window are not taken", () => {
  const v = victim({ options: { receiveBuffer: 1000 } });
  const far = theirs(1000);
  v.conversation.arrives(`F. ${far}:${theirs(1010)}(10) ack ${OURS}`).sends(CHALLENGE);
  v.conversation.arrives(`F. ${far} ack ${OURS}`).sends(CHALLENGE);
  expect(v.refused.take()).toEqual(["outside the window", "outside the window"]);
  v.conversation.is("ESTABLISHED").arrives(`R ${THEIRS}`);
  expect(isOver(v, "reset")).toBe(true);
});

test("a FIN behind data that reaches beyond the window is not taken with what fits of it", () => {
  const v = victim({ options: { receiveBuffer: 1000 } });
  v.conversation.arrives(`F. ${THEIRS}:${theirs(1010)}(1010) ack ${OURS}`);
  v.conversation.sends(`. ${OURS} ack ${theirs(1000)} win 0`).is("ESTABLISHED");
  expect(v.refused.take()).toEqual(["10 bytes outside the window"]);
  v.conversation.arrives(`R ${theirs(1000)}`);
  expect(isOver(v, "reset")).toBe(true);
});

describe("challenge ACKs are few, and counted by each connection alone (RFC 5961 §7)", () => {
  test.each([generic, linux, freebsd])("$name", ({ challengeAcks }) => {
    const v = victim({ profile: { ...generic, timestamps: false, challengeAcks } });
    const { endpoint } = v.conversation;
    const { count, periodNs } = challengeAcks;
    const answers = (nowNs: number): number => {
      let sent = 0;
      for (let i = 0; i < 1000; i++) {
        v.conversation.endpoint.onSegment(rst(theirs(1 + i)), nowNs);
        for (let s = endpoint.poll(nowNs); s !== null; s = endpoint.poll(nowNs)) sent++;
      }
      return sent;
    };
    expect(answers(0)).toBe(count);
    expect(answers(periodNs - 1)).toBe(0);
    expect(answers(periodNs)).toBe(count);
    expect(endpoint.state).toBe("ESTABLISHED");
  });

  test("those of another connection do not use them up", () => {
    const one = victim();
    for (let i = 0; i < 1000; i++) one.conversation.endpoint.onSegment(rst(theirs(1)), 0);
    victim()
      .conversation.arrives(`R ${theirs(1)}`)
      .sends(CHALLENGE);
  });
});

test("two who challenge each other do not go on without end", () => {
  const v = victim();
  let answers = 0;
  for (let i = 0; i < 1000; i++) {
    v.conversation.endpoint.onSegment(parseSegment(`. ${theirs(70_000)} ack ${OURS}`), 0);
    if (v.conversation.endpoint.poll(0) !== null) answers++;
  }
  expect(answers).toBe(generic.challengeAcks.count);
});
