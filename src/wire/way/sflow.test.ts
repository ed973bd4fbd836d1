import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHex, viewOf } from "../../base/bytes.ts";
import { LinkType } from "../linktype.ts";
import { describeSflow, sflowSamples } from "./sflow.ts";

const word = (n: number): string => n.toString(16).padStart(8, "0");
const words = (...numbers: number[]): string => numbers.map(word).join("");

/** A record with the first `bytes` bytes of a frame of `protocol`, `length` on the wire. */
const header = (protocol: number, length: number, bytes: number): string =>
  words(1, 16 + bytes, protocol, length, 4, bytes) + "ab".repeat(bytes);

const counters = words(2, 8, 7, 7);
const record = words(1001, 4, 0);

function flow(kind: 1 | 3, ...records: string[]): string {
  const body =
    words(...Array.from({ length: kind === 1 ? 7 : 10 }, () => 9), records.length) +
    records.join("");
  return words(kind, body.length / 2) + body;
}

const datagram = (...samples: string[]): DataView =>
  viewOf(parseHex(words(5, 1, 0xc0000201, 0, 1, 2, samples.length) + samples.join("")));

test("the frames of both kinds of flow samples, past counters and other records", () => {
  const v = datagram(
    counters,
    flow(1, record, header(1, 1518, 64)),
    flow(3, header(11, 40, 40), header(12, 60, 8)),
  );
  expect(sflowSamples(v, 0, v.byteLength)).toEqual([
    { linkType: LinkType.ETHERNET, at: 120, capLen: 64, origLen: 1518 },
    { linkType: LinkType.IPV4, at: 260, capLen: 40, origLen: 40 },
    { linkType: LinkType.IPV6, at: 324, capLen: 8, origLen: 60 },
  ]);
});

test("other versions, and headers of networks that lead to no TCP", () => {
  expect(sflowSamples(viewOf(parseHex(words(4, 1, 0, 0, 0, 0, 0))), 0, 28)).toEqual([]);
  const v = datagram(flow(1, header(13, 100, 8)));
  expect(sflowSamples(v, 0, v.byteLength)).toEqual([]);
});

test("cut anywhere: what is there lies inside, and nothing behind the end is read", () => {
  const whole = datagram(flow(1, header(1, 1518, 64)), flow(3, header(1, 60, 60)));
  for (let end = 0; end < whole.byteLength; end++) {
    const v = new DataView(whole.buffer.slice(0, end));
    for (const { at, capLen } of sflowSamples(v, 0, end)) {
      expect(at + capLen).toBeLessThanOrEqual(end);
      expect(capLen).toBeGreaterThanOrEqual(0);
    }
  }
});

test("any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const v = viewOf(Uint8Array.from([0, 0, 0, 5, 0, 0, 0, 1, ...bytes]));
      for (const { at, capLen } of sflowSamples(v, 0, v.byteLength)) {
        expect(at + capLen).toBeLessThanOrEqual(v.byteLength);
      }
    }),
  );
});

test("a datagram is named with its agent, whole or not at all", () => {
  const v4 = viewOf(parseHex(words(5, 1, 0xc0000201, 7, 1, 2, 0)));
  expect(describeSflow(v4, 0, 28)).toBe("sFlowv5, IPv4 agent 192.0.2.1, agent-id 7");
  const v6 = viewOf(parseHex(words(5, 2, 0x20010db8, 0, 0, 1, 7, 1, 2, 0)));
  expect(describeSflow(v6, 0, 40)).toBe("sFlowv5, IPv6 agent 2001:db8::1, agent-id 7");
  for (let end = 0; end < 28; end++) expect(describeSflow(v6, 0, end)).toBeNull();
  expect(describeSflow(viewOf(parseHex(words(4, 1, 0, 0))), 0, 16)).toBeNull();
  expect(describeSflow(viewOf(parseHex(words(5, 3, 0, 0))), 0, 16)).toBeNull();
});
