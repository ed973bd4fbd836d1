import { describe, expect, test } from "vitest";
import { Conversation, parseSegment, showSegment } from "../../testing/conversation.ts";
import { replyToClosed } from "./closed.ts";
import { generic } from "./profile.ts";

const ISS = 4_294_967_290;
const NEXT = 4_294_967_291;

/** We are at 4294967291, the peer at 301. */
function established(): Conversation {
  return Conversation.dial(ISS)
    .sends(`S ${ISS}`)
    .arrives(`S. 300 ack ${NEXT}`)
    .sends(`. ${NEXT} ack 301`)
    .is("ESTABLISHED")
    .tells("connected");
}

const finWait1 = (): Conversation =>
  established().closesWrite().sends(`F. ${NEXT} ack 301`).is("FIN-WAIT-1");

const finWait2 = (): Conversation => finWait1().arrives(". 301 ack 4294967292").is("FIN-WAIT-2");

const closeWait = (): Conversation =>
  established().arrives(`F. 301 ack ${NEXT}`).sends(`. ${NEXT} ack 302`).is("CLOSE-WAIT");

const lastAck = (): Conversation =>
  closeWait().closesWrite().sends(`F. ${NEXT} ack 302`).is("LAST-ACK");

const closing = (): Conversation =>
  finWait1().arrives(`F. 301 ack ${NEXT}`).sends(". 4294967292 ack 302").is("CLOSING");

const timeWait = (): Conversation =>
  finWait2().arrives("F. 301 ack 4294967292").sends(". 4294967292 ack 302").is("TIME-WAIT");

describe("opening", () => {
  test("passive, then data in the third segment", () => {
    Conversation.listen(ISS)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`)
      .is("SYN-RECEIVED")
      .arrives(`P. 301:306(5) ack ${NEXT}`)
      .is("ESTABLISHED")
      .tells("connected", "readable")
      .reads(100, 5)
      .at(200)
      .sends(`. ${NEXT} ack 306`);
  });

  test("both at once (RFC 9293 figure 8)", () => {
    Conversation.dial(ISS)
      .sends(`S ${ISS}`)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`)
      .is("SYN-RECEIVED")
      .arrives(`S. 300 ack ${NEXT}`)
      .sends(`. ${NEXT} ack 301`)
      .is("ESTABLISHED")
      .tells("connected");
  });

  test("an old duplicate SYN is refuted by RST (RFC 9293 figure 9)", () => {
    Conversation.listen(ISS)
      .arrives("S 90")
      .sends(`S. ${ISS} ack 91`)
      .arrives("R 91")
      .is("CLOSED")
      .tells("closed: reset");
  });

  test("refused", () => {
    Conversation.dial(ISS)
      .sends(`S ${ISS}`)
      .arrives(`R. 0 ack ${NEXT}`)
      .is("CLOSED")
      .tells("closed: refused")
      .reads(10, null);
  });

  test("a SYN-ACK for an older SYN is refuted", () => {
    Conversation.dial(ISS).sends(`S ${ISS}`).arrives("S. 300 ack 91").sends("R 91").is("SYN-SENT");
  });

  test("the SYN again after 1, 2, 4 seconds, and not for ever", () => {
    Conversation.dial(ISS, { profile: { ...generic, synRetries: 2 } })
      .sends(`S ${ISS}`)
      .at(1000)
      .sends(`S ${ISS}`)
      .at(3000)
      .sends(`S ${ISS}`)
      .at(7000)
      .is("CLOSED")
      .tells("closed: timeout");
  });

  test("the SYN-ACK again when its SYN comes again", () => {
    Conversation.listen(ISS)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`);
  });
});

describe("closing", () => {
  test("we close first (RFC 9293 figure 12)", () => {
    timeWait().tells("readable", "closed: fine").at(240_000).is("CLOSED").tells();
  });

  test("the peer closes first", () => {
    lastAck().arrives(". 302 ack 4294967292").is("CLOSED").tells("readable", "closed: fine");
  });

  test("both at once (RFC 9293 figure 13)", () => {
    closing().arrives(". 302 ack 4294967292").is("TIME-WAIT").at(240_000).is("CLOSED");
  });

  test("FIN and ACK of ours in one segment: from FIN-WAIT-1 straight to TIME-WAIT", () => {
    finWait1().arrives("F. 301 ack 4294967292").sends(". 4294967292 ack 302").is("TIME-WAIT");
  });

  test.each(["closes", "aborts"] as const)("who %s after a reset keeps nothing unread", (how) => {
    const c = established().arrives(`P. 301:306(5) ack ${NEXT}`).arrives(`R 306`);
    expect(c.is("CLOSED").endpoint.status().receiveQueue).toBe(5);
    expect(c[how]().endpoint.status().receiveQueue).toBe(0);
  });

  test("the other half goes on: data after our FIN", () => {
    finWait2()
      .arrives("P. 301:401(100) ack 4294967292")
      .reads(1000, 100)
      .at(200)
      .sends(". 4294967292 ack 401")
      .arrives("F. 401 ack 4294967292")
      .sends(". 4294967292 ack 402")
      .is("TIME-WAIT");
  });

  test("the FIN waits for the data before it, and goes with the last of it", () => {
    established()
      .does((endpoint, nowNs) => {
        endpoint.send(new Uint8Array(10), nowNs);
        endpoint.closeWrite(nowNs);
      })
      .sends("FP. 4294967291:5(10) ack 301")
      .is("FIN-WAIT-1");
  });

  test("a FIN behind a hole waits", () => {
    established()
      .arrives(`F. 311 ack ${NEXT}`)
      .sends(`. ${NEXT} ack 301`)
      .arrives(`. 301:311(10) ack ${NEXT}`)
      .sends(`. ${NEXT} ack 312`)
      .is("CLOSE-WAIT")
      .reads(100, 10)
      .reads(100, null);
  });

  test("the FIN is sent again, and given up with the connection", () => {
    finWait1()
      .at(1000)
      .sends(`F. ${NEXT} ack 301`)
      .at(3000)
      .sends(`F. ${NEXT} ack 301`)
      .arrives(". 301 ack 4294967292")
      .is("FIN-WAIT-2");
  });

  test("TIME-WAIT answers a FIN that comes again, and begins anew", () => {
    timeWait()
      .at(200_000)
      .arrives("F. 301 ack 4294967292")
      .sends(". 4294967292 ack 302")
      .at(400_000)
      .is("TIME-WAIT")
      .at(440_000)
      .is("CLOSED");
  });

  test("TIME-WAIT gives way to a SYN with a higher number, not to another", () => {
    const { endpoint } = timeWait();
    expect(endpoint.yieldsTo(parseSegment("S 303"))).toBe(true);
    expect(endpoint.yieldsTo(parseSegment("S 302"))).toBe(false);
    expect(endpoint.yieldsTo(parseSegment("S. 303 ack 5"))).toBe(false);
    expect(finWait2().endpoint.yieldsTo(parseSegment("S 303"))).toBe(false);
  });

  test("closed with unread data: the peer is told by RST (RFC 2525 §2.17)", () => {
    established()
      .arrives(`P. 301:311(10) ack ${NEXT}`)
      .closes()
      .sends(`R. ${NEXT} ack 311`)
      .is("CLOSED")
      .tells("readable", "closed: aborted");
  });

  test("data that comes after close is answered by RST", () => {
    established()
      .closes()
      .sends(`F. ${NEXT} ack 301`)
      .arrives("P. 301:311(10) ack 4294967292")
      .sends("R 4294967292")
      .is("CLOSED");
  });

  test("after close, FIN-WAIT-2 ends without the peer", () => {
    established()
      .closes()
      .sends(`F. ${NEXT} ack 301`)
      .arrives(". 301 ack 4294967292")
      .is("FIN-WAIT-2")
      .at(60_000)
      .is("CLOSED")
      .tells("closed: fine");
  });

  test("close with linger 0 is a RST", () => {
    established()
      .sets({ linger: 0 })
      .writes(5)
      .sends("P. 4294967291:0(5) ack 301")
      .closes()
      .sends("R. 0 ack 301");
  });

  test("LISTEN and SYN-SENT close in silence", () => {
    Conversation.listen(ISS).closesWrite().is("CLOSED").tells("closed: aborted");
    Conversation.dial(ISS).sends(`S ${ISS}`).closesWrite().is("CLOSED").tells("closed: aborted");
  });

  // RFC 9293 §3.10.4.
  test("closed in SYN-RECEIVED with nothing to send: the FIN goes at once", () => {
    Conversation.listen(ISS)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`)
      .closesWrite()
      .sends(`F. ${NEXT} ack 301`)
      .is("FIN-WAIT-1")
      .arrives(`. 301 ack ${NEXT}`)
      .sends()
      .is("FIN-WAIT-1")
      .arrives(`. 301 ack ${NEXT + 1}`)
      .sends()
      .is("FIN-WAIT-2");
  });

  test("closed in SYN-RECEIVED: until our SYN is acknowledged the SYN-ACK goes again, then the FIN", () => {
    Conversation.listen(ISS)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`)
      .closesWrite()
      .sends(`F. ${NEXT} ack 301`)
      .at(1000)
      .sends(`S. ${ISS} ack 301`)
      .arrives(`F. 301 ack ${NEXT}`)
      .sends(`. ${NEXT + 1} ack 302`)
      .is("CLOSING")
      .at(4000)
      .sends(`F. ${NEXT} ack 302`)
      .arrives(`. 302 ack ${NEXT + 1}`)
      .sends()
      .is("TIME-WAIT");
  });

  test("closed in SYN-RECEIVED behind data: the FIN follows the handshake and the data", () => {
    Conversation.listen(ISS)
      .arrives("S 300")
      .sends(`S. ${ISS} ack 301`)
      .writes(3)
      .closesWrite()
      .is("SYN-RECEIVED")
      .arrives(`. 301 ack ${NEXT}`)
      .sends(`FP. ${NEXT}:${NEXT + 3}(3) ack 301`)
      .is("FIN-WAIT-1");
  });
});

test.each([
  ["ESTABLISHED", established, `R. ${NEXT} ack 301`],
  ["FIN-WAIT-1", finWait1, "R. 4294967292 ack 301"],
  ["FIN-WAIT-2", finWait2, "R. 4294967292 ack 301"],
  ["CLOSE-WAIT", closeWait, `R. ${NEXT} ack 302`],
] as const)("ABORT in %s resets (RFC 9293 §3.10.5)", (_, make, reset) => {
  make().aborts().sends(reset).is("CLOSED");
});

test.each([
  ["CLOSING", closing],
  ["LAST-ACK", lastAck],
  ["TIME-WAIT", timeWait],
] as const)("ABORT in %s is silent", (_, make) => {
  make().aborts().is("CLOSED");
});

describe("blind attacks (RFC 5961)", () => {
  test("a RST that is not exact is challenged, not more than ten times in five seconds", () => {
    const c = established();
    for (let i = 0; i < 10; i++) c.arrives("R 302").sends(`. ${NEXT} ack 301`);
    c.arrives("R 302").is("ESTABLISHED").at(5000).arrives("R 302").sends(`. ${NEXT} ack 301`);
  });

  test("a SYN in the window is challenged", () => {
    established().arrives("S 305").sends(`. ${NEXT} ack 301`).is("ESTABLISHED");
  });

  test("the peer that crashed answers the challenge with the exact RST", () => {
    established()
      .arrives("S 9000")
      .sends(`. ${NEXT} ack 301`)
      .arrives("R 301")
      .is("CLOSED")
      .tells("closed: reset");
  });
});

test("what came before a RST can still be received", () => {
  established()
    .arrives(`P. 301:311(10) ack ${NEXT}`)
    .arrives("R 311")
    .is("CLOSED")
    .tells("readable", "closed: reset")
    .reads(100, 10)
    .reads(100, null);
});

test("nobody is there: the answer of the host", () => {
  const reply = replyToClosed(parseSegment("S 100"));
  expect(reply && showSegment(reply, "win")).toBe("R. 0 ack 101 win 0");
  expect(replyToClosed(parseSegment("R 100"))).toBeNull();
});
