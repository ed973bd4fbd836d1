// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { createSocket } from "node:dgram";
import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { testWith } from "../../test/needs.ts";
import { PLAIN } from "../report/paint.ts";
import { capture } from "./capture.ts";
import { Exit, type Io } from "./command.ts";

interface Heard {
  readonly io: Io;
  readonly out: string[];
  readonly err: string[];
  readonly stop: () => void;
  /** Resolves when the capture says that it listens. */
  readonly listening: Promise<unknown>;
}

function fakeIo(): Heard {
  const [out, err]: string[][] = [[], []];
  const end = new AbortController();
  const heard = new EventEmitter();
  const io: Io = {
    out: async (data) => void out!.push(String(data)),
    err(line) {
      err!.push(line);
      if (line.startsWith("listening on")) heard.emit("listening");
    },
    stdin: process.stdin,
    lang: "en",
    columns: 80,
    paint: PLAIN,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: end.signal,
  };
  return { io, out: out!, err: err!, stop: () => end.abort(), listening: once(heard, "listening") };
}

testWith("linux", "root")("Ctrl-C ends in order: every line, then three counters", async () => {
  const { io, out, err, stop, listening } = fakeIo();
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  const running = capture.run(["-i", "lo", "udp", "port", String(port)], io);
  await listening;
  for (let i = 0; i < 3; i++) {
    await new Promise((sent) => socket.send("hello", port, "127.0.0.1", sent));
  }
  stop();
  expect(await running).toBe(Exit.OK);
  socket.close();
  const lines = out.join("").trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{6} IP 127\.0\.0\.1\.\d+ > .* length 5$/);
  }
  expect(err.slice(1)).toEqual([
    "3 packets captured",
    "3 packets received by filter",
    "0 packets dropped by kernel",
  ]);
});

testWith("linux").each([
  [["-i", "no\u001b[2Jpe"], /^there is no interface "no\\x1b\[2Jpe"; there are: lo/],
  [["-Q", "up"], /option -Q: "up" is none of in, out, inout/],
  [["-c", "-1"], /option -c/],
  [["-s", "1e309"], /option -s: "1e309" is not a whole number/],
])("capture %j is refused in plain words", async (args, why) => {
  await expect(capture.run(args, fakeIo().io)).rejects.toThrow(why);
});

test("-D lists the interfaces, and all of them at once", async () => {
  const { io, out } = fakeIo();
  expect(await capture.run(["-D"], io)).toBe(Exit.OK);
  expect(out.join("")).toMatch(
    /^1\.\S+ \[.*\].*\n(?:.*\n)*\d+\.any \(every interface at once\)\n$/,
  );
});

testWith("linux", "root")(
  "a file that cannot be written is an error that names it and says why",
  async () => {
    const { io } = fakeIo();
    const running = capture.run(["-i", "lo", "-c", "1", "-w", "/no/such/folder/x.pcapng"], io);
    await expect(running).rejects.toThrow(
      "cannot write the packets to /no/such/folder/x.pcapng: no such directory",
    );
  },
);
