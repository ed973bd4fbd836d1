/**
 * Why listening or dialing failed, for the person at the terminal: what was
 * tried, why it did not work, what helps.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { NetError, type NetErrorCode } from "../net/errors.ts";
import { Exit, Failure, UsageError } from "./command.ts";

type Explain = (address: string) => Text;

const LISTEN: Partial<Record<NetErrorCode, Explain>> = {
  "in-use": (a) =>
    text(
      `cannot listen on ${a}: another program listens there already. End it, or choose another port: seqack serve :8081`,
      `无法监听 ${a}：已有其他程序在监听这个端口。请结束那个程序，或换一个端口：seqack serve :8081`,
    ),
  "not-permitted": (a) =>
    text(
      `cannot listen on ${a}: not permitted. Ports below 1024 are for root; choose a higher one: seqack serve :8080`,
      `无法监听 ${a}：没有权限。1024 以下的端口只有 root 可用，请换一个更大的端口：seqack serve :8080`,
    ),
  "unknown-host": (a) =>
    text(
      `cannot listen on ${a}: no such host. Check the name, or leave it out: seqack serve :8080`,
      `无法监听 ${a}：找不到这个主机名。请检查拼写，或省略主机名：seqack serve :8080`,
    ),
};

const DIAL: Partial<Record<NetErrorCode, Explain>> = {
  refused: (a) =>
    text(
      `cannot connect to ${a}: connection refused, nothing listens there. Start the server first (seqack serve), or check the port.`,
      `无法连接 ${a}：连接被拒绝，那里没有程序在监听。请先启动服务端（seqack serve），或检查端口号。`,
    ),
  "unknown-host": (a) =>
    text(
      `cannot connect to ${a}: no such host. Check the name and the name server.`,
      `无法连接 ${a}：找不到这个主机名。请检查拼写和域名服务器。`,
    ),
  timeout: (a) =>
    text(
      `cannot connect to ${a}: no answer. The machine may be down, or a firewall drops the segments.`,
      `无法连接 ${a}：没有应答。对方可能没有开机，或者防火墙丢弃了报文段。`,
    ),
  unreachable: (a) =>
    text(
      `cannot connect to ${a}: there is no route to it. Check the address and your network.`,
      `无法连接 ${a}：没有到达那里的路由。请检查地址和网络。`,
    ),
};

/** The error to end the command with; other errors pass as they are. */
export function netFailure(op: "listen" | "dial", address: string, cause: unknown): unknown {
  if (!(cause instanceof NetError)) return cause;
  const shown = visible(address);
  const why = cause.message.slice(cause.message.indexOf(": ") + 2);
  if (cause.code === "bad-address" && cause.cause === undefined) {
    return new UsageError(
      text(`"${shown}" is not an address: ${why}`, `“${shown}”不是有效的地址：${why}`),
    );
  }
  const explain = (op === "listen" ? LISTEN : DIAL)[cause.code];
  const said =
    explain?.(shown) ??
    (op === "listen"
      ? text(`cannot listen on ${shown}: ${why}`, `无法监听 ${shown}：${why}`)
      : text(`cannot connect to ${shown}: ${why}`, `无法连接 ${shown}：${why}`));
  const status = cause.code === "not-permitted" ? Exit.NOT_PERMITTED : Exit.FAILED;
  return new Failure(said, status, cause);
}
