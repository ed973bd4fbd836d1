/**
 * `seqack capture`: packets as they come, printed or kept.
 *
 * @module
 */
import { isIP } from "node:net";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { adviceFor } from "../node/abilities.ts";
import { CaptureError } from "../node/capture/error.ts";
import type { Direction, SnapLen } from "../node/capture/kernel-filter.ts";
import {
  type CaptureEnd,
  type CaptureOptions,
  DEFAULT_RING_BYTES,
  type LiveCapture,
} from "../node/capture/live.ts";
import { startCapture } from "../node/capture/start.ts";
import { ANY_INTERFACE, listInterfaces } from "../node/interfaces.ts";
import { MAX_SNAPLEN } from "../pcap/filter/bpf.ts";
import { FilterError } from "../pcap/filter/error.ts";
import { CaptureLines } from "./capture-lines.ts";
import { ClosedPipe, type Command, Exit, Failure, type Io, UsageError } from "./command.ts";
import { VERSION } from "./commands.ts";
import { filterUsageError } from "./filter-error.ts";
import { parseOptions, toInteger } from "./options.ts";

const OPTIONS = {
  interface: { type: "string", short: "i" },
  write: { type: "string", short: "w" },
  count: { type: "string", short: "c" },
  snaplen: { type: "string", short: "s" },
  buffer: { type: "string", short: "B" },
  direction: { type: "string", short: "Q" },
  absolute: { type: "boolean", short: "S" },
  numeric: { type: "boolean", short: "n" },
  "list-interfaces": { type: "boolean", short: "D" },
  print: { type: "boolean" },
} as const;

const KIB = 1024;
const MAX_RING_KIB = 4 * KIB * KIB;
const STDOUT = 1;

/** The command. */
export const capture: Command = {
  name: "capture",
  summary: text("packets as they come, printed or kept", "实时抓包：打印或保存"),
  usage: text(
    `Usage: seqack capture [-i IF] [-w FILE] [-c N] [FILTER ...]

  seqack capture tcp port 8080           print what passes on every interface
  seqack capture -i lo -w echo.pcapng    keep it, until Ctrl-C
  seqack capture -w - | ssh host ...     write to stdout

FILTER is an expression of pcap-filter(7); quote what the shell would take.

  -i IF       interface; without it, every one, the loopback too ("any")
  -w FILE     write pcapng, readable by you alone; nothing is printed then
  --print     print too, with -w
  -c N        end after N packets
  -s N        bytes kept of each packet; without it, the headers up to TCP or
              UDP and no payload; 0 keeps whole packets
  -B KIB      memory for packets that wait (${DEFAULT_RING_BYTES / KIB})
  -Q in|out|inout   direction
  -S          absolute sequence numbers
  -n          accepted: addresses are never turned into names
  -D          list the interfaces`,
    `用法：seqack capture [-i 接口] [-w 文件] [-c N] [过滤表达式 ...]

  seqack capture tcp port 8080           打印所有接口上经过的报文
  seqack capture -i lo -w echo.pcapng    保存到文件，按 Ctrl-C 结束
  seqack capture -w - | ssh host ...     写到 stdout

过滤表达式的写法见 pcap-filter(7)；shell 会解释的字符请加引号。

  -i 接口     默认为全部接口，包括环回（“any”）
  -w 文件     写成 pcapng，只有你自己可读；此时不打印
  --print     与 -w 同用：同时打印
  -c N        抓到 N 个包后结束
  -s N        每个包保留的字节数；默认只保留到 TCP 或 UDP 首部为止，
              不含数据；0 表示保留整个报文
  -B KIB      等待处理的包可用的内存（${DEFAULT_RING_BYTES / KIB}）
  -Q in|out|inout   方向
  -S          打印绝对序号
  -n          可以写：地址从不转换成名字
  -D          列出接口`,
  ),
  async run(args, io) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    if (values["list-interfaces"] === true) return listAll(io);
    const device = values.interface ?? ANY_INTERFACE;
    const target = values.write ?? null;
    if (target === "-" && io.stdoutIsTerminal) throw noTerminal();
    const lines =
      target === null || values.print === true
        ? new CaptureLines({
            absolute: values.absolute ?? false,
            namesInterface: device === ANY_INTERFACE,
          })
        : null;
    const filter = withoutOwnTerminal(positionals.join(" "), lines !== null, io);
    const options: CaptureOptions = {
      interface: device,
      filter,
      snapLen: toSnapLen(values.snaplen),
      direction: toDirection(values.direction),
      ringBytes:
        values.buffer === undefined
          ? DEFAULT_RING_BYTES
          : toInteger("-B", values.buffer, 1, MAX_RING_KIB) * KIB,
      signal: io.signal,
      ...(values.count !== undefined && { count: toInteger("-c", values.count, 1, 2 ** 48) }),
      ...(lines !== null && { sink: lines.sink, afterPackets: () => io.out(lines.take()) }),
      ...(target !== null && {
        file: { to: target === "-" ? STDOUT : target, application: `seqack ${VERSION}` },
      }),
    };
    const started = await startOrFail(options, filter);
    sayListening(options, started, io);
    return finish(await untilEnd(started, target), io);
  },
};

function noTerminal(): UsageError {
  return new UsageError(
    text(
      "-w - writes a file to stdout, which is a terminal",
      "-w - 会把文件写到 stdout，而它是终端",
    ),
  );
}

function toSnapLen(value: string | undefined): SnapLen {
  if (value === undefined) return "headers";
  return toInteger("-s", value, 0, MAX_SNAPLEN) || MAX_SNAPLEN;
}

function toDirection(value: string = "inout"): Direction {
  if (value === "in" || value === "out" || value === "inout") return value;
  const shown = visible(value);
  throw new UsageError(
    text(
      `option -Q: "${shown}" is none of in, out, inout`,
      `选项 -Q：“${shown}”不是 in、out 或 inout`,
    ),
  );
}

/** Over ssh each line printed makes packets, which would be printed, for ever. */
function withoutOwnTerminal(filter: string, prints: boolean, io: Io): string {
  const [client, port, ...rest] = (process.env["SSH_CONNECTION"] ?? "").split(" ");
  if (!prints || !io.stdoutIsTerminal || rest.length !== 2) return filter;
  if (client === undefined || isIP(client) === 0 || !/^\d+$/.test(port ?? "")) return filter;
  io.err(
    text(
      `leaving out your own ssh connection (${client} port ${port})`,
      `不显示你自己的 ssh 连接（${client} 端口 ${port}）`,
    )[io.lang],
  );
  const own = `not (tcp and host ${client} and port ${port})`;
  return filter.trim() === "" ? own : `(${filter}) and ${own}`;
}

async function startOrFail(options: CaptureOptions, filter: string): Promise<LiveCapture> {
  try {
    return await startCapture(options);
  } catch (e) {
    throw e instanceof CaptureError ? captureFailure(e, filter) : e;
  }
}

/** Why capturing cannot begin, and what to do about it. */
export function captureFailure(error: CaptureError, filter: string): Failure | UsageError {
  const { code, text: why, cause } = error;
  if (cause instanceof FilterError) return filterUsageError(filter, cause);
  if (code === "bad-filter") return new UsageError(why);
  if (code !== "not-permitted") return new Failure(why, Exit.FAILED, error);
  const advice = adviceFor(error);
  const both = text(`${why.en}\n  ${advice.en}`, `${why.zh}\n  ${advice.zh}`);
  return new Failure(both, Exit.NOT_PERMITTED, error);
}

function sayListening(options: CaptureOptions, { ringBytes }: LiveCapture, io: Io): void {
  const name = visible(options.interface);
  const mib = Math.round(ringBytes / KIB / KIB);
  const kept =
    options.snapLen === "headers"
      ? text("headers only", "只保留首部")
      : text(`at most ${options.snapLen} bytes a packet`, `每个包最多 ${options.snapLen} 字节`);
  io.err(
    text(
      `listening on ${name}, ${kept.en}, ring of ${mib} MiB; Ctrl-C ends`,
      `正在监听 ${name}，${kept.zh}，环形缓冲区 ${mib} MiB；按 Ctrl-C 结束`,
    )[io.lang],
  );
}

async function untilEnd(started: LiveCapture, target: string | null): Promise<CaptureEnd> {
  try {
    return await started.ended;
  } catch (e) {
    if (!(e instanceof CaptureError)) throw e;
    if (e.code === "closed-pipe" && target === "-") throw new ClosedPipe();
    throw new Failure(e.text, Exit.FAILED, e);
  }
}

/** tcpdump's three counters. */
function finish({ captured, received, dropped, why }: CaptureEnd, io: Io): number {
  const say = (en: string, zh: string): void => io.err(text(en, zh)[io.lang]);
  if (why !== null) io.err(`seqack: ${why[io.lang]}`);
  say(`${packets(captured)} captured`, `捕获 ${captured} 个包`);
  say(`${packets(received)} received by filter`, `过滤器收到 ${received} 个包`);
  say(`${packets(dropped)} dropped by kernel`, `内核丢弃 ${dropped} 个包`);
  if (dropped > 0) {
    say(
      "packets were lost in the capture, not in the network: a larger ring (-B) or fewer bytes (-s) helps",
      "这些包丢在抓包环节，而不是丢在网络里：可增大缓冲区（-B）或减少保留的字节数（-s）",
    );
  }
  return why === null ? Exit.OK : Exit.FAILED;
}

function packets(n: number): string {
  return `${n} packet${n === 1 ? "" : "s"}`;
}

async function listAll(io: Io): Promise<number> {
  const flags = {
    up: text("Up", "开启"),
    running: text("Running", "运行"),
    loop: text("Loopback", "环回"),
  };
  const rows = listInterfaces().map((i, n) => {
    const state = [
      i.up === true && flags.up[io.lang],
      i.running === true && flags.running[io.lang],
      i.loopback && flags.loop[io.lang],
    ].filter((s) => s !== false);
    return `${n + 1}.${visible(i.name)} [${state.join(", ")}] ${i.addresses.join(" ")}`.trimEnd();
  });
  const any = text("every interface at once", "全部接口")[io.lang];
  await io.out(`${[...rows, `${rows.length + 1}.${ANY_INTERFACE} (${any})`].join("\n")}\n`);
  return Exit.OK;
}
