import { describe, expect, test } from "vitest";
import { parseSegment } from "../../testing/conversation.ts";
import { tcpFlagLetters } from "../../wire/tcp-describe.ts";
import { arrivesInClosed } from "./closed.ts";
import type { Close, Drop, Reply, SendAck, SendReset } from "./disposition.ts";
import { arrivesInListen, type Accept } from "./listen.ts";
import { arrivesInSynSent, type TakeSyn } from "./syn-sent.ts";
import { arrivesSynchronized, type Arrival, type Synchronized } from "./synchronized.ts";

function show(d: Arrival | Drop | SendReset | SendAck | Close | TakeSyn | Accept): string {
  if (d.do === "reply") return `send ${showReply(d.segment)}`;
  if (d.do === "take-syn") return `enter ${d.enter}`;
  if (d.do === "ack") return d.isChallenge ? "challenge" : "ack";
  if (d.do === "close") return `close: ${d.error ?? "fine"}`;
  return d.do;
}

function showReply({ flags, seq, ack }: Reply): string {
  return `${tcpFlagLetters(flags)} ${seq}${ack === null ? "" : ` ack ${ack}`}`;
}

describe("CLOSED (RFC 9293 §3.10.7.1)", () => {
  test.each([
    ["R 100", "drop"],
    ["R. 100 ack 5", "drop"],
    ["S 100", "send R. 0 ack 101"],
    ["FP 4294967290:4(10)", "send R. 0 ack 5"],
    [". 100 ack 5", "send R 5"],
    ["S. 100 ack 4294967295", "send R 4294967295"],
  ])("%s -> %s", (arrives, then) => {
    expect(show(arrivesInClosed(parseSegment(arrives)))).toBe(then);
  });
});

describe("LISTEN (RFC 9293 §3.10.7.2)", () => {
  test.each([
    ["R 100", "drop"],
    ["R. 100 ack 5", "drop"],
    [". 100 ack 5", "send R 5"],
    ["S. 100 ack 5", "send R 5"],
    ["F. 100 ack 5", "send R 5"],
    ["F 100", "drop"],
    ["P 100:110(10)", "drop"],
    ["none 100", "drop"],
    ["S 100", "accept"],
    ["SF 100", "accept"],
  ])("%s -> %s", (arrives, then) => {
    expect(show(arrivesInListen(parseSegment(arrives), false))).toBe(then);
  });

  test("a SYN with FIN is dropped where the profile says so", () => {
    expect(show(arrivesInListen(parseSegment("SF 100"), true))).toBe("drop");
  });
});

describe("SYN-SENT, our SYN was S 4294967295 (RFC 9293 §3.10.7.3)", () => {
  test.each([
    [". 300 ack 4294967295", "send R 4294967295"],
    [". 300 ack 1", "send R 1"],
    ["S. 300 ack 1", "send R 1"],
    ["R. 300 ack 1", "drop"],
    ["R. 300 ack 4294967295", "drop"],
    ["R. 300 ack 0", "close: refused"],
    ["R 300", "drop"],
    ["S. 300 ack 0", "enter ESTABLISHED"],
    ["S 300", "enter SYN-RECEIVED"],
    [". 300 ack 0", "drop"],
    ["F. 300 ack 0", "drop"],
    ["F 300", "drop"],
  ])("%s -> %s", (arrives, then) => {
    const s = { iss: 0xffff_ffff, sndNxt: 0, dropSynFin: false };
    expect(show(arrivesInSynSent(s, parseSegment(arrives)))).toBe(then);
  });

  test("a SYN with FIN is no SYN where the profile drops it", () => {
    const s = { iss: 0xffff_ffff, sndNxt: 0, dropSynFin: true };
    expect(show(arrivesInSynSent(s, parseSegment("SF 300")))).toBe("drop");
  });
});

/** SND.UNA 100, SND.NXT 200; RCV.NXT just below the wrap, a window of 1000. */
const SYNCHRONIZED: Synchronized = {
  state: "ESTABLISHED",
  isPassive: false,
  sndUna: 100,
  sndNxt: 200,
  maxSndWnd: 50,
  irs: 4_294_967_200,
  rcvNxt: 4_294_967_290,
  rcvWnd: 1000,
  blindProtection: true,
};

describe("ESTABLISHED, the first five checks (RFC 9293 §3.10.7.4, RFC 5961)", () => {
  test.each([
    // First, the sequence number.
    [". 4294967290 ack 150", "process"],
    [". 993 ack 150", "process"],
    [". 994 ack 150", "ack"],
    [". 4294967289 ack 150", "ack"],
    [". 4294967280:4294967290(10) ack 150", "ack"],
    [". 4294967280:4294967291(11) ack 150", "process"],
    [". 4294967280:5000(5016) ack 150", "process"],
    [". 993:2000(1007) ack 150", "process"],
    ["R 994", "drop"],
    ["S 4294967289", "ack"],
    // Second, the RST bit.
    ["R 4294967290", "close: reset"],
    ["R 4294967291", "challenge"],
    ["R. 4294967290 ack 7777", "close: reset"],
    // Fourth, the SYN bit.
    ["S 4294967290", "challenge"],
    ["S. 4294967290 ack 150", "challenge"],
    // Fifth, the ACK field.
    ["P 4294967290:4294967295(5)", "drop"],
    [". 4294967290 ack 201", "challenge"],
    [". 4294967290 ack 200", "process"],
    [". 4294967290 ack 50", "process"],
    [". 4294967290 ack 49", "challenge"],
  ])("%s -> %s", (arrives, then) => {
    expect(show(arrivesSynchronized(SYNCHRONIZED, parseSegment(arrives)))).toBe(then);
  });

  test.each([
    [". 4294967290 ack 150", "process"],
    [". 4294967290:4294967295(5) ack 150", "process"],
    ["R 4294967290", "close: reset"],
    [". 4294967291 ack 150", "ack"],
    [". 4294967289:4294967295(6) ack 150", "ack"],
  ])("with a closed window, %s -> %s", (arrives, then) => {
    expect(show(arrivesSynchronized({ ...SYNCHRONIZED, rcvWnd: 0 }, parseSegment(arrives)))).toBe(
      then,
    );
  });

  test.each([
    ["R 4294967291", "close: reset"],
    ["S 4294967291", "close: reset"],
    ["S 4294967280 (100)", "ack"],
    [". 4294967290 ack 49", "process"],
  ])("as RFC 793 had it, %s -> %s", (arrives, then) => {
    const s = { ...SYNCHRONIZED, blindProtection: false };
    expect(show(arrivesSynchronized(s, parseSegment(arrives)))).toBe(then);
  });
});

describe("SYN-RECEIVED", () => {
  const s: Synchronized = {
    ...SYNCHRONIZED,
    state: "SYN-RECEIVED",
    sndUna: 100,
    sndNxt: 101,
    irs: 4_294_967_289,
  };
  test.each([
    [". 4294967290 ack 101", "process"],
    [". 4294967290 ack 100", "send R 100"],
    [". 4294967290 ack 102", "send R 102"],
    ["R 4294967290", "close: refused"],
    ["S 4294967289", "repeat-syn-ack"],
    ["S. 4294967289 ack 101", "process"],
    ["S 4294967295", "challenge"],
  ])("both opened, %s -> %s", (arrives, then) => {
    expect(show(arrivesSynchronized(s, parseSegment(arrives)))).toBe(then);
  });

  test.each([
    ["R 4294967290", "listen"],
    ["R 4294967291", "challenge"],
    ["S 4294967295", "listen"],
  ])("from LISTEN, %s -> %s", (arrives, then) => {
    expect(show(arrivesSynchronized({ ...s, isPassive: true }, parseSegment(arrives)))).toBe(then);
  });
});

test.each([
  ["FIN-WAIT-1", "close: reset"],
  ["FIN-WAIT-2", "close: reset"],
  ["CLOSE-WAIT", "close: reset"],
  ["CLOSING", "close: reset"],
  ["LAST-ACK", "close: reset"],
  ["TIME-WAIT", "drop"],
] as const)("an exact RST in %s -> %s", (state, then) => {
  expect(show(arrivesSynchronized({ ...SYNCHRONIZED, state }, parseSegment("R 4294967290")))).toBe(
    then,
  );
});
