/**
 * The net API over the kernel's TCP.
 *
 * ```ts
 * await using listener = await listen(":8080");
 * for await (const conn of listener) void serve(conn);
 *
 * await using conn = await dial("localhost:8080", { timeoutMs: 5000 });
 * ```
 *
 * `TCP_NODELAY` is on, as in Go; keep-alive is off until it is asked for.
 * `write` resolves when the kernel took all bytes; small writes made while
 * unread input remains leave together after the microtasks (Go sends each).
 *
 * @module
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { formatAddress, parseAddress, type HostPort } from "../net/address.ts";
import type { Call, Caller } from "../net/calls.ts";
import { NetError } from "../net/errors.ts";
import { limited } from "../net/limits.ts";
import { DEFAULT_BACKLOG, QueueListener } from "../net/listener.ts";
import { StreamConn } from "../net/stream-conn.ts";
import type {
  Address,
  Conn,
  DialOptions,
  Listener,
  ListenOptions,
  Network,
  TcpAddr,
} from "../net/types.ts";
import { tcpAddrOf } from "./net-addr.ts";
import { netErrorOf } from "./net-codes.ts";
import { PROCESS_CALLS, PROCESS_CLOCK } from "./net-process.ts";
import { connectSocket, receive, type Receiver } from "./net-socket.ts";
import { KernelTransport } from "./net-transport.ts";

/** What kernel sockets take beside what every backend does. */
export interface KernelOptions {
  /** Receive by `data` events, as happens by itself on a Node whose sockets cannot share a buffer (slower). */
  readonly plainReads?: boolean | undefined;
}

/**
 * {@link Network.listen}: an empty host listens on IPv6 and IPv4 both, as in Go.
 *
 * Node accepts as soon as a connection is there; as many as the backlog wait
 * here, unread, and more are reset. When the process has no file descriptor
 * left, what comes in is closed and the listener goes on.
 */
export async function listen(
  address: Address,
  options: ListenOptions & KernelOptions = {},
): Promise<Listener> {
  const local = shownAddress(address);
  const caller: Caller = { role: "server", id: null, local, remote: null };
  const call = PROCESS_CALLS.begin("listen", caller);
  try {
    const listener = await startServer(parseAddress(address, "listen"), options);
    PROCESS_CALLS.made(call, { localAddr: listener.addr });
    return listener;
  } catch (cause) {
    const error = netErrorOf(cause, { op: "listen", local });
    PROCESS_CALLS.fail(call, error);
    throw error;
  }
}

/**
 * {@link Network.dial}: an empty host is this machine. The addresses of a name
 * are tried one after the other, the next when one has not answered for 250 ms
 * (RFC 8305). A name look-up that is given up goes on unheard: the system's
 * resolver cannot be interrupted.
 */
export async function dial(
  address: Address,
  options: DialOptions & KernelOptions = {},
): Promise<Conn> {
  const remote = shownAddress(address);
  const call = PROCESS_CALLS.begin("dial", { role: "client", id: null, local: null, remote });
  try {
    return await startSocket(parseAddress(address, "dial"), options, call);
  } catch (cause) {
    const error = netErrorOf(cause, { op: "dial", remote });
    PROCESS_CALLS.fail(call, error);
    throw error;
  }
}

/** {@link dial}, as other APIs call it. */
export const connect: typeof dial = dial;

/** The kernel's sockets as a {@link Network}. */
export const kernelNetwork: Network = { listen, dial };

function startServer(
  { hostname, port }: HostPort,
  options: ListenOptions & KernelOptions,
): Promise<Listener> {
  const local = formatAddress({ hostname, port });
  const { signal, backlog = DEFAULT_BACKLOG, plainReads = false } = options;
  return limited<Listener>({
    options: { signal },
    clock: PROCESS_CLOCK,
    error: (code, cause) => new NetError({ op: "listen", code, local, cause }),
    start(resolve, reject) {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
      server.once("error", reject);
      server.listen({ port, host: hostname === "" ? undefined : hostname, backlog }, () => {
        resolve(listenerOf(server, backlog, plainReads));
      });
      return () => server.close();
    },
  });
}

function listenerOf(server: Server, backlog: number, plainReads: boolean): Listener {
  const listener = new QueueListener({
    addr: addrOf(server.address()),
    calls: PROCESS_CALLS,
    clock: PROCESS_CLOCK,
    backlog,
    onClose: () => server.close(),
  });
  server.on("connection", (socket: Socket) => {
    listener.offer({
      open: () => connOf("server", socket, (transport) => receive(socket, transport, plainReads)),
      discard: () => socket.resetAndDestroy(),
    });
  });
  return listener;
}

function addrOf(address: AddressInfo | string | null): TcpAddr {
  if (address === null || typeof address === "string") return tcpAddrOf(undefined, undefined);
  return tcpAddrOf(address.address, address.port);
}

function startSocket(
  { hostname, port }: HostPort,
  options: DialOptions & KernelOptions,
  call: Call | null,
): Promise<Conn> {
  const remote = formatAddress({ hostname, port });
  return limited<Conn>({
    options,
    clock: PROCESS_CLOCK,
    error: (code, cause) => new NetError({ op: "dial", code, remote, cause }),
    start(resolve, reject) {
      const { socket, receiverTo } = connectSocket(
        {
          host: hostname === "" ? "localhost" : hostname,
          port,
          allowHalfOpen: true,
          noDelay: true,
        },
        options.plainReads ?? false,
      );
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeListener("error", reject);
        const conn = connOf("client", socket, receiverTo);
        PROCESS_CALLS.made(call, conn);
        resolve(conn);
      });
      return () => socket.destroy();
    },
  });
}

function connOf(
  role: Caller["role"],
  socket: Socket,
  receiverTo: (transport: KernelTransport) => Receiver,
): StreamConn {
  const transport = new KernelTransport(socket);
  const conn = new StreamConn({
    transport,
    role,
    localAddr: tcpAddrOf(socket.localAddress, socket.localPort),
    remoteAddr: tcpAddrOf(socket.remoteAddress, socket.remotePort),
    calls: PROCESS_CALLS,
    clock: PROCESS_CLOCK,
  });
  transport.start(conn, receiverTo(transport));
  return conn;
}

/** For the message of a call, before it is known whether it is an address. */
function shownAddress(address: Address): string {
  if (typeof address === "string") return address;
  return formatAddress({ hostname: address.hostname ?? "", port: address.port });
}
