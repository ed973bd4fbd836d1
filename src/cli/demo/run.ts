/**
 * Runs the two programs with a capture around them, and makes the recording:
 * the packets that the kernel sent, and the calls that the programs made.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { text, type Text } from "../../base/lang.ts";
import { dial, listen } from "../../node/net.ts";
import { startCapture } from "../../node/capture/start.ts";
import { measureClock, realtimeNs } from "../../node/clock.ts";
import { recordCalls } from "../../node/diagnostics.ts";
import { NetError } from "../../net/errors.ts";
import { formatAddress } from "../../net/address.ts";
import type { Listener } from "../../net/types.ts";
import { PcapngWriter } from "../../pcap/pcapng-writer.ts";
import type { RecordedEvent } from "../../pcap/event.ts";
import { concat } from "../../base/bytes.ts";
import { Exit, Failure } from "../command.ts";
import { client, server, type Printed } from "../../lab/article.ts";

/** The port of the article's server; another one when it is taken. */
const PORT = 8080;
/** The programs need some milliseconds; something is wrong when they need this long. */
const TIME_LIMIT_MS = 20_000;

/** What a run leaves behind. */
export interface DemoRun {
  /** A pcapng file. */
  readonly recording: Uint8Array<ArrayBuffer>;
  readonly printed: readonly Printed[];
  /** Packets that the kernel had no room for. */
  readonly dropped: number;
}

/** Runs it all once; `progress` hears what goes on. */
export async function runDemo(progress: (what: Text) => void): Promise<DemoRun> {
  const clock = measureClock();
  const recorder = recordCalls(realtimeNs);
  const printed: Printed[] = [];
  try {
    await using listener = await listenSomewhere();
    progress(text("starting the capture on lo", "正在 lo 上开始抓包"));
    const writer = new PcapngWriter({ application: "seqack demo" });
    const parts: Uint8Array[] = [writer.section()];
    const capture = await startCapture({
      interface: "lo",
      filter: `tcp port ${listener.addr.port}`,
      sink: {
        onInterface: (iface) => parts.push(writer.iface(iface)),
        onPacket: (packet) => parts.push(writer.packet(packet)),
      },
    });
    progress(
      text(
        `server and client are talking on ${formatAddress(listener.addr)}`,
        `服务端和客户端正在 ${formatAddress(listener.addr)} 上对话`,
      ),
    );
    await withinTimeLimit(runPrograms(listener, printed));
    const end = await capture.stop();
    const events: RecordedEvent[] = [clock, ...recorder.stop()];
    parts.push(writer.events(events), writer.stats({ iface: 0, ...end }));
    return { recording: concat(...parts), printed, dropped: end.dropped };
  } finally {
    recorder.stop();
  }
}

async function runPrograms(listener: Listener, printed: Printed[]): Promise<void> {
  const serving = server(listener, printed);
  const calling = (async () => {
    await using conn = await dial(listener.addr);
    await client(conn, printed);
  })();
  await Promise.all([serving, calling]);
}

async function listenSomewhere(): Promise<Listener> {
  try {
    return await listen(`127.0.0.1:${PORT}`);
  } catch (e) {
    if (e instanceof NetError && e.code === "in-use") return await listen("127.0.0.1:0");
    throw e;
  }
}

async function withinTimeLimit(work: Promise<void>): Promise<void> {
  const limit = new AbortController();
  const late = sleep(TIME_LIMIT_MS, "late", { signal: limit.signal }).catch(() => "called off");
  const first = await Promise.race([work, late]);
  limit.abort();
  if (first !== "late") return;
  throw new Failure(
    text(
      `the server and the client did not finish within ${TIME_LIMIT_MS / 1000} s`,
      `服务端和客户端未能在 ${TIME_LIMIT_MS / 1000} 秒内结束`,
    ),
    Exit.FAILED,
  );
}
