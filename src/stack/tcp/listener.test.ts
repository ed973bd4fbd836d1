import { expect, test } from "vitest";
import { parseSegment, showSegment } from "../../testing/conversation.ts";
import type { EndpointInit, TcpEndpoint, TcpListener } from "../types.ts";
import { makeListener } from "./listener.ts";
import { generic } from "./profile.ts";

const init: EndpointInit = {
  localPort: 80,
  remotePort: 40_000,
  mtu: 1500,
  ipHeaderLen: 20,
  iss: 0,
  profile: generic,
};

function begin(listener: TcpListener): TcpEndpoint | null {
  const result = listener.onSegment(parseSegment("S 300"), init, 0);
  return result !== null && "endpoint" in result ? result.endpoint : null;
}

test("accepts those whose handshake is done, in the order in which they were", () => {
  const listener = makeListener({ localPort: 80, backlog: 5 });
  const a = begin(listener);
  const b = begin(listener);
  for (const endpoint of [a, b]) endpoint?.poll(0);
  expect([listener.halfOpen, listener.ready, listener.accept()]).toEqual([2, 0, null]);
  b?.onSegment(parseSegment(". 301 ack 1"), 1);
  a?.onSegment(parseSegment(". 301 ack 1"), 2);
  expect([listener.halfOpen, listener.ready]).toEqual([0, 2]);
  expect([listener.accept(), listener.accept(), listener.accept()]).toEqual([b, a, null]);
});

test("of too many half open ones the oldest gives way (RFC 4987 §3.4)", () => {
  const listener = makeListener({ localPort: 80, backlog: 5, halfOpen: 3 });
  const made = Array.from({ length: 1000 }, () => begin(listener));
  expect(listener.halfOpen).toBe(3);
  expect(made.map((endpoint) => endpoint?.state)).toEqual([
    ...Array<string>(997).fill("CLOSED"),
    ...Array<string>(3).fill("SYN-RECEIVED"),
  ]);
});

test("the backlog holds so many, and those that failed make room", () => {
  const listener = makeListener({ localPort: 80, backlog: 1, halfOpen: 1 });
  const a = begin(listener);
  a?.poll(0);
  a?.onSegment(parseSegment("R 301"), 1);
  const b = begin(listener);
  b?.poll(2);
  b?.onSegment(parseSegment(". 301 ack 1"), 3);
  expect([listener.ready, begin(listener)]).toEqual([1, null]);
});

test("an ACK is answered by RST, a RST by nothing", () => {
  const listener = makeListener({ localPort: 80, backlog: 1 });
  const result = listener.onSegment(parseSegment(". 300 ack 7"), init, 0);
  expect(result !== null && "reply" in result && showSegment(result.reply)).toBe("R 7");
  expect(listener.onSegment(parseSegment("R 300"), init, 0)).toBeNull();
});

test("close aborts those that nobody accepted", () => {
  const listener = makeListener({ localPort: 80, backlog: 1 });
  const a = begin(listener);
  a?.poll(0);
  a?.onSegment(parseSegment(". 301 ack 1"), 1);
  listener.close(2);
  expect(a?.state).toBe("CLOSED");
});
