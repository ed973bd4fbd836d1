import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Call, CallSink } from "../net/calls.ts";
import { testConn } from "../testing/conn-suite.ts";
import { testListener } from "../testing/listener-suite.ts";
import { CALL_CHANNELS } from "./diagnostics.ts";
import { dial, kernelNetwork, listen } from "./net.ts";

/** Passes what the channels publish on to `sink`. */
function observe(sink: CallSink): () => void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only calls are published there
  const onBegin = (call: unknown): void => sink.onBegin(call as Call);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only calls are published there
  const onEnd = (call: unknown): void => sink.onEnd(call as Call);
  const channels = Object.values(CALL_CHANNELS);
  for (const { start, asyncEnd } of channels) {
    start.subscribe(onBegin);
    asyncEnd.subscribe(onEnd);
  }
  return () => {
    for (const { start, asyncEnd } of channels) {
      start.unsubscribe(onBegin);
      asyncEnd.unsubscribe(onEnd);
    }
  };
}

for (const plainReads of [false, true]) {
  testConn(
    `kernel sockets, ${plainReads ? "by data events" : "one receive buffer"}`,
    async () => {
      const listener = await listen("127.0.0.1:0", { plainReads });
      const [b, a] = await Promise.all([listener.accept(), dial(listener.addr, { plainReads })]);
      listener.close();
      const stop = async (): Promise<void> => {
        a.close();
        b.close();
        await Promise.all([a.closed, b.closed]);
      };
      return { a, b, stop };
    },
    { observe },
  );
}

/** A process that listens with room for two and never accepts: the third SYN gets no answer. */
const DEAF_LISTENER = `
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
const ROOM = 2;

async function makeSilent(): Promise<{ address: string; stop(): void }> {
  const child = spawn(process.execPath, ["-e", DEAF_LISTENER], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(child.stdout, "data");
  const address = `127.0.0.1:${String(port)}`;
  const fillers = await Promise.all(Array.from({ length: ROOM }, () => dial(address)));
  return {
    address,
    stop() {
      for (const conn of fillers) conn.close();
      child.kill("SIGKILL");
    },
  };
}

testListener("kernel sockets", kernelNetwork, {
  addresses: ["127.0.0.1:0", ":0", "localhost:0", "[::1]:0", { port: 0 }, "0.0.0.0:0"],
  unknownHost: "no-such-host.invalid",
  makeSilent,
  observe,
});
