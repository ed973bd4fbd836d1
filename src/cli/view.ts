/**
 * `seqack view`: the viewer in a browser, for captures or for what passes now.
 *
 * @module
 */
import { closeSync, openSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { CaptureError } from "../node/capture/error.ts";
import { fileName } from "../node/file-name.ts";
import { InputError, openError } from "../node/input-error.ts";
import { CHUNK_LEN, chunksOf } from "../node/input-chunks.ts";
import { openBrowser } from "../node/view/browser.ts";
import { type ServedRecording, startViewServer } from "../node/view/server.ts";
import { captureFailure } from "./capture.ts";
import { type Command, Exit, Failure, type Io, UsageError } from "./command.ts";
import { parseOptions } from "./options.ts";
import { type LiveRecording, startLive } from "./view-live.ts";
import { type PipedRecording, startPipe } from "./view-pipe.ts";

const OPTIONS = {
  interface: { type: "string", short: "i" },
  write: { type: "string", short: "w" },
  "no-open": { type: "boolean" },
} as const;

/** The built page, seen from the bundled command and from this file. */
const PAGE = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/viewer/" : "../viewer/", import.meta.url),
);

/** The command. */
export const view: Command = {
  name: "view",
  summary: text("the viewer in a browser", "在浏览器中查看"),
  usage: text(
    `Usage: seqack view [FILE ...] [--no-open]
       seqack view -i IF [-w FILE] [FILTER ...]

  seqack view echo.pcapng            the recording, in a browser
  seqack view client.pcap server.pcap.gz    several, merged by time
  ssh HOST tcpdump -w - | seqack view -     what comes through a pipe
  seqack view -i lo tcp port 8080    what passes now, as it comes
  seqack view                        an empty page: drop a file on it

The page is served on 127.0.0.1 under an address that nobody can guess, and
reads the recording itself: nothing leaves this machine. Ctrl-C ends.

  -i IF        capture live; FILTER is an expression of pcap-filter(7)
  -w FILE      keep what is captured; without it, it is in a temporary file
               (at most 4 GiB) that is removed in the end
  --no-open    print the address, and open no browser`,
    `用法：seqack view [文件 ...] [--no-open]
      seqack view -i 接口 [-w 文件] [过滤表达式 ...]

  seqack view echo.pcapng            在浏览器中查看这份记录
  seqack view client.pcap server.pcap.gz    多个文件按时间合并
  ssh HOST tcpdump -w - | seqack view -     管道里传来的内容
  seqack view -i lo tcp port 8080    实时查看正在经过的报文
  seqack view                        空白页：把文件拖进去即可

页面只在 127.0.0.1 上提供，地址无法猜到；记录由页面自己读取，
数据不会离开本机。按 Ctrl-C 结束。

  -i 接口      实时抓包；过滤表达式的写法见 pcap-filter(7)
  -w 文件      保存抓到的包；不给出时放在临时文件里
               （最多 4 GiB），结束时删除
  --no-open    只打印地址，不打开浏览器`,
  ),
  async run(args, io) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const live = await liveOf(values.interface, values.write, positionals, io);
    const piped: PipedRecording[] = [];
    try {
      const recordings = live === null ? positionals.map(recordingOf) : [live.recording];
      await serve(recordings, values["no-open"] === true, live, io);
      return Exit.OK;
    } finally {
      live?.close();
      for (const pipe of piped) pipe.close();
    }

    function recordingOf(path: string): ServedRecording {
      if (!isPipe(path)) return fileRecording(path);
      const pipe = startPipe(path, io.signal);
      piped.push(pipe);
      return pipe.recording;
    }
  },
};

/** Whether its bytes come once, and nobody knows how many. */
function isPipe(path: string): boolean {
  return path === "-" || statSync(fileName(path), { throwIfNoEntry: false })?.isFIFO() === true;
}

async function liveOf(
  device: string | undefined,
  keepAt: string | undefined,
  words: readonly string[],
  io: Io,
): Promise<LiveRecording | null> {
  if (device === undefined) {
    if (keepAt === undefined) return null;
    throw new UsageError(
      text(
        "-w keeps a live capture: name an interface with -i",
        "-w 用于保存实时抓包：请用 -i 指定接口",
      ),
    );
  }
  const filter = words.join(" ");
  try {
    const { signal } = io;
    return await startLive({ interface: device, filter, keepAt: keepAt ?? null, signal });
  } catch (e) {
    throw e instanceof CaptureError ? captureFailure(e, filter) : e;
  }
}

/** @throws {InputError} when it cannot be read, {@link Failure} when it is no file. */
function fileRecording(path: string): ServedRecording {
  const size = sizeOf(path);
  const chunks: ServedRecording["chunks"] = (signal) =>
    chunksOf(path, { signal, chunkLen: CHUNK_LEN });
  return { name: visible(basename(path)), size, chunks };
}

function sizeOf(path: string): number {
  const name = fileName(path);
  try {
    const stat = statSync(name);
    // Here, and not only when the page asks for it.
    if (stat.isFile()) closeSync(openSync(name, "r"));
    if (stat.isFile()) return stat.size;
    if (stat.isDirectory()) throw new InputError("directory", path);
  } catch (e) {
    throw e instanceof InputError ? e : openError(path, e);
  }
  throw notAFile(path);
}

function notAFile(path: string): Failure {
  const shown = visible(path);
  return new Failure(
    text(
      `${shown} is no regular file: write what comes to a file first, or capture with -i`,
      `${shown} 不是普通文件：请先写入文件，或用 -i 实时抓包`,
    ),
    Exit.UNREADABLE,
  );
}

async function serve(
  recordings: readonly ServedRecording[],
  isQuiet: boolean,
  live: LiveRecording | null,
  io: Io,
): Promise<void> {
  const server = await startViewServer({ page: PAGE, recordings });
  try {
    await io.out(`${server.url}\n`);
    const isOpened = !isQuiet && io.stdoutIsTerminal && (await openBrowser(server.url));
    io.err(
      isOpened
        ? text("opened in the browser; Ctrl-C ends", "已在浏览器中打开；按 Ctrl-C 结束")[io.lang]
        : text(
            "open this address in a browser; Ctrl-C ends",
            "请在浏览器中打开这个地址；按 Ctrl-C 结束",
          )[io.lang],
    );
    live?.ended.catch(() => {});
    await untilAborted(io.signal);
    await liveEnd(live);
  } finally {
    await server.close();
  }
}

/** @throws {Failure} when the capture could not go on. */
async function liveEnd(live: LiveRecording | null): Promise<void> {
  try {
    await live?.ended;
  } catch (e) {
    throw e instanceof CaptureError ? new Failure(e.text, Exit.FAILED, e) : e;
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
