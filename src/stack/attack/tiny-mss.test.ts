/** Peers and routers that ask for tiny segments (CVE-2019-11479): there is a floor, and no packet is too long. */
import { expect, test } from "vitest";
import { drive, ours, OURS, PLAIN, theirs, THEIRS, victimIn } from "../../testing/attacked.ts";
import { Conversation, parseSegment } from "../../testing/conversation.ts";
import { freebsd, generic, linux } from "../tcp/profile.ts";
import type { TcpSegment } from "../types.ts";

/** Bytes of the smallest full segment there is. */
const FLOOR = 48;

test.each([0, 1, 47, 48, 88])("an MSS of %d", (mss) => {
  const v = victimIn("SYN-SENT");
  const c = v.conversation;
  c.arrives(`S. ${theirs(-1)} ack ${OURS} mss ${mss}`)
    .sends(`. ${OURS} ack ${THEIRS}`)
    .writes(10_000);
  const sizes = new Set<number>();
  drive(c.endpoint, 0, 0, ({ payload }) => {
    sizes.add(payload.length);
    return null;
  });
  expect([...sizes]).toEqual([Math.max(FLOOR, mss)]);
  c.aborts();
  drive(c.endpoint, 0, 1e9);
  c.tells("connected", "closed: aborted");
  expect(c.endpoint.pollAt()).toBe(Infinity);
});

test.each([generic, linux, freebsd])(
  "$name: with timestamps too a segment says something",
  (profile) => {
    const c = Conversation.dial(ours(-1), { profile }).sends(`S ${ours(-1)}`);
    c.arrives(`S. ${theirs(-1)} ack ${OURS} mss 1 ts 1 0 sackOK`).sends(`. ${OURS} ack ${THEIRS}`);
    c.writes(1000);
    const payloads: number[] = [];
    drive(c.endpoint, 0, 0, ({ payload }) => {
      payloads.push(payload.length);
      return null;
    });
    expect(Math.min(...payloads)).toBeGreaterThanOrEqual(FLOOR - 12);
  },
);

test.each([
  [4, 0],
  [4, 1],
  [4, 68],
  [6, 0],
  [6, 68],
  [6, 1279],
])("IPv%d: an ICMP error that tells an MTU of %d", (version, mtu) => {
  const ipHeaderLen = version === 4 ? 20 : 40;
  const c = Conversation.dial(ours(-1), { profile: PLAIN, ipHeaderLen });
  c.sends(`S ${ours(-1)}`).arrives(`S. ${theirs(-1)} ack ${OURS} mss 1400`);
  c.sends(`. ${OURS} ack ${THEIRS}`).writes(100_000 >>> 1);
  drive(c.endpoint, 0, 0);
  for (let i = 0; i < 100; i++) c.endpoint.onIcmp({ kind: "too-big", seq: OURS, mtu }, 0);
  const { sndMss, flight } = c.endpoint.status();
  // IPv6 has no link under 1280 (RFC 8201 §4); IPv4's floor is that of segments.
  const floor = version === 6 ? 1280 - 60 : FLOOR;
  expect([sndMss >= floor, flight > 0]).toEqual([true, true]);
});

/** Options and payload of a segment. */
function bytes({ options, payload }: TcpSegment): number {
  let length = payload.length;
  for (const option of options) {
    if (option.kind === "nop") length += 1;
    if (option.kind === "timestamps") length += 10;
    if (option.kind === "sack") length += 2 + 8 * option.blocks.length;
  }
  return length;
}

test.each([1, 2, 3, 4])(
  "full segments that carry %d SACK blocks are no longer than others (RFC 9293 §3.7.1)",
  (holes) => {
    for (const timestamps of [false, true]) {
      const c = Conversation.dial(ours(-1), { profile: { ...PLAIN, sack: true, timestamps } });
      const ts = (n: number): string => (timestamps ? ` ts ${n} 0` : "");
      c.sends(`S ${ours(-1)}`).arrives(`S. ${theirs(-1)} ack ${OURS} mss 200 sackOK${ts(1)}`);
      c.sends(`. ${OURS} ack ${THEIRS}`);
      for (let i = 1; i <= holes; i++) {
        const [from, to] = [theirs(100 * i), theirs(100 * i + 50)];
        c.endpoint.onSegment(parseSegment(`. ${from}:${to}(50) ack ${OURS}${ts(2)}`), 0);
      }
      c.endpoint.send(new Uint8Array(5000), 0);
      const lengths: number[] = [];
      drive(c.endpoint, 0, 5e9, (segment) => {
        lengths.push(bytes(segment));
        return null;
      });
      expect(Math.max(...lengths)).toBeLessThanOrEqual(200);
      c.endpoint.abort(5e9);
    }
  },
);
