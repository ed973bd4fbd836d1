/** Flags that no segment should have together, in every state (RFC 9293 §3.10.7), and SYNs with data. */
import { describe, expect, test } from "vitest";
import { drive, ours, OURS, theirs, THEIRS, victim, victimIn } from "../../testing/attacked.ts";
import { parseSegment } from "../../testing/conversation.ts";
import { linux } from "../tcp/profile.ts";

const LATER = [
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
  "TIME-WAIT",
] as const;

const NO_ACK = ["no ACK"];
const NOT_EXACT = ["RST that is not exact"];

describe.each(LATER)("%s", (state) => {
  // In the window, but for its first number: what may come is a guess.
  test.each([
    ["none", NO_ACK],
    ["F", NO_ACK],
    ["FPU", NO_ACK],
    ["U", NO_ACK],
    ["PU", NO_ACK],
    ["SF", ["SYN"]],
    ["SFPU", ["SYN"]],
    ["S", ["SYN"]],
    ["SR", NOT_EXACT],
    ["SFRPU", NOT_EXACT],
    ["R", NOT_EXACT],
  ])("%s with ten bytes is refused and changes nothing", (flags, why) => {
    const v = victimIn(state);
    const { endpoint } = v.conversation;
    const before = endpoint.status();
    endpoint.onSegment(parseSegment(`${flags} ${theirs(5)}:${theirs(15)}(10) urg 3`), 0);
    drive(endpoint, 0, 0);
    const after = endpoint.status();
    expect(v.refused.take()).toEqual(why);
    expect([after.state, after.rcvNxt, after.sndUna, after.receiveQueue, after.outOfOrder]).toEqual(
      [state, before.rcvNxt, before.sndUna, 0, 0],
    );
    endpoint.abort(0);
    drive(endpoint, 0, Infinity);
    expect([endpoint.state, endpoint.pollAt()]).toEqual(["CLOSED", Infinity]);
  });
});

describe("SYN-SENT", () => {
  test.each([
    ["none", "neither SYN nor RST"],
    ["F", "neither SYN nor RST"],
    ["FPU", "neither SYN nor RST"],
    ["SR", "RST without ACK"],
    ["SFRPU", "RST without ACK"],
  ])("%s is dropped", (flags, why) => {
    const v = victimIn("SYN-SENT");
    v.conversation
      .arrives(`${flags} ${THEIRS}:${theirs(10)}(10)`)
      .is("SYN-SENT")
      .aborts();
    expect(v.refused.take()).toEqual([why]);
    v.conversation.is("CLOSED");
    expect(v.conversation.endpoint.pollAt()).toBe(Infinity);
  });

  test.each([-1, 0 - 2 ** 30, 1, 2 ** 31 - 2])(
    "an ACK that is %d off is answered by RST",
    (off) => {
      const v = victimIn("SYN-SENT");
      for (const flags of ["S.", ".", "F.", "SF."])
        v.conversation.arrives(`${flags} ${THEIRS} ack ${ours(off)}`).sends(`R ${ours(off)}`);
      v.conversation.arrives(`R. ${THEIRS} ack ${ours(off)}`).is("SYN-SENT");
      v.conversation.arrives(`R. ${THEIRS} ack ${OURS}`).is("CLOSED").tells("closed: refused");
    },
  );
});

describe("LISTEN", () => {
  test.each(["none", "F", "FPU", "R", "SR", "SFRPU", "R."])("%s is dropped", (flags) => {
    const ack = flags === "R." ? ` ack ${OURS}` : "";
    const v = victimIn("LISTEN");
    v.conversation.arrives(`${flags} ${THEIRS}:${theirs(10)}(10)${ack}`).is("LISTEN");
    expect(v.refused.take().length).toBe(1);
  });

  test("SYN with FIN is dropped where the profile says so, else the FIN does not count", () => {
    victimIn("LISTEN", { profile: linux })
      .conversation.arrives(`SF ${theirs(-1)}`)
      .is("LISTEN");
    const { conversation } = victimIn("LISTEN");
    conversation.arrives(`SF ${theirs(-1)}`).sends(`S. ${ours(-1)} ack ${THEIRS}`);
    conversation.arrives(`. ${THEIRS} ack ${OURS}`).is("ESTABLISHED");
  });

  test("the data of a SYN is neither kept nor acknowledged, and comes again", () => {
    const { conversation } = victimIn("LISTEN");
    conversation.arrives(`S ${theirs(-1)}:${theirs(999)}(1000) mss 100`);
    conversation.sends(`S. ${ours(-1)} ack ${THEIRS}`).reads(2000, 0);
    conversation.arrives(`. ${THEIRS}:${theirs(1000)}(1000) ack ${OURS}`);
    conversation
      .at(200)
      .sends(`. ${OURS} ack ${theirs(1000)}`)
      .is("ESTABLISHED")
      .reads(2000, 1000);
    conversation.aborts().sends(`R. ${OURS} ack ${theirs(1000)}`);
    expect(conversation.endpoint.pollAt()).toBe(Infinity);
  });
});

describe("SYN-RECEIVED", () => {
  test("an ACK that acknowledges nothing of ours is answered by RST, and the handshake goes on", () => {
    const v = victimIn("SYN-RECEIVED");
    for (const ack of [ours(-1), ours(1), ours(2 ** 30), ours(-(2 ** 30))])
      v.conversation.arrives(`. ${THEIRS} ack ${ack}`).sends(`R ${ack}`).is("SYN-RECEIVED");
    v.conversation.arrives(`. ${THEIRS} ack ${OURS}`).is("ESTABLISHED");
  });

  test("who never ends it is given up", () => {
    const v = victimIn("SYN-RECEIVED");
    const { endpoint } = v.conversation;
    // All answered by SYN-ACKs, which are few.
    const sent = drive(endpoint, 0, Infinity);
    expect([sent, endpoint.state]).toEqual([5, "CLOSED"]);
    v.conversation.tells("closed: timeout");
  });
});

test("data behind a FIN is not taken, whatever it is", () => {
  const v = victim();
  v.conversation.arrives(`F. ${THEIRS}:${theirs(10)}(10) ack ${OURS}`);
  v.conversation.sends(`. ${OURS} ack ${theirs(11)}`).is("CLOSE-WAIT");
  v.conversation.arrives(`. ${theirs(11)}:${theirs(21)}(10) ack ${OURS}`);
  v.conversation.reads(100, 10).reads(100, null);
  v.conversation.arrives(`F. ${theirs(11)}:${theirs(21)}(10) ack ${OURS}`).reads(100, null);
  v.conversation.closesWrite().sends(`F. ${OURS} ack ${theirs(11)}`);
  v.conversation.arrives(`. ${theirs(11)} ack ${ours(1)}`).is("CLOSED");
});

describe("TIME-WAIT is not cut short (RFC 1337), nor made longer for ever", () => {
  test("by a RST, by old data, by a late SYN", () => {
    const v = victimIn("TIME-WAIT");
    const ack = `. ${ours(1)} ack ${theirs(1)}`;
    v.conversation.arrives(`R ${theirs(1)}`).is("TIME-WAIT");
    v.conversation.arrives(`. ${theirs(-20)}:${theirs(-10)}(10) ack ${OURS}`).sends(ack);
    v.conversation
      .arrives(`S ${theirs(-100)}`)
      .sends(ack)
      .is("TIME-WAIT");
    expect(v.refused.take()).toEqual([
      "RST in TIME-WAIT",
      "outside the window",
      "outside the window",
    ]);
    v.conversation.at(240_000).is("CLOSED");
  });

  test("a FIN again and again holds it, at a bounded number of answers", () => {
    const v = victimIn("TIME-WAIT");
    const { endpoint } = v.conversation;
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      endpoint.onSegment(parseSegment(`F. ${THEIRS} ack ${ours(1)}`), i);
      answers += drive(endpoint, i, i);
    }
    expect(answers).toBe(10);
    drive(endpoint, 1000, Infinity);
    expect(endpoint.state).toBe("CLOSED");
  });
});
