import { expect, test } from "vitest";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Deadline } from "./deadline.ts";

/** A deadline for one call that waits from the start, and what became of it. */
function waitingCall(): { clock: VirtualClock; deadline: Deadline; call: { waits: boolean } } {
  const clock = new VirtualClock();
  const call = { waits: true };
  const deadline = new Deadline(clock, {
    isWaiting: () => call.waits,
    onPast: () => (call.waits = false),
  });
  return { clock, deadline, call };
}

test("a deadline passes at its time, not before", () => {
  const { clock, deadline, call } = waitingCall();
  deadline.set(100);
  clock.advance(99.9);
  expect([call.waits, deadline.isPast()]).toEqual([true, false]);
  clock.advance(0.1);
  expect([call.waits, deadline.isPast()]).toEqual([false, true]);
});

test("a deadline put off keeps its timer, which then waits for the rest", () => {
  const { clock, deadline, call } = waitingCall();
  for (let at = 0; at < 1000; at += 10) {
    deadline.set(100);
    expect(clock.pending).toBe(1);
    clock.advance(10);
  }
  expect(call.waits).toBe(true);
  clock.advance(89);
  expect(call.waits).toBe(true);
  clock.advance(1);
  expect([call.waits, clock.pending]).toEqual([false, 0]);
});

test("a deadline moved nearer passes at the new time", () => {
  const { clock, deadline, call } = waitingCall();
  deadline.set(1000);
  deadline.set(10);
  clock.advance(10);
  expect([call.waits, clock.pending]).toEqual([false, 0]);
});

test("no timer while nothing waits", () => {
  const { clock, deadline, call } = waitingCall();
  call.waits = false;
  deadline.set(100);
  expect(clock.pending).toBe(0);
  clock.advance(200);
  expect(deadline.isPast()).toBe(true);
  deadline.set(null);
  expect(deadline.isPast()).toBe(false);
});

test("a timer that fires for nobody is not set again", () => {
  const { clock, deadline, call } = waitingCall();
  deadline.set(100);
  call.waits = false;
  deadline.set(500);
  clock.advance(100);
  expect(clock.pending).toBe(0);
  call.waits = true;
  deadline.arm();
  clock.advance(399);
  expect(call.waits).toBe(true);
  clock.advance(1);
  expect(call.waits).toBe(false);
});

test("a deadline beyond what a timer takes passes all the same, once", () => {
  const { clock, deadline, call } = waitingCall();
  deadline.set(2 ** 33);
  clock.advance(2 ** 33 - 1);
  expect([call.waits, clock.pending]).toEqual([true, 1]);
  clock.advance(1);
  expect([call.waits, clock.pending]).toEqual([false, 0]);
});
