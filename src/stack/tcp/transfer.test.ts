import { describe, expect, test } from "vitest";
import { Conversation, type ConversationInit } from "../../testing/conversation.ts";
import { freebsd, generic, linux } from "./profile.ts";

const PLAIN = { timestamps: false, sack: false, windowScaling: false };

/** We are at 1, the peer at 301; segments of 100 bytes; our numbers wrap in the handshake. */
function established(init: ConversationInit = {}, win: number = 65_535): Conversation {
  return Conversation.dial(0, { profile: { ...generic, ...PLAIN }, ...init })
    .sends("S 0")
    .arrives(`S. 300 ack 1 mss 100 win ${win}`)
    .sends(". 1 ack 301")
    .is("ESTABLISHED");
}

describe("delayed ACK (RFC 9293 §3.8.6.3)", () => {
  test("one segment waits, a second full one does not", () => {
    established()
      .arrives(". 301:401(100) ack 1")
      .at(199)
      .at(200)
      .sends(". 1 ack 401")
      .arrives(". 401:501(100) ack 1")
      .arrives(". 501:601(100) ack 1")
      .sends(". 1 ack 601");
  });

  test("data of ours carries it", () => {
    established().arrives(". 301:401(100) ack 1").writes(5).sends("P. 1:6(5) ack 401").at(500);
  });

  test("behind a hole at once, and at once when it fills (RFC 5681 §4.2)", () => {
    established()
      .arrives(". 401:501(100) ack 1")
      .sends(". 1 ack 301")
      .arrives(". 301:401(100) ack 1")
      .sends(". 1 ack 501");
  });

  test("the user may switch it off", () => {
    established().sets({ quickAck: true }).arrives(". 301:401(100) ack 1").sends(". 1 ack 401");
  });

  test("the first ones go at once where the profile says so", () => {
    const profile = { ...linux, ...PLAIN, quickAcks: 1 };
    established({ profile })
      .arrives(". 301:401(100) ack 1")
      .sends(". 1 ack 401")
      .arrives(". 401:501(100) ack 1")
      .at(40)
      .sends(". 1 ack 501");
  });

  test("with linux the second waits for a reader while much is unread, and reading sends it", () => {
    const profile = { ...linux, ...PLAIN, quickAcks: 0 };
    established({ profile, options: { receiveBuffer: 400 } })
      .arrives(". 301:401(100) ack 1")
      .arrives(". 401:501(100) ack 1")
      .sends(". 1 ack 501 win 200")
      .arrives(". 501:601(100) ack 1")
      .arrives(". 601:701(100) ack 1")
      .reads(400, 400)
      .sends(". 1 ack 701 win 400");
  });

  test("and without a reader it leaves with the delayed ACK, which tells the closed window", () => {
    const profile = { ...linux, ...PLAIN, quickAcks: 0 };
    established({ profile, options: { receiveBuffer: 200 } })
      .arrives(". 301:401(100) ack 1")
      .arrives(". 401:501(100) ack 1")
      .at(40)
      .sends(". 1 ack 501 win 0");
  });

  test("every second segment, however small, with freebsd", () => {
    established({ profile: { ...freebsd, ...PLAIN } })
      .arrives(". 301:401(100) ack 1")
      .arrives("P. 401:402(1) ack 1")
      .sends(". 1 ack 402");
  });
});

describe("Nagle (RFC 9293 §3.7.4)", () => {
  test("a small segment waits for the ACK of what is out", () => {
    established()
      .writes(10)
      .sends("P. 1:11(10) ack 301")
      .writes(10)
      .writes(10)
      .arrives(". 301 ack 11")
      .sends("P. 11:31(20) ack 301");
  });

  test("a full one does not", () => {
    established()
      .writes(10)
      .sends("P. 1:11(10) ack 301")
      .writes(150)
      .sends(". 11:111(100) ack 301");
  });

  test("noDelay: nothing waits", () => {
    established()
      .sets({ noDelay: true })
      .writes(10)
      .sends("P. 1:11(10) ack 301")
      .writes(10)
      .sends("P. 11:21(10) ack 301");
  });

  test("with linux only another small one holds it back (Minshall)", () => {
    established({ profile: { ...linux, ...PLAIN } })
      .writes(110)
      .sends(". 1:101(100) ack 301", "P. 101:111(10) ack 301")
      .writes(10);
  });
});

describe("the peer's window", () => {
  test("no more than it offers, and the rest when it opens", () => {
    established({}, 200)
      .writes(300)
      .sends(". 1:101(100) ack 301", ". 101:201(100) ack 301")
      .arrives(". 301 ack 201 win 0")
      .arrives(". 301 ack 201 win 200")
      .sends("P. 201:301(100) ack 301");
  });

  test("a little room is not used (RFC 9293 §3.8.6.2.1), until the override timer", () => {
    established({}, 1000)
      .writes(200)
      .sends(". 1:101(100) ack 301", "P. 101:201(100) ack 301")
      .arrives(". 301 ack 201 win 30")
      .writes(100)
      .at(1000)
      .sends(". 201:231(30) ack 301");
  });

  test("half of the largest window is enough", () => {
    established({}, 60)
      .writes(60)
      .sends("P. 1:61(60) ack 301")
      .arrives(". 301 ack 61 win 30")
      .writes(50)
      .sends(". 61:91(30) ack 301");
  });

  test("a closed one is probed by a byte, after 1, 2, 4 seconds (RFC 9293 §3.8.6.1)", () => {
    established({}, 0)
      .writes(10)
      .at(1000)
      .sends(". 1:2(1) ack 301")
      .arrives(". 301 ack 1 win 0")
      .at(2000)
      .sends(". 1:2(1) ack 301")
      .arrives(". 301 ack 1 win 0")
      .at(4000)
      .sends(". 1:2(1) ack 301")
      .arrives(". 301 ack 1 win 100")
      .sends("P. 1:11(10) ack 301");
  });

  test("or by an old number, with linux", () => {
    established({ profile: { ...linux, ...PLAIN } }, 0)
      .writes(10)
      .at(200)
      .sends(". 0 ack 301")
      .arrives(". 301 ack 1 win 0")
      .at(600)
      .sends(". 0 ack 301")
      .arrives(". 301 ack 1 win 100")
      .sends("P. 1:11(10) ack 301");
  });

  test("a peer that answers probes is never given up, a silent one is", () => {
    const profile = { ...linux, ...PLAIN, dataRetries: 2 };
    const c = established({ profile }, 0).writes(10);
    for (const ms of [200, 600, 1400, 3000])
      c.at(ms).sends(". 0 ack 301").arrives(". 301 ack 1 win 0");
    c.at(6200)
      .sends(". 0 ack 301")
      .at(12_600)
      .sends(". 0 ack 301")
      .at(25_400)
      .is("CLOSED")
      .tells("connected", "closed: timeout");
  });

  test("one that shrinks below what is out harms nothing (RFC 9293 §3.8.6)", () => {
    established({}, 300)
      .writes(300)
      .sends(". 1:101(100) ack 301", ". 101:201(100) ack 301", "P. 201:301(100) ack 301")
      .arrives(". 301 ack 101 win 50")
      .at(1000)
      .sends(". 101:201(100) ack 301")
      .arrives(". 301 ack 301 win 300")
      .is("ESTABLISHED");
  });
});

describe("our window", () => {
  const options = { receiveBuffer: 400 };

  test("closes as data waits, and is reopened by a good step (RFC 9293 §3.8.6.2.2)", () => {
    established({ options, mtu: 140 })
      .arrives(". 301:501(200) ack 1")
      .sends(". 1 ack 501 win 200")
      .arrives(". 501:701(200) ack 1")
      .sends(". 1 ack 701 win 0")
      .reads(50, 50)
      .reads(50, 50)
      .sends(". 1 ack 701 win 100")
      .reads(300, 300)
      .sends(". 1 ack 701 win 400");
  });

  test("a probe of the closed window is refused and answered", () => {
    established({ options, mtu: 140 })
      .arrives(". 301:701(400) ack 1")
      .sends(". 1 ack 701 win 0")
      .arrives(". 701:702(1) ack 1")
      .sends(". 1 ack 701 win 0")
      .reads(500, 400);
  });

  test("bytes beyond it are cut off", () => {
    established({ options, mtu: 140 })
      .arrives(". 301:801(500) ack 1")
      .sends(". 1 ack 701 win 0")
      .reads(900, 400);
  });
});

test("the first of two different copies counts", () => {
  const c = established()
    .arrives(". 311:321(10) ack 1")
    .sends(". 1 ack 301")
    .arrives(". 301:331(30) ack 1")
    .sends(". 1 ack 331");
  const got = new Uint8Array(100);
  expect(c.endpoint.receive(got, 0)).toBe(30);
  // parseSegment counts up from SEG.SEQ, so both copies agree; a third one that does not changes nothing.
  expect(got[10]).toBe(311 & 255);
});

describe("keep-alive (RFC 9293 §3.8.4)", () => {
  const keepAlive = { idleNs: 10e9, intervalNs: 2e9, count: 2 };

  test("asks a silent peer, and resets in the end", () => {
    established({ options: { keepAlive } })
      .at(10_000)
      .sends(". 0 ack 301")
      .at(12_000)
      .sends(". 0 ack 301")
      .at(14_000)
      .sends("R. 1 ack 301")
      .is("CLOSED")
      .tells("connected", "closed: timeout");
  });

  test("an answer starts the silence anew", () => {
    established({ options: { keepAlive } })
      .at(10_000)
      .sends(". 0 ack 301")
      .arrives(". 301 ack 1")
      .at(19_999)
      .at(20_000)
      .sends(". 0 ack 301");
  });

  test("and ours is answered", () => {
    established().arrives(". 300 ack 1").sends(". 1 ack 301");
  });
});

describe("user timeout (RFC 9293 §3.9.1)", () => {
  test("data unacknowledged for so long ends the connection", () => {
    established({ options: { userTimeoutNs: 2.5e9 } })
      .writes(10)
      .sends("P. 1:11(10) ack 301")
      .at(1000)
      .sends("P. 1:11(10) ack 301")
      .at(2500)
      .is("CLOSED")
      .tells("connected", "closed: timeout");
  });
});

describe("urgent data (RFC 9293 §3.8.5)", () => {
  test("the pointer tells the octet behind it", () => {
    established()
      .does((endpoint, nowNs) => endpoint.send(new Uint8Array(10), nowNs, true))
      .sends("P.U 1:11(10) ack 301 urg 10");
  });

  test("is told once, and delivered in band", () => {
    established()
      .arrives("P.U 301:311(10) ack 1 urg 5")
      .tells("connected", "urgent", "readable")
      .arrives("P.U 311:321(10) ack 1 urg 65535")
      .sends(". 1 ack 321")
      .reads(100, 20);
  });

  test("a pointer of 0 is nothing", () => {
    established().arrives("P.U 301:311(10) ack 1 urg 0").tells("connected", "readable");
  });
});

function sent(): Conversation {
  return established({ mtu: 140 })
    .writes(200)
    .sends(". 1:101(100) ack 301", "P. 101:201(100) ack 301");
}

describe("path MTU (RFC 1191)", () => {
  test("what is out goes again in smaller segments, and cwnd stays", () => {
    const c = sent();
    const { cwnd } = c.endpoint.status();
    c.does((endpoint, nowNs) =>
      endpoint.onIcmp({ kind: "too-big", seq: 1, mtu: 120 }, nowNs),
    ).sends(". 1:81(80) ack 301", ". 81:161(80) ack 301", "P. 161:201(40) ack 301");
    expect(c.endpoint.status().cwnd).toBe(cwnd);
  });

  test("not for a number that is not out (RFC 5927 §4.1)", () => {
    sent()
      .does((endpoint, nowNs) => endpoint.onIcmp({ kind: "too-big", seq: 201, mtu: 120 }, nowNs))
      .is("ESTABLISHED");
  });

  test("no smaller than the profile's least", () => {
    const c = sent().does((endpoint, nowNs) =>
      endpoint.onIcmp({ kind: "too-big", seq: 1, mtu: 1 }, nowNs),
    );
    expect(c.endpoint.status().sndMss).toBe(48);
  });
});

describe("ICMP unreachable", () => {
  test("port: refused before the connection stands, soft afterwards (RFC 5461, RFC 5927)", () => {
    Conversation.dial(0)
      .sends("S 0")
      .does((endpoint, nowNs) =>
        endpoint.onIcmp({ kind: "port-unreachable", seq: 0, mtu: 0 }, nowNs),
      )
      .is("CLOSED")
      .tells("closed: refused");
    established()
      .writes(10)
      .sends("P. 1:11(10) ack 301")
      .does((endpoint, nowNs) =>
        endpoint.onIcmp({ kind: "port-unreachable", seq: 1, mtu: 0 }, nowNs),
      )
      .is("ESTABLISHED")
      .tells("connected", "soft-error: refused");
  });
});

test("an endpoint opens once", () => {
  const { endpoint } = Conversation.dial(0);
  expect(() => endpoint.connect(0)).toThrow(RangeError);
});
