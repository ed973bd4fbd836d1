/** Users that do what nobody should: in the middle of an event, with bytes that are not theirs any more, and clocks that go back. */
import { expect, test } from "vitest";
import { pattern } from "../../testing/pattern.ts";
import { startTransfer, twoHosts, type TwoHosts } from "../../testing/two-hosts.ts";
import type { Socket } from "../host/socket.ts";

const MS = 1e6;
const SECOND = 1e9;
const LONG = 3600 * SECOND;

function left({ sim, client, server }: TwoHosts): number[] {
  return [client.connections, server.connections, sim.nextNs];
}
const NOTHING = [0, 0, Infinity];

const DEEDS: readonly [string, (socket: Socket, nowNs: number) => void][] = [
  ["aborts", (socket, nowNs) => socket.abort(nowNs)],
  ["closes", (socket, nowNs) => socket.close(nowNs)],
  ["closes twice", (socket, nowNs) => [socket.close(nowNs), socket.close(nowNs)]],
  [
    "reads, then aborts, then reads and sends",
    (socket, nowNs) => {
      socket.receive(new Uint8Array(10), nowNs);
      socket.abort(nowNs);
      expect(socket.receive(new Uint8Array(10), nowNs)).not.toBe(0);
      expect(socket.send(new Uint8Array(10), nowNs)).toBe(0);
    },
  ],
  [
    "gives its place to nobody",
    (socket, nowNs) => {
      socket.user = null;
      socket.close(nowNs);
    },
  ],
];

test.each(
  DEEDS.flatMap(([name, deed]) => ["10.0.0.2", "127.0.0.1"].map((to) => [name, to, deed] as const)),
)("a user %s in the first event that it hears, over %s: nothing is left", (_, to, deed) => {
  for (const type of ["connected", "readable", "writable"]) {
    const hosts = twoHosts({ delayNs: MS });
    const near = to === "127.0.0.1" ? { ...hosts, client: hosts.server } : hosts;
    const { socket, client } = startTransfer(near, { up: 100_000, down: 100_000, to });
    let isDone = false;
    socket.user = {
      onEvent(event, itself, nowNs) {
        if (!isDone && event.type === type) {
          isDone = true;
          deed(itself, nowNs);
        } else if (itself.user !== null) client.onEvent(event, itself, nowNs);
      },
    };
    hosts.sim.run(LONG);
    expect(left(hosts)).toEqual(NOTHING);
  }
});

test.each(["10.0.0.2", "127.0.0.1"])(
  "bytes that change after `send` are those of the call, over %s",
  (to) => {
    const hosts = twoHosts({ delayNs: MS });
    const near = to === "127.0.0.1" ? hosts.server : hosts.client;
    const listener = hosts.server.listen(to, 80);
    const socket = near.connect(to, 80, 0);
    hosts.sim.run(SECOND);
    const accepted = listener.accept()!;
    const bytes = pattern(1, 10_000);
    expect(socket.send(bytes, SECOND)).toBe(10_000);
    bytes.fill(0);
    hosts.sim.run(2 * SECOND);
    const into = new Uint8Array(10_000);
    expect(accepted.receive(into, 2 * SECOND)).toBe(10_000);
    expect(into).toEqual(pattern(1, 10_000));
    for (const end of [socket, accepted]) end.abort(2 * SECOND);
    hosts.sim.run(LONG);
    expect(left(hosts)).toEqual(NOTHING);
  },
);

test("a clock that goes back: no storm, and the transfer goes on when it is right again", () => {
  const hosts = twoHosts({ delayNs: MS });
  const { server } = startTransfer(hosts, { up: 1_000_000, down: 0 });
  hosts.sim.run(20 * MS);
  const sent = hosts.client.counters.sent;
  for (const nowNs of [10 * MS, 0, -SECOND, 15 * MS]) hosts.client.poll(nowNs);
  expect(hosts.client.counters.sent - sent).toBeLessThan(100);
  hosts.sim.run(LONG);
  expect(server.received).toBe(1_000_000);
  expect(left(hosts)).toEqual(NOTHING);
});

test("a connection to itself: both ends are one, opened at once with itself (RFC 9293 §3.5)", () => {
  const hosts = twoHosts();
  const { sim, server: host } = hosts;
  const socket = host.connect("127.0.0.1", 4000, 0, { localAddress: "127.0.0.1", localPort: 4000 });
  sim.run(SECOND);
  expect(socket.endpoint.state).toBe("ESTABLISHED");
  expect(socket.send(pattern(1, 5000), SECOND)).toBe(5000);
  sim.run(2 * SECOND);
  const into = new Uint8Array(6000);
  expect(socket.receive(into, 2 * SECOND)).toBe(5000);
  expect(into.subarray(0, 5000)).toEqual(pattern(1, 5000));
  socket.close(2 * SECOND);
  sim.run(LONG);
  expect(left(hosts)).toEqual(NOTHING);
});
