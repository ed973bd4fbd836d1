import { expect, test } from "vitest";
import { codeOf, RelaySink } from "../testing/conn-pair.ts";
import { testConn } from "../testing/conn-suite.ts";
import { REAL_CLOCK } from "../testing/real-clock.ts";
import { Calls } from "./calls.ts";
import { pipe } from "./pipe.ts";

const relay = new RelaySink();
const calls = new Calls(relay);

for (const capacity of [65_536, 1000]) {
  testConn(
    `a pipe of ${capacity} bytes`,
    async () => {
      const [a, b] = pipe({ clock: REAL_CLOCK, calls, capacity });
      const stop = async (): Promise<void> => {
        a.close();
        b.close();
        await Promise.all([a.closed, b.closed]);
      };
      return { a, b, stop };
    },
    { observe: (sink) => relay.add(sink) },
  );
}

test("closing with unread bytes resets, as TCP must (RFC 9293 §3.6.1)", async () => {
  const [a, b] = pipe();
  const read = codeOf(a.read(new Uint8Array(1)));
  await a.write(Uint8Array.of(1));
  b.close();
  expect(await read).toBe("reset");
});

test("a pipe needs room for a byte", () => {
  expect(() => pipe({ capacity: 0 })).toThrow(RangeError);
});
