/**
 * `seqack dial`: the article's interactive client.
 *
 * @module
 */
import { text } from "../base/lang.ts";
import { NetError } from "../net/errors.ts";
import type { Conn } from "../net/types.ts";
import { dial as dialTcp } from "../node/net.ts";
import { type Command, Exit, type Io, UsageError } from "./command.ts";
import { isQuit, linesOf } from "./dial-input.ts";
import { Replies } from "./dial-replies.ts";
import { goError } from "./echo-text.ts";
import { parseOptions } from "./options.ts";
import { netFailure } from "./serve-failure.ts";

const DEFAULT_ADDRESS = "127.0.0.1:8080";

/** For all of a dial, name look-up included. */
const DIAL_MS = 30_000;

/** After the last message: how long the server may be silent before we go. */
const GOODBYE_MS = 5000;

/** The command. */
export const dial: Command = {
  name: "dial",
  summary: text("its interactive client", "它的交互式客户端"),
  usage: text(
    `Usage: seqack dial [ADDR]

Connects to ADDR (${DEFAULT_ADDRESS}), sends each line that you type and prints
the answer. A line with q or Q, the end of the input or Ctrl-C closes the
connection.

  seqack dial                        the server of "seqack serve"
  seqack dial example.org:80         any server
  printf 'hello\\n' | seqack dial     one message, then the end

On a terminal control characters of the answer are escaped; in a pipe or file
its bytes are left as they are.`,
    `用法：seqack dial [地址]

连接到指定地址（默认 ${DEFAULT_ADDRESS}），把输入的每一行发送出去并打印回复。
输入 q 或 Q、输入结束或按 Ctrl-C 都会关闭连接。

  seqack dial                        连接 “seqack serve” 的服务端
  seqack dial example.org:80         连接任意服务端
  printf 'hello\\n' | seqack dial     发送一条消息后结束

在终端上会转义回复里的控制字符；输出到管道或文件时字节保持原样。`,
  ),
  async run(args, io) {
    const { positionals } = parseOptions(args, {});
    if (positionals.length > 1) {
      throw new UsageError(text("dial takes one address", "dial 只接受一个地址"));
    }
    const address = positionals[0] ?? DEFAULT_ADDRESS;
    const options = { timeoutMs: DIAL_MS, signal: io.signal };
    const conn = await dialTcp(address, options).catch((error: unknown) => {
      if (io.signal.aborted) return null;
      throw netFailure("dial", address, error);
    });
    if (conn === null) return Exit.OK;
    const onAbort = (): void => conn.close();
    io.signal.addEventListener("abort", onAbort);
    try {
      if (io.signal.aborted) return Exit.OK;
      await io.out("client connected\n");
      return await talk(conn, io);
    } finally {
      io.signal.removeEventListener("abort", onAbort);
      conn.close();
      io.stdin.destroy();
    }
  },
};

/** Until one side has had enough: the exit status. */
async function talk(conn: Conn, io: Io): Promise<number> {
  const replies = new Replies(conn, {
    out: (data) => io.out(data),
    isTerminal: io.stdoutIsTerminal,
  });
  const state = { isQuit: false, isDone: false };
  const received = replies.receive();
  const sent = send(conn, io, replies).then((how) => {
    state.isQuit = how === "quit";
    state.isDone = true;
    if (state.isQuit) conn.close();
    else conn.setReadDeadline(GOODBYE_MS);
  });
  // Each is heard through the race; the one that loses it fails in silence.
  received.catch(() => {});
  try {
    const how = await Promise.race([received.then(() => "server"), sent.then(() => received)]);
    // All is well when the server ended after we did.
    if (how !== "server" || state.isDone) return Exit.OK;
    await io.out("recv failed, err: EOF\n");
    return Exit.FAILED;
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    // A server that stays silent after our FIN has no more to say.
    if (state.isQuit || io.signal.aborted || error.code === "timeout") return Exit.OK;
    const what = error.op === "write" ? "send" : "recv";
    await io.out(`${what} failed, err: ${goError(error)}\n`);
    return Exit.FAILED;
  }
}

/** Sends what is typed: `"quit"` on `q`, `"end"` after the last line and a FIN. */
async function send(conn: Conn, io: Io, replies: Replies): Promise<"quit" | "end"> {
  for await (const piece of linesOf(io.stdin)) {
    if (isQuit(piece)) return "quit";
    replies.sent(piece.bytes, piece.isFirst);
    await conn.write(piece.bytes);
    if (piece.isLast) await replies.complete();
  }
  await conn.closeWrite();
  return "end";
}
