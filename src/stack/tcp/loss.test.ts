import { describe, expect, test } from "vitest";
import { Conversation, type ConversationInit } from "../../testing/conversation.ts";
import { generic, type Profile } from "./profile.ts";
import { Recovery } from "./recovery.ts";
import { RingPool } from "./ring-pool.ts";
import { Sender } from "./sender.ts";

const RENO: Profile = {
  ...generic,
  timestamps: false,
  windowScaling: false,
  sack: false,
  ecn: "off",
};
const SACK: Profile = { ...RENO, sack: true };

/** Nine segments of 100 bytes are out, from 1 to 901; our numbers begin just below the wrap. */
function nineOut(profile: Profile, init: ConversationInit = {}): Conversation {
  const sack = profile.sack ? " sackOK" : "";
  return Conversation.dial(0, { profile: { ...profile, initialWindow: 9 }, ...init })
    .sends("S 0")
    .arrives(`S. 300 ack 1 mss 100${sack}`)
    .sends(". 1 ack 301")
    .writes(2000)
    .sends(
      ...Array.from({ length: 9 }, (_, i) => `. ${1 + 100 * i}:${101 + 100 * i}(100) ack 301`),
    );
}

describe("the retransmission timer (RFC 6298)", () => {
  test("backs off, and cwnd is one segment", () => {
    const c = nineOut(RENO)
      .at(1000)
      .sends(". 1:101(100) ack 301")
      .at(3000)
      .sends(". 1:101(100) ack 301");
    expect(c.endpoint.status()).toMatchObject({
      cwnd: 100,
      ssthresh: 450,
      recovery: "loss",
      backoff: 2,
    });
  });

  test("then slow start over what was out, and after it new data", () => {
    nineOut(RENO)
      .at(1000)
      .sends(". 1:101(100) ack 301")
      .arrives(". 301 ack 101")
      .sends(". 101:201(100) ack 301", ". 201:301(100) ack 301")
      .arrives(". 301 ack 901")
      .sends(". 901:1001(100) ack 301", ". 1001:1101(100) ack 301", ". 1101:1201(100) ack 301")
      .is("ESTABLISHED");
  });

  test("too often in a row: the connection fails", () => {
    nineOut({ ...RENO, dataRetries: 1 })
      .at(1000)
      .sends(". 1:101(100) ack 301")
      .at(3000)
      .is("CLOSED")
      .tells("connected", "closed: timeout");
  });

  test("a segment sent twice is no sample (Karn)", () => {
    const c = nineOut(RENO).at(1000).sends(". 1:101(100) ack 301");
    const { srttNs } = c.endpoint.status();
    c.at(1500).arrives(". 301 ack 101").sends(". 101:201(100) ack 301", ". 201:301(100) ack 301");
    expect(c.endpoint.status().srttNs).toBe(srttNs);
  });
});

/** Three duplicate ACKs: limited transmit twice (RFC 3042), then fast retransmit. */
function thirdDuplicate(): Conversation {
  return nineOut(RENO)
    .arrives(". 301 ack 1")
    .sends(". 901:1001(100) ack 301")
    .arrives(". 301 ack 1")
    .sends(". 1001:1101(100) ack 301")
    .arrives(". 301 ack 1")
    .sends(". 1:101(100) ack 301");
}

describe("NewReno (RFC 5681 §3.2, RFC 6582)", () => {
  test("the third duplicate ACK: half of what was out before limited transmit", () => {
    expect(thirdDuplicate().endpoint.status()).toMatchObject({
      ssthresh: 450,
      cwnd: 450,
      recovery: "recovery",
    });
  });

  test("further duplicates let new segments out when half has left", () => {
    const c = thirdDuplicate();
    for (let i = 0; i < 4; i++) c.arrives(". 301 ack 1");
    c.is("ESTABLISHED").arrives(". 301 ack 1").sends(". 1101:1201(100) ack 301");
  });

  test("a partial ACK: the next hole goes at once", () => {
    thirdDuplicate().arrives(". 301 ack 301").sends(". 301:401(100) ack 301");
  });

  test("the full ACK ends it", () => {
    const c = thirdDuplicate().arrives(". 301 ack 1101");
    // One segment more than what is out, not the four that ssthresh would let go at once.
    expect(c.endpoint.status()).toMatchObject({ recovery: "open", ssthresh: 450, cwnd: 200 });
    c.sends(". 1101:1201(100) ack 301", ". 1201:1301(100) ack 301");
  });

  test("an ACK with data, or with another window, is no duplicate", () => {
    nineOut(RENO)
      .arrives(". 301 ack 1 win 60000")
      .arrives(". 301 ack 1 win 50000")
      .arrives(". 301:311(10) ack 1 win 50000")
      .arrives(". 311:321(10) ack 1 win 50000")
      .sends(". 901 ack 321");
  });
});

test("SACK blocks take their room from the data beside them (RFC 9293 §3.7.1)", () => {
  nineOut(SACK)
    .arrives("P. 401:501(100) ack 101")
    .sends(". 901:989(88) ack 301 sack 401 501", ". 989:1077(88) ack 301 sack 401 501");
});

describe("SACK (RFC 6675)", () => {
  test("three ranges behind a hole: it is lost, whatever came in between", () => {
    nineOut(SACK)
      .arrives(". 301 ack 1 sack 101 201")
      .sends(". 901:1001(100) ack 301")
      .arrives(". 301 ack 1 sack 301 401 101 201")
      .sends(". 1001:1101(100) ack 301")
      .arrives(". 301 ack 1 sack 501 601 301 401 101 201")
      .sends(". 1:101(100) ack 301");
  });

  test("a timeout in recovery does not raise ssthresh, whatever was SACKed meanwhile", () => {
    const c = nineOut(SACK)
      .arrives(". 301 ack 1 sack 201 901")
      .sends(
        ". 1:101(100) ack 301",
        ". 101:201(100) ack 301",
        ". 901:1001(100) ack 301",
        ". 1001:1101(100) ack 301",
      );
    expect(c.endpoint.status()).toMatchObject({ flight: 1100, cwnd: 450, ssthresh: 450 });
    c.at(1000).sends(". 1:101(100) ack 301");
    expect(c.endpoint.status()).toMatchObject({ recovery: "loss", ssthresh: 225 });
  });

  test("all holes go in one round trip, as far as cwnd lets them", () => {
    nineOut(SACK)
      .arrives(". 301 ack 1 sack 201 301 401 501 601 901")
      .sends(
        ". 1:101(100) ack 301",
        ". 101:201(100) ack 301",
        ". 301:401(100) ack 301",
        ". 501:601(100) ack 301",
      )
      .arrives(". 301 ack 901")
      .sends(
        ". 901:1001(100) ack 301",
        ". 1001:1101(100) ack 301",
        ". 1101:1201(100) ack 301",
        ". 1201:1301(100) ack 301",
      );
  });

  test("blocks of what was never sent, reversed or old ones count for nothing (CVE-2019-11477)", () => {
    const c = nineOut(SACK)
      .arrives(". 301 ack 1 sack 901 1001")
      .arrives(". 301 ack 1 sack 301 201")
      .arrives(". 301 ack 1 sack 4294967000 4294967100")
      .is("ESTABLISHED");
    expect(c.endpoint.status()).toMatchObject({ sacked: 0, recovery: "open" });
  });

  test("a timeout keeps what is SACKed, and leaves it out", () => {
    nineOut(SACK)
      .arrives(". 301 ack 1 sack 101 201")
      .sends(". 901:1001(100) ack 301")
      .at(1000)
      .sends(". 1:101(100) ack 301")
      .arrives(". 301 ack 201")
      .sends(". 201:301(100) ack 301", ". 301:401(100) ack 301");
  });

  test("a third timeout in a row believes nothing of it any more (RFC 2018 §8)", () => {
    const c = nineOut(SACK)
      .arrives(". 301 ack 1 sack 101 201")
      .sends(". 901:1001(100) ack 301")
      .at(1000)
      .sends(". 1:101(100) ack 301")
      .at(3000)
      .sends(". 1:101(100) ack 301");
    expect(c.endpoint.status().sacked).toBe(100);
    c.at(7000).sends(". 1:101(100) ack 301");
    expect(c.endpoint.status().sacked).toBe(0);
  });
});

function receiver(): Conversation {
  return Conversation.dial(0, { profile: SACK })
    .sends("S 0")
    .arrives("S. 300 ack 1 sackOK")
    .sends(". 1 ack 301");
}

describe("SACK of what we receive (RFC 2018, RFC 2883)", () => {
  test("the newest block first, at most four", () => {
    receiver()
      .arrives(". 401:501(100) ack 1")
      .sends(". 1 ack 301 sack 401 501")
      .arrives(". 601:701(100) ack 1")
      .sends(". 1 ack 301 sack 601 701 401 501")
      .arrives(". 801:901(100) ack 1")
      .sends(". 1 ack 301 sack 801 901 601 701 401 501")
      .arrives(". 1001:1101(100) ack 1")
      .sends(". 1 ack 301 sack 1001 1101 801 901 601 701 401 501")
      .arrives(". 1201:1301(100) ack 1")
      .sends(". 1 ack 301 sack 1201 1301 1001 1101 801 901 601 701")
      .arrives(". 501:601(100) ack 1")
      .sends(". 1 ack 301 sack 401 701 1201 1301 1001 1101 801 901");
  });

  test("all that was here already: D-SACK", () => {
    receiver()
      .arrives(". 301:401(100) ack 1")
      .arrives(". 301:401(100) ack 1")
      .sends(". 1 ack 401 sack 301 401");
  });

  test("a part behind a hole: D-SACK, then the block that it lies in", () => {
    receiver()
      .arrives(". 401:501(100) ack 1")
      .sends(". 1 ack 301 sack 401 501")
      .arrives(". 451:551(100) ack 1")
      .sends(". 1 ack 301 sack 451 501 401 551");
  });

  test("a part that was acknowledged", () => {
    receiver()
      .arrives(". 301:401(100) ack 1")
      .arrives(". 351:451(100) ack 1")
      .sends(". 1 ack 451 sack 351 401");
  });
});

function ecn(): Conversation {
  return Conversation.dial(0, { profile: { ...RENO, ecn: "on" } })
    .sends("SEW 0")
    .arrives("SE. 300 ack 1 mss 100")
    .sends(". 1 ack 301");
}

describe("ECN (RFC 3168)", () => {
  test("data is marked capable, an echo halves once, and CWR answers", () => {
    const c = ecn()
      .writes(1000)
      .sends(
        ...Array.from(
          { length: 10 },
          (_, i) => `${i === 9 ? "P." : "."} ${1 + 100 * i}:${101 + 100 * i}(100) ack 301 ECT(0)`,
        ),
      )
      .arrives("E. 301 ack 101");
    expect(c.endpoint.status()).toMatchObject({ cwnd: 450, recovery: "cwr" });
    c.arrives("E. 301 ack 1001").writes(100).sends("P.W 1001:1101(100) ack 301 ECT(0)");
    expect(c.endpoint.status()).toMatchObject({ ssthresh: 450 });
  });

  test("a mark is echoed until CWR comes", () => {
    ecn()
      .arrives("P. 301:401(100) ack 1 CE")
      .at(200)
      .sends(".E 1 ack 401")
      .arrives("P. 401:501(100) ack 1")
      .at(400)
      .sends(".E 1 ack 501")
      .arrives("P.W 501:601(100) ack 1")
      .at(600)
      .sends(". 1 ack 601");
  });

  test("a SYN that was lost asks no more", () => {
    Conversation.dial(0, { profile: { ...RENO, ecn: "on" } })
      .sends("SEW 0")
      .at(1000)
      .sends("S 0");
  });

  test("a listener agrees only when asked, by both bits", () => {
    const profile: Profile = { ...RENO, ecn: "accept" };
    Conversation.listen(0, { profile }).arrives("SEW 300").sends("S.E 0 ack 301");
    Conversation.listen(0, { profile }).arrives("SE 300").sends("S. 0 ack 301");
    Conversation.listen(0, { profile: RENO }).arrives("SEW 300").sends("S. 0 ack 301");
  });
});

function stamped(): Conversation {
  return Conversation.dial(0, { profile: { ...RENO, timestamps: true }, tsOffset: 1000 })
    .sends("S 0 ts 1000 0")
    .arrives("S. 300 ack 1 ts 50 1000")
    .sends(". 1 ack 301 ts 1000 50");
}

describe("timestamps (RFC 7323)", () => {
  test("an old one is dropped and answered (PAWS)", () => {
    stamped().arrives("P. 301:311(10) ack 1 ts 49 1000").sends(". 1 ack 301 ts 1000 50");
  });

  test("a missing one is dropped, but not of a RST", () => {
    stamped().arrives("P. 301:311(10) ack 1").is("ESTABLISHED").arrives("R 301").is("CLOSED");
  });

  test("after 24 days of silence an old one is taken", () => {
    stamped()
      .at(25 * 86_400_000)
      .arrives("P. 301:311(10) ack 1 ts 40 1000")
      .at(25 * 86_400_000 + 200)
      .sends(". 1 ack 311");
  });

  test("what fills a hole is echoed, not what lies behind it (§4.3)", () => {
    stamped()
      .arrives("P. 401:501(100) ack 1 ts 70 1000")
      .sends(". 1 ack 301 ts 1000 50")
      .arrives("P. 301:401(100) ack 1 ts 60 1000")
      .sends(". 1 ack 501 ts 1000 60");
  });

  test("they take 12 bytes of each segment", () => {
    expect(stamped().endpoint.status().sndMss).toBe(536 - 12);
  });
});

function dial(profile: Profile): Conversation {
  return Conversation.dial(0, { profile })
    .sends("S 0")
    .arrives("S. 300 ack 1 mss 1460")
    .sends(". 1 ack 301");
}

describe("the initial window (RFC 6928) and idle restart (RFC 5681 §4.1)", () => {
  test("ten segments", () => {
    expect(dial(RENO).endpoint.status().cwnd).toBe(14_600);
  });

  test("one, when the SYN was lost twice", () => {
    const c = Conversation.dial(0, { profile: RENO })
      .sends("S 0")
      .at(1000)
      .sends("S 0")
      .at(3000)
      .sends("S 0")
      .arrives("S. 300 ack 1 mss 1460")
      .sends(". 1 ack 301");
    expect(c.endpoint.status()).toMatchObject({ cwnd: 1460, rtoNs: 3e9 });
  });

  test("grows by what is acknowledged, and falls back after an idle time", () => {
    const c = dial({ ...RENO, initialWindow: 2 })
      .writes(2920)
      .sends(". 1:1461(1460) ack 301", "P. 1461:2921(1460) ack 301");
    c.arrives(". 301 ack 1461").arrives(". 301 ack 2921").is("ESTABLISHED");
    expect(c.endpoint.status().cwnd).toBe(4 * 1460);
    c.at(10_000).writes(10).sends("P. 2921:2931(10) ack 301");
    expect(c.endpoint.status().cwnd).toBe(2 * 1460);
  });
});

// Rule 4: the last segment may be lost as well as the first.
test.each([
  [true, [". 1:101(100) ack 301", "P. 801:901(100) ack 301"]],
  [false, [". 1:101(100) ack 301"]],
])(
  "what may be lost goes again with nothing else to send (RFC 6675 §4): %s",
  (resendsDoubtful, sent) => {
    const profile = { ...SACK, initialWindow: 9, resendsDoubtful };
    const c = Conversation.dial(0, { profile })
      .sends("S 0")
      .arrives("S. 300 ack 1 mss 100 sackOK")
      .sends(". 1 ack 301")
      .writes(900);
    const out = Array.from(
      { length: 8 },
      (_, i) => `. ${1 + 100 * i}:${101 + 100 * i}(100) ack 301`,
    );
    c.sends(...out, "P. 801:901(100) ack 301")
      .arrives(". 301 ack 1 sack 101 801")
      .sends(...sent);
  },
);

test("what an episode has sent again is not sent once more by the next one", () => {
  const snd = new Sender(0, new RingPool(0));
  const recovery = new Recovery(0);
  snd.nxt = 1000;
  recovery.begin("recovery", snd);
  snd.nxt = 2000;
  recovery.takeSack([{ left: 1200, right: 1600 }], snd, 0);
  recovery.markLost(100, 3);
  for (let r = recovery.nextLost(100); r !== null; r = recovery.nextLost(100)) recovery.onResent(r);
  snd.una = 1000;
  recovery.onAdvance(snd.una);
  recovery.end(snd);
  recovery.begin("recovery", snd);
  expect(recovery.nextLost(100)).toBeNull();
  expect(recovery.pipe(snd)).toBe(600);
});
