/**
 * `seqack serve`: the article's echo server.
 *
 * @module
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { text } from "../base/lang.ts";
import { formatAddress } from "../net/address.ts";
import { listen } from "../node/net.ts";
import { type Command, Exit, type Io, UsageError } from "./command.ts";
import { parseOptions } from "./options.ts";
import { serveEcho, type Print } from "./serve-conn.ts";
import { netFailure } from "./serve-failure.ts";

const DEFAULT_ADDRESS = ":8080";

/** Connections that may wait while the server is busy; the kernel's own limit may be lower. */
const BACKLOG = 4096;

/** The command. */
export const serve: Command = {
  name: "serve",
  summary: text("an echo server", "回显服务端"),
  usage: text(
    `Usage: seqack serve [ADDR]

Listens on ADDR (${DEFAULT_ADDRESS}), prints what clients send and answers each message with
"your message is" and the message. Ctrl-C ends all connections in order; a
second Ctrl-C ends at once.

  seqack serve                 port 8080, every address of this machine
  seqack serve 127.0.0.1:9000  one address
  seqack serve :0              any free port; stderr says which

What clients send is printed with control characters escaped.`,
    `用法：seqack serve [地址]

监听指定地址（默认 ${DEFAULT_ADDRESS}），打印客户端发来的内容，并对每条消息回复
“your message is”加上消息本身。按 Ctrl-C 会依次正常关闭所有连接，
再按一次则立即退出。

  seqack serve                 本机所有地址的 8080 端口
  seqack serve 127.0.0.1:9000  只监听一个地址
  seqack serve :0              任意空闲端口，实际端口显示在 stderr

客户端发来的控制字符会转义后再打印。`,
  ),
  async run(args, io) {
    const { positionals } = parseOptions(args, {});
    if (positionals.length > 1) {
      throw new UsageError(text("serve takes one address", "serve 只接受一个地址"));
    }
    const address = positionals[0] ?? DEFAULT_ADDRESS;
    const options = { backlog: BACKLOG, signal: io.signal };
    const listener = await listen(address, options).catch((error: unknown) => {
      throw netFailure("listen", address, error);
    });
    const lines = new Lines(io);
    await lines.print("server started\n");
    const at = formatAddress(listener.addr);
    io.err(text(`listening on ${at}; Ctrl-C ends`, `正在监听 ${at}，按 Ctrl-C 结束`)[io.lang]);
    await serveEcho(listener, io.signal, lines.print);
    await lines.end();
    return Exit.OK;
  },
};

/** Characters that may wait for stdout before the connections that print them wait too. */
const MAX_WAITING = 64 * 1024;
const DONE: Promise<void> = Promise.resolve();

/**
 * Lines of one turn of the event loop leave in one write, in their order: a
 * write each took longer than all the rest of a request. Who prints waits only
 * when stdout is behind.
 */
class Lines {
  readonly #io: Io;
  #waiting = "";
  #leaving: Promise<void> | null = null;
  #broken: { readonly cause: unknown } | null = null;

  constructor(io: Io) {
    this.#io = io;
  }

  readonly print: Print = (line) => {
    if (this.#broken !== null) return Promise.reject(this.#broken.cause);
    this.#waiting += line;
    this.#leaving ??= nextTurn().then(this.#leave);
    return this.#waiting.length > MAX_WAITING ? this.end() : DONE;
  };

  /** Resolves when all is out. @throws What stdout failed with. */
  async end(): Promise<void> {
    await this.#leaving;
    if (this.#broken !== null) throw this.#broken.cause;
  }

  readonly #leave = async (): Promise<void> => {
    try {
      while (this.#waiting !== "") {
        const lines = this.#waiting;
        this.#waiting = "";
        await this.#io.out(lines);
      }
    } catch (cause) {
      this.#broken = { cause };
    }
    this.#leaving = null;
  };
}
