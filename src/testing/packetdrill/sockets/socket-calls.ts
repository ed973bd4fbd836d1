/**
 * System calls on sockets. Each gives its result, or a {@link Blocked} call that is tried again
 * whenever something has happened.
 *
 * @module
 */
import type { CallResult } from "../runner/stack-under-test.ts";
import type { SystemCall } from "../runner/system-call.ts";
import { failed, succeeded } from "./errno.ts";
import { getSocketOption, setSocketOption } from "./socket-options.ts";
import type { Socket } from "./socket.ts";
import type { SocketTable } from "./socket-table.ts";
import { Read, readyEvents, Write } from "./transfer.ts";

/** A call that waits. */
export interface Blocked {
  /** Its result, or `null` while it has to wait. */
  attempt(nowNs: number): CallResult | null;
  /** When it ends at the latest. */
  readonly untilNs: number;
}

/** What `O_RDWR` is, as F_GETFL gives it. */
const O_RDWR = 2;

/** Begins a call. */
export function beginCall(
  call: SystemCall,
  table: SocketTable,
  nowNs: number,
): CallResult | Blocked {
  if (call.name === "socket") return succeeded(table.open(call.isNonblocking).handle);
  if (call.name === "poll") return poll(call, table, nowNs);
  const socket = table.find(call.handle);
  if (socket === undefined) return failed("EBADF");
  switch (call.name) {
    case "bind":
      table.bind(socket);
      return succeeded();
    case "listen":
      return table.listen(socket, call.backlog);
    case "accept":
      return accept(socket, table, call.isNonblocking, nowNs);
    case "connect":
      return call.disconnect ? table.disconnect(socket, nowNs) : connect(socket, table, nowNs);
    case "read":
    case "write":
      return transfer(call, socket, nowNs);
    case "shutdown":
      return shutdown(socket, call.how, nowNs);
    case "close":
      table.close(socket, nowNs);
      return succeeded();
    case "get-flags":
      return succeeded(O_RDWR | (socket.isNonblocking ? table.personality.nonblockBit : 0));
    case "set-flags":
      socket.isNonblocking = call.isNonblocking;
      return succeeded();
    case "set-option":
      return setSocketOption(socket, call, table, nowNs);
    case "get-option":
      return getSocketOption(socket, call.option, table);
    case "set-nothing":
      return succeeded();
    case "ioctl":
      return ioctl(socket, call);
  }
}

/** The result now, the error of a call that may not wait, or a call that waits, at most for `waitNs`. */
function attempted(
  attempt: (nowNs: number) => CallResult | null,
  mayWait: boolean,
  nowNs: number,
  waitNs: number = Infinity,
  onTimeout: () => CallResult = () => failed("EAGAIN"),
): CallResult | Blocked {
  const result = attempt(nowNs);
  if (result !== null) return result;
  if (!mayWait) return failed("EAGAIN");
  const untilNs = nowNs + waitNs;
  return { attempt: (now) => attempt(now) ?? (now >= untilNs ? onTimeout() : null), untilNs };
}

function accept(
  socket: Socket,
  table: SocketTable,
  isNonblocking: boolean,
  nowNs: number,
): CallResult | Blocked {
  if (socket.role.kind !== "listener") return failed("EINVAL");
  const { listener } = socket.role;
  const attempt = (now: number): CallResult | null => {
    const endpoint = listener.accept();
    return endpoint === null
      ? null
      : succeeded(table.adopt(endpoint, socket, isNonblocking, now).handle);
  };
  return attempted(attempt, !socket.isNonblocking, nowNs, socket.waitNs.read);
}

function connect(socket: Socket, table: SocketTable, nowNs: number): CallResult | Blocked {
  if (socket.hasFailed) {
    // The first call afterwards tells of it, once: by its error, or where that was read already, as Linux does.
    const error = socket.takeError() ?? (table.personality.namesIcmp ? "ECONNABORTED" : null);
    table.disconnect(socket, nowNs);
    if (error !== null) return failed(error);
  }
  const isFirst = socket.role.kind === "idle";
  if (isFirst) table.connect(socket, nowNs);
  const attempt = (): CallResult | null => {
    const error = socket.takeError();
    if (error !== null) return failed(error);
    return socket.isConnected ? succeeded() : null;
  };
  if (!isFirst && socket.isConnected) return failed("EISCONN");
  const result = attempted(attempt, !socket.isNonblocking, nowNs);
  const isWaiting = "errno" in result && result.errno === "EAGAIN";
  return isWaiting ? failed(isFirst ? "EINPROGRESS" : "EALREADY") : result;
}

function transfer(
  call: SystemCall & { readonly name: "read" | "write" },
  socket: Socket,
  nowNs: number,
): CallResult | Blocked {
  const { flags } = call;
  const mayWait = !socket.isNonblocking && !flags.has("MSG_DONTWAIT");
  if (call.name === "read") {
    // Nothing is ever put there.
    if (flags.has("MSG_ERRQUEUE")) return failed("EAGAIN");
    const read = new Read(socket, call);
    const ended = (): CallResult => read.received();
    const result = attempted((now) => read.attempt(now), mayWait, nowNs, socket.waitNs.read, ended);
    return "errno" in result && result.errno === "EAGAIN" ? read.received() : result;
  }
  if (flags.has("MSG_FASTOPEN")) return failed("EOPNOTSUPP");
  socket.announceMore(flags.has("MSG_MORE"), nowNs);
  const write = new Write(socket, call);
  const ended = (): CallResult => write.sent();
  const result = attempted((now) => write.attempt(now), mayWait, nowNs, socket.waitNs.write, ended);
  return "errno" in result && result.errno === "EAGAIN" ? write.sent() : result;
}

function shutdown(socket: Socket, how: "read" | "write" | "both", nowNs: number): CallResult {
  const { role } = socket;
  const isClosable =
    socket.isConnected || (role.kind === "stream" && role.endpoint.state === "SYN-RECEIVED");
  if (role.kind !== "stream" || !isClosable || socket.isOver) return failed("ENOTCONN");
  if (how !== "write") socket.isReadShut = true;
  if (how !== "read") role.endpoint.closeWrite(nowNs);
  return succeeded();
}

function ioctl(
  socket: Socket,
  { request, value }: SystemCall & { readonly name: "ioctl" },
): CallResult {
  if (request === "FIONBIO") {
    socket.isNonblocking = value !== 0;
    return succeeded();
  }
  if (socket.role.kind !== "stream") return failed("EINVAL");
  const { endpoint } = socket.role;
  switch (request) {
    case "SIOCINQ":
    case "FIONREAD":
      return succeeded(0, endpoint.readable);
    case "SIOCOUTQ":
    case "TIOCOUTQ":
      return succeeded(0, endpoint.status().sendQueue);
    case "SIOCOUTQNSD": {
      const { sendQueue, flight } = endpoint.status();
      return succeeded(0, Math.max(0, sendQueue - flight));
    }
    default:
      return failed("ENOTTY");
  }
}

function poll(
  call: SystemCall & { readonly name: "poll" },
  table: SocketTable,
  nowNs: number,
): CallResult | Blocked {
  const untilNs = nowNs + call.timeoutNs;
  const attempt = (now: number): CallResult | null => {
    const found = call.entries.map(({ handle, events }) => {
      const socket = table.find(handle);
      if (socket === undefined) return "POLLNVAL";
      const wanted = new Set([...events, "POLLERR", "POLLHUP"]);
      return [...readyEvents(socket)].filter((event) => wanted.has(event)).join("|");
    });
    const count = found.filter((events) => events !== "").length;
    return count > 0 || now >= untilNs ? succeeded(count, found) : null;
  };
  const result = attempt(nowNs);
  return result ?? { attempt, untilNs };
}
