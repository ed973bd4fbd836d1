import { expect, test } from "vitest";
import type { Call } from "../net/calls.ts";
import { codeOf } from "../testing/conn-pair.ts";
import { CALL_CHANNELS, publishCalls, recordCalls } from "./diagnostics.ts";
import { dial, listen } from "./net.ts";

test("every call is recorded, from before it did anything to its result", async () => {
  let time = 0n;
  const recorder = recordCalls(() => ++time);
  const listener = await listen("127.0.0.1:0");
  const accepted = listener.accept();
  const client = await dial(listener.addr);
  const server = await accepted;
  const buf = new Uint8Array(8);
  const reading = server.read(buf);
  await client.write(Uint8Array.of(1, 2, 3));
  expect(await reading).toBe(3);
  await client.closeWrite();
  expect(await server.read(buf)).toBe(null);
  server.close();
  client.close();
  listener.close();
  await Promise.all([server.closed, client.closed]);
  const events = recorder.stop();
  const at = `127.0.0.1:${listener.addr.port}`;
  const said = events.map((e) => `${e.role} ${e.op} ${e.bytes ?? "-"}${e.eof ? " EOF" : ""}`);
  expect(said).toEqual([
    "server listen -",
    "server accept -",
    "client dial -",
    "server read 3",
    "client write 3",
    "client closeWrite -",
    "server read - EOF",
    "server close -",
    "client close -",
    "server close -",
  ]);
  expect(events[0]?.local).toBe(at);
  expect(events[2]).toMatchObject({ conn: client.id, remote: at, error: null });
  expect(events[4]!.begin).toBeLessThan(events[3]!.end!);
  for (const { begin, end } of events) expect(begin).toBeLessThan(end!);
});

test("a call that fails is told on the error channel too, with why", async () => {
  const errors: (string | undefined)[] = [];
  const onError = (call: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only calls are published there
    errors.push((call as Call).error?.code);
  };
  CALL_CHANNELS.dial.error.subscribe(onError);
  expect(await codeOf(dial("no-such-host.invalid:80"))).toBe("unknown-host");
  CALL_CHANNELS.dial.error.unsubscribe(onError);
  expect(errors).toEqual(["unknown-host"]);
});

test("without a subscriber nothing is made", () => {
  const ops = ["listen", "accept", "dial", "read", "write", "closeWrite", "close"] as const;
  expect(ops.filter((op) => publishCalls.isActive(op))).toEqual([]);
});
