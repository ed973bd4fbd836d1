/**
 * What is taken from the inside of `net.Socket`, in one place and with a way
 * without it.
 *
 * Receiving: `net.connect` has a public option `onread`, a buffer that the
 * kernel's bytes are put into without an allocation per read. Sockets that a
 * server accepted have the same machinery but no way to ask for it (tried on
 * Node 20.20). {@link receive} sets it through the socket's symbols when all of
 * it is there as expected, and listens to `data` events otherwise.
 *
 * Sending: `_write`, the method that `net.Socket` implements for `Writable`,
 * hands the bytes to the kernel and calls back at once when it took them all.
 * `Writable.write` around it adds a queue and a turn of the event loop, and
 * the connection above has its own queue. `bench/echo` has the figures.
 *
 * @module
 */
import { connect, type Socket, type TcpNetConnectOpts } from "node:net";

/** The one buffer that every socket of the process receives into. */
const RECEIVED: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Gets what was received. */
export interface Sink {
  /**
   * Bytes came: `bytes[0, length)`, valid only during the call. Returns
   * whether more may come before {@link Receiver.start} is called again.
   */
  onBytes(bytes: Uint8Array, length: number): boolean;
}

/** How a socket is received from. Nothing is received before `start`. */
export interface Receiver {
  start(): void;
}

/**
 * Receives from a socket that a server accepted and did not read from.
 *
 * @param plain By `data` events in any case.
 */
export function receive(socket: Socket, sink: Sink, plain: boolean): Receiver {
  if (plain || !shareBuffer(socket, sink)) return receiveEvents(socket, sink);
  return { start: () => void socket.read(0) };
}

/** A socket that connects, and how it is received from once it has. */
export function connectSocket(
  options: TcpNetConnectOpts,
  plain: boolean,
): { socket: Socket; receiverTo: (sink: Sink) => Receiver } {
  let to: Sink | null = null;
  const callback = (length: number): boolean => to?.onBytes(RECEIVED, length) ?? false;
  const onread = plain ? {} : { onread: { buffer: RECEIVED, callback } };
  const socket = connect({ ...options, ...onread });
  // Otherwise it receives as soon as it is connected.
  socket.pause();
  const receiverTo = (sink: Sink): Receiver => {
    to = sink;
    return plain ? receiveEvents(socket, sink) : { start: () => void socket.read(0) };
  };
  return { socket, receiverTo };
}

function receiveEvents(socket: Socket, sink: Sink): Receiver {
  socket.on("data", (chunk: Buffer) => {
    if (!sink.onBytes(chunk, chunk.length)) socket.pause();
  });
  socket.pause();
  return { start: () => void socket.resume() };
}

/** Whether the socket now receives into {@link RECEIVED}. */
function shareBuffer(socket: Socket, sink: Sink): boolean {
  const symbols = onreadSymbols(socket);
  const handle: unknown = Reflect.get(socket, "_handle");
  if (symbols === null || !hasUserBuffer(handle)) return false;
  Reflect.set(socket, symbols.callback, (length: number) => sink.onBytes(RECEIVED, length));
  Reflect.set(socket, symbols.buffer, RECEIVED);
  handle.useUserBuffer(RECEIVED);
  return true;
}

/** The symbols under which `net.Socket` keeps its `onread` option. */
interface OnreadSymbols {
  readonly buffer: symbol;
  readonly callback: symbol;
}

/** `null` in a Node that has them no more, or not as they are known. */
function onreadSymbols(socket: Socket): OnreadSymbols | null {
  const found: Record<string, symbol> = {};
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    if (symbol.description !== undefined) found[symbol.description] = symbol;
  }
  const { kBuffer: buffer, kBufferCb: callback, kBufferGen: generator } = found;
  if (buffer === undefined || callback === undefined || generator === undefined) return null;
  const isUnused = [buffer, callback, generator].every((s) => Reflect.get(socket, s) === null);
  return isUnused ? { buffer, callback } : null;
}

interface UserBufferHandle {
  useUserBuffer(buffer: Buffer): void;
}

function hasUserBuffer(handle: unknown): handle is UserBufferHandle {
  return typeof handle === "object" && handle !== null && "useUserBuffer" in handle;
}

/** Called when the kernel took all of a {@link send}, or with why not. */
export type OnSent = (error?: Error | null) => void;

/**
 * Hands `bytes` to the kernel. `sent` is called before this returns when the
 * kernel took all of them, else once it has; until then `bytes` must not change.
 */
export function send(socket: Socket, bytes: Buffer, sent: OnSent): void {
  // oxlint-disable-next-line no-underscore-dangle -- see the top of the file
  socket._write(bytes, BYTES, sent);
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Writable's name for "no encoding"; its types leave it out
const BYTES = "buffer" as BufferEncoding;
