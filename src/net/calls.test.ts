import { expect, test } from "vitest";
import { CallLog, Calls, type Caller } from "./calls.ts";
import { NetError } from "./errors.ts";

const CLIENT: Caller = { role: "client", id: 1, local: "127.0.0.1:2", remote: "127.0.0.1:80" };

/** A log whose clock ticks at every reading. */
function ticking(): { log: CallLog; calls: Calls } {
  let time = 0n;
  const log = new CallLog(() => ++time);
  return { log, calls: new Calls(log) };
}

test("while nobody listens a call is nothing", () => {
  const calls = new Calls();
  expect(calls.begin("read", CLIENT)).toBe(null);
  calls.done(null, 1);
  calls.fail(null, new NetError({ op: "read", code: "closed" }));
  expect([calls.nextConn(), calls.nextConn()]).toEqual([1, 2]);
});

test("CallLog has each call with the times of its begin and its end", () => {
  const { log, calls } = ticking();
  const read = calls.begin("read", CLIENT);
  const write = calls.begin("write", CLIENT);
  calls.done(write, 10);
  calls.done(read, null);
  const common = {
    kind: "call",
    role: "client",
    conn: 1,
    local: "127.0.0.1:2",
    remote: "127.0.0.1:80",
    error: null,
  };
  expect(log.close()).toEqual([
    { ...common, id: 1, op: "read", begin: 1n, end: 4n, bytes: null, eof: true },
    { ...common, id: 2, op: "write", begin: 2n, end: 3n, bytes: 10, eof: false },
  ]);
});

test("a write that failed has the bytes that go out all the same", () => {
  const { log, calls } = ticking();
  const write = calls.begin("write", CLIENT);
  calls.fail(write, new NetError({ op: "write", code: "timeout", bytes: 7 }));
  expect(log.take()).toMatchObject([{ op: "write", bytes: 7, error: "timeout" }]);
  expect(log.take()).toEqual([]);
});

test("take() gives ended calls once, close() the rest with those that wait", () => {
  const { log, calls } = ticking();
  const [first, second] = [calls.begin("read", CLIENT), calls.begin("read", CLIENT)];
  const third = calls.begin("close", CLIENT);
  calls.done(second, 1);
  expect(log.take().map(({ id }) => id)).toEqual([2]);
  calls.done(third, null);
  expect(log.close()).toMatchObject([
    { id: 1, end: null },
    { id: 3, end: 5n },
  ]);
  calls.done(first, 5);
  expect(calls.begin("read", CLIENT)).toBe(null);
  expect(log.close()).toEqual([]);
});

test("a log that came too late leaves out calls whose begin it has not seen", () => {
  const log = new CallLog(() => 0n);
  const early = new Calls({
    isActive: () => true,
    onBegin: () => {},
    onEnd: (call) => log.onEnd(call),
  });
  early.done(early.begin("read", CLIENT), 3);
  expect(log.close()).toEqual([]);
});
