// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "vitest";
import { testWith } from "../../../test/needs.ts";
import { startTcpdumpCapture, tcpdumpArgs } from "./tcpdump.ts";

test("a filter is no option, whatever it begins with", () => {
  const args = tcpdumpArgs({ interface: "lo", filter: "-w /etc/passwd; rm" });
  expect(args.slice(-2)).toEqual(["--", "-w /etc/passwd; rm"]);
});

test.each(["-w", "", "a b", "a/b", "lo\u001b[2J", "x".repeat(16)])(
  "an interface named %j is refused",
  (name) => {
    expect(() => tcpdumpArgs({ interface: name })).toThrow(/names no interface/);
  },
);

test.each(["lo;rm", "$(x)"])("an interface named %j is one argument", (name) => {
  expect(tcpdumpArgs({ interface: name }).slice(0, 2)).toEqual(["-i", name]);
});

testWith(
  "linux",
  "root",
  "tcpdump",
)("packets through tcpdump: seen from the start, up to stop(), with its counters", async () => {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  const lengths: number[] = [];
  const capture = await startTcpdumpCapture({
    interface: "lo",
    filter: `udp port ${port}`,
    count: 5,
    sink: { onPacket: (p) => void lengths.push(p.origLen) },
  });
  for (let i = 1; i <= 5; i++) {
    await new Promise((sent) => socket.send(Buffer.alloc(i), port, "127.0.0.1", sent));
  }
  const end = await capture.ended;
  socket.close();
  expect(lengths).toEqual([43, 44, 45, 46, 47]);
  expect(end).toMatchObject({ captured: 5, dropped: 0, why: null });
  expect(capture.interfaces[0]).toMatchObject({ name: "lo", filter: `udp port ${port}` });
});

testWith(
  "linux",
  "root",
  "tcpdump",
)("what tcpdump says is why it failed", async () => {
  await expect(startTcpdumpCapture({ interface: "lo", filter: "tcp porx" })).rejects.toThrow(
    /tcpdump says: .*syntax error/,
  );
});
