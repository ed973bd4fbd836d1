import { describe, expect, test } from "vitest";
import { Conversation, parseSegment } from "../../testing/conversation.ts";
import { freebsd, generic, type Profile } from "./profile.ts";

const ISS = 4_294_967_290;
const NEXT = 4_294_967_291;

const dial = (changes: Partial<Profile>): Conversation =>
  Conversation.dial(ISS, { profile: { ...generic, ...changes } });

/** We are at 4294967291, the peer at 301; both without options. */
const established = (changes: Partial<Profile>): Conversation =>
  dial(changes).sends(`S ${ISS}`).arrives(`S. 300 ack ${NEXT}`).sends(`. ${NEXT} ack 301`);

const closing = (changes: Partial<Profile>): Conversation =>
  established(changes).closesWrite().sends(`F. ${NEXT} ack 301`).arrives(`F. 301 ack ${NEXT}`);

describe("takesWholeBuffer", () => {
  const buffer = { receiveBuffer: 70_000, receiveBufferMax: 70_000 };
  // 16 bits told 65,535 bytes from 301 on; the buffer goes on to 70,300.
  const RST = "R 70300";

  test("a number behind the window but before the end of the buffer is in the window", () => {
    established({ ...buffer, takesWholeBuffer: true })
      .arrives(RST)
      .sends(`. ${NEXT} ack 301`);
  });

  test("without it such a number is outside", () => {
    established(buffer).arrives(RST).sends();
  });

  test("it ends with the buffer", () => {
    established({ ...buffer, takesWholeBuffer: true })
      .arrives("R 70301")
      .sends();
  });
});

describe("repeatsFin", () => {
  test("the ACK of the peer's FIN has ours with it again", () => {
    closing({ repeatsFin: true }).sends(`F. ${NEXT} ack 302`).is("CLOSING");
  });

  test("a challenge has not", () => {
    closing({ repeatsFin: true })
      .sends(`F. ${NEXT} ack 302`)
      .arrives("S 400")
      .sends(". 4294967292 ack 302");
  });

  test("without it the ACK is bare", () => {
    closing({}).sends(". 4294967292 ack 302").is("CLOSING");
  });
});

describe("SYNs that nobody answers", () => {
  test("ask for ECN as often as the profile says", () => {
    dial({ ecn: "on", ecnSyns: 2 })
      .sends(`SEW ${ISS}`)
      .at(1000)
      .sends(`SEW ${ISS}`)
      .at(3000)
      .sends(`S ${ISS}`);
  });

  test("wait longer by the slop, but for the first", () => {
    dial({ synSlopNs: 200e6 })
      .sends(`S ${ISS}`)
      .at(1000)
      .sends(`S ${ISS}`)
      .at(3200)
      .sends(`S ${ISS}`);
  });

  test("have no options at last but the MSS", () => {
    const c = Conversation.dial(ISS, { profile: { ...generic, optionSyns: 1 } });
    const options = (nowNs: number): string[] => {
      const kinds = (c.endpoint.poll(nowNs)?.options ?? []).map(({ kind }) => kind);
      return kinds.filter((kind) => kind !== "nop");
    };
    expect(options(0)).toEqual(["mss", "sack-permitted", "timestamps", "window-scale"]);
    expect(options(1e9)).toEqual(["mss"]);
  });
});

test("without RFC 5961 a SYN in the window is answered by a RST, and the connection is gone", () => {
  established({ blindProtection: false })
    .arrives("S 400")
    .sends(`R. ${NEXT} ack 301`)
    .is("CLOSED")
    .tells("connected", "closed: reset");
});

test("in CLOSING the peer's FIN again, now with the ACK of ours, is enough", () => {
  established({})
    .closesWrite()
    .sends(`F. ${NEXT} ack 301`)
    .arrives(`F. 301 ack ${NEXT}`)
    .sends(". 4294967292 ack 302")
    .arrives("F. 301 ack 4294967292")
    .sends(". 4294967292 ack 302")
    .is("TIME-WAIT");
});

test.each([
  [true, "CLOSED"],
  [false, "SYN-SENT"],
] as const)("timeExceededEndsSyn %s: %s", (timeExceededEndsSyn, state) => {
  const error = { kind: "time-exceeded", seq: ISS, mtu: 0 } as const;
  dial({ timeExceededEndsSyn })
    .sends(`S ${ISS}`)
    .does((endpoint, nowNs) => endpoint.onIcmp(error, nowNs))
    .is(state);
});

test("in TIME-WAIT a SYN with FIN begins nothing new", () => {
  const c = established({}).closesWrite().sends(`F. ${NEXT} ack 301`);
  c.arrives("F. 301 ack 4294967292").sends(". 4294967292 ack 302").is("TIME-WAIT");
  expect(c.endpoint.yieldsTo(parseSegment("S 9000"))).toBe(true);
  expect(c.endpoint.yieldsTo(parseSegment("SF 9000"))).toBe(false);
});

test("both ask for ECN at once and agree", () => {
  dial({ ecn: "on" }).sends(`SEW ${ISS}`).arrives("SEW 300").sends(`S.E ${ISS} ack 301`);
});

test.each([
  [true, 300],
  [false, 1000],
])("timesSynAck %s: the first timeout of who was called is %d ms", (timesSynAck, ms) => {
  const profile = { ...generic, timesSynAck, rtoMinNs: 1, timestamps: false, sack: false };
  Conversation.listen(ISS, { profile: { ...profile, windowScaling: false } })
    .arrives("S 300")
    .sends(`S. ${ISS} ack 301`)
    .at(100)
    .arrives(`. 301 ack ${NEXT}`)
    .writes(5)
    .sends(`P. ${NEXT}:0(5) ack 301`)
    .at(100 + ms)
    .sends(`P. ${NEXT}:0(5) ack 301`);
});

test("FreeBSD's data", () => {
  expect(freebsd).toMatchObject({ takesWholeBuffer: true, repeatsFin: true, ecnSyns: 2 });
});
