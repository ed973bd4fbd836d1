/**
 * Reading and writing on a socket; what would block gives `null`.
 *
 * @module
 */
import type { TcpEndpoint } from "../../../stack/types.ts";
import type { CallResult } from "../runner/stack-under-test.ts";
import type { SystemCall } from "../runner/system-call.ts";
import { failed, succeeded } from "./errno.ts";
import type { Socket } from "./socket.ts";

/** Bytes that are given to the stack at once: more than any buffer of a script holds. */
const MOST_AT_ONCE = 16 << 20;

/** recv(2); `null`: nothing yet. */
export function readSocket(
  socket: Socket,
  len: number,
  isPeek: boolean,
  nowNs: number,
): CallResult | null {
  if (socket.role.kind !== "stream") return failed("ENOTCONN");
  const { endpoint } = socket.role;
  const ready = endpoint.readable;
  if (ready > 0) {
    const wanted = Math.min(ready, len);
    return succeeded(isPeek ? wanted : (endpoint.receive(new Uint8Array(wanted), nowNs) ?? 0));
  }
  const error = socket.takeError();
  if (error !== null) return failed(error);
  if (socket.isReadShut || socket.isOver || endpoint.state === "CLOSED") return succeeded(0);
  if (!socket.isConnected) return endpoint.state === "SYN-SENT" ? null : failed("ENOTCONN");
  return endpoint.receive(new Uint8Array(1), nowNs) === null ? succeeded(0) : null;
}

/** A read in progress: with MSG_WAITALL it may have some of its bytes before it has to wait. */
export class Read {
  readonly #socket: Socket;
  readonly #len: number;
  readonly #isPeek: boolean;
  readonly #takesAll: boolean;
  readonly #tellsRest: boolean;
  readonly #hasNoBuffer: boolean;
  #done = 0;

  /** `tellsRest`: as TCP_INQ has it, how many bytes are left is told too. */
  constructor(
    socket: Socket,
    { len, flags, tellsRest = false, hasNoBuffer = false }: SystemCall & { readonly name: "read" },
  ) {
    this.#tellsRest = tellsRest;
    this.#hasNoBuffer = hasNoBuffer;
    this.#socket = socket;
    this.#len = len;
    this.#isPeek = flags.has("MSG_PEEK");
    this.#takesAll = flags.has("MSG_WAITALL") && !this.#isPeek;
  }

  /** Takes what is there; `null`: not enough. */
  attempt(nowNs: number): CallResult | null {
    const { role } = this.#socket;
    if (this.#hasNoBuffer && role.kind === "stream" && role.endpoint.readable > 0)
      return failed("EFAULT");
    const result = readSocket(this.#socket, this.#len - this.#done, this.#isPeek, nowNs);
    if (result === null || !this.#takesAll) return result === null ? null : this.#withRest(result);
    if (result.value <= 0) return this.#done === 0 ? result : this.received();
    this.#done += result.value;
    return this.#done === this.#len ? this.received() : this.attempt(nowNs);
  }

  #withRest(result: CallResult): CallResult {
    const { role } = this.#socket;
    if (!this.#tellsRest || result.value < 0 || role.kind !== "stream") return result;
    if (this.#socket.values.get("TCP_INQ") !== 1 && this.#socket.values.get("TCP_CM_INQ") !== 1)
      return { ...result, out: "no control message" };
    // The end of the stream counts as one: there is something to read.
    const hasEnd = hasPeerEnded(role.endpoint.state);
    return { ...result, out: role.endpoint.readable || (hasEnd ? 1 : 0) };
  }

  /** The bytes taken so far. */
  received(): CallResult {
    return this.#done === 0 ? failed("EAGAIN") : succeeded(this.#done);
  }
}

/** A write in progress: it may have given the stack some of its bytes before it had to wait. */
export class Write {
  readonly #socket: Socket;
  readonly #len: number;
  readonly #isUrgent: boolean;
  readonly #hasNoBuffer: boolean;
  #done = 0;

  constructor(
    socket: Socket,
    { len, flags, hasNoBuffer = false }: SystemCall & { readonly name: "write" },
  ) {
    this.#socket = socket;
    this.#len = len;
    this.#isUrgent = flags.has("MSG_OOB");
    this.#hasNoBuffer = hasNoBuffer;
  }

  /** Gives the stack what it takes; `null`: some is left. */
  attempt(nowNs: number): CallResult | null {
    const { role } = this.#socket;
    if (role.kind !== "stream") return failed("EPIPE");
    const { endpoint } = role;
    if (this.#done === 0) {
      const error = this.#socket.takeError();
      if (error !== null) return failed(error);
    }
    if (!endpoint.canSend) return this.#done > 0 ? this.sent() : failed("EPIPE");
    if (!this.#socket.isConnected) return null;
    if (this.#hasNoBuffer && this.#len > 0) return failed("EFAULT");
    this.#send(endpoint, nowNs);
    return this.#done === this.#len ? this.sent() : null;
  }

  /** The bytes taken so far. */
  sent(): CallResult {
    return this.#done === 0 && this.#len > 0 ? failed("EAGAIN") : succeeded(this.#done);
  }

  #send(endpoint: TcpEndpoint, nowNs: number): void {
    while (this.#done < this.#len) {
      const rest = new Uint8Array(Math.min(MOST_AT_ONCE, this.#len - this.#done));
      const taken = endpoint.send(rest, nowNs, this.#isUrgent);
      if (taken === 0) return;
      this.#done += taken;
    }
  }
}

/** Events of poll(2) that a socket has. */
export function readyEvents(socket: Socket): ReadonlySet<string> {
  const events = new Set<string>();
  if (socket.role.kind === "listener" && socket.role.listener.ready > 0)
    events.add("POLLIN").add("POLLRDNORM");
  if (socket.role.kind !== "stream") return events;
  const { endpoint } = socket.role;
  const { state } = endpoint;
  const isEnded = socket.isReadShut || socket.isOver || hasPeerEnded(state);
  if (endpoint.readable > 0 || isEnded || socket.error !== null) events.add("POLLIN");
  if (isEnded) events.add("POLLRDHUP");
  const hasRoom = endpoint.status().sendQueue < endpoint.options.sendBuffer;
  if ((socket.isConnected && hasRoom) || socket.error !== null) events.add("POLLOUT");
  if (socket.error !== null) events.add("POLLERR");
  if (state === "CLOSED" || (isEnded && !endpoint.canSend)) events.add("POLLHUP");
  if (events.has("POLLIN")) events.add("POLLRDNORM");
  if (events.has("POLLOUT")) events.add("POLLWRNORM");
  return events;
}

function hasPeerEnded(state: TcpEndpoint["state"]): boolean {
  return ["CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "CLOSED"].includes(state);
}
