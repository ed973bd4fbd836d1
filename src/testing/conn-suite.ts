/**
 * What every {@link Conn} must do, on whatever it is made of: a backend is done
 * when this passes on it.
 *
 * ```ts ignore
 * testConn("pipe", async () => {
 *   const [a, b] = pipe({ clock: REAL_CLOCK });
 *   return { a, b, stop: async () => (a.close(), b.close()) };
 * });
 * ```
 *
 * In the spirit of Go's `nettest.TestConn`, and beyond it. No test sleeps to
 * wait for something; the deadlines of some tests pass in real time.
 *
 * @module
 */
import { describe } from "vitest";
import { testAborts } from "./conn-suite-aborts.ts";
import { testCalls, type Observe } from "./conn-suite-calls.ts";
import { testClosing } from "./conn-suite-closing.ts";
import { testDeadlines } from "./conn-suite-deadlines.ts";
import { testIo } from "./conn-suite-io.ts";
import { testStreams } from "./conn-suite-streams.ts";
import { pairTests, type MakePair } from "./conn-pair.ts";

/** What a backend may add for the suite. */
export interface ConnSuiteOptions {
  /** How to hear of the calls of all pairs; without it calls are not tested. */
  readonly observe?: Observe | undefined;
}

/** Holds a backend to the contract of {@link Conn}. */
export function testConn(name: string, makePair: MakePair, options: ConnSuiteOptions = {}): void {
  const pairTest = pairTests(makePair);
  describe(`Conn over ${name}`, () => {
    describe("bytes", () => {
      testIo(pairTest);
    });
    describe("closing", () => {
      testClosing(pairTest);
    });
    describe("deadlines", () => {
      testDeadlines(pairTest);
    });
    describe("signals", () => {
      testAborts(pairTest);
    });
    describe("web streams", () => {
      testStreams(pairTest);
    });
    describe("calls", () => {
      testCalls(pairTest, options.observe);
    });
  });
}
