/**
 * The article's echo server, without its losses.
 *
 * A message is what one read brings, up to {@link MESSAGE_LEN} bytes; the
 * answer is `your message is` and all of it. A character that a segment cut in
 * the middle is answered in one piece when its rest comes soon.
 *
 * @module
 */
import { NetError } from "../net/errors.ts";
import type { Conn, Listener } from "../net/types.ts";
import { cutRuneLen, goError, REPLY_PREFIX, shownMessage } from "./echo-text.ts";

/** Longest message of one read. */
const MESSAGE_LEN = 16 * 1024;

/** How long half a character is waited for. */
const RUNE_MS = 20;

/** How long connections may take to end when the server does. */
const DRAIN_MS = 2000;

/** How a server talks: one line, or one message, at a time. */
export type Print = (line: string) => Promise<void>;

/**
 * Serves until `signal` aborts; then stops accepting, sends a FIN after what
 * was written on every connection, and waits a bounded time for the peers.
 *
 * @throws What `print` rejects with.
 */
export async function serveEcho(
  listener: Listener,
  signal: AbortSignal,
  print: Print,
): Promise<void> {
  const conns = new Map<Conn, Promise<void>>();
  let broken: { cause: unknown } | null = null;
  const stop = (): void => {
    listener.close();
    for (const conn of conns.keys()) interrupt(conn);
  };
  const onBroken = (cause: unknown): void => {
    broken ??= { cause };
    stop();
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  for await (const conn of listener) {
    await print("server accept new connection\n").catch(onBroken);
    const served = echo(conn, print, signal)
      .catch(onBroken)
      .finally(() => conns.delete(conn));
    conns.set(conn, served);
    if (signal.aborted || broken !== null) interrupt(conn);
  }
  signal.removeEventListener("abort", stop);
  await Promise.all(conns.values());
  if (broken !== null) throw (broken as { cause: unknown }).cause;
}

/** Reads that wait end now; a write gets the time of the drain. */
function interrupt(conn: Conn): void {
  conn.setReadDeadline(0);
  conn.setWriteDeadline(DRAIN_MS);
}

/** One connection, to its end. Rejects only when `print` does. */
async function echo(conn: Conn, print: Print, signal: AbortSignal): Promise<void> {
  const reply = new Uint8Array(REPLY_PREFIX.length + MESSAGE_LEN);
  reply.set(REPLY_PREFIX);
  try {
    for (;;) {
      const end = await receive(conn, reply);
      if (end === null) {
        await print("read from client failed, err: EOF\n");
        return;
      }
      const message = reply.subarray(REPLY_PREFIX.length, end);
      await print(`收到client发来的消息: ${shownMessage(message)}\n`);
      await conn.write(reply.subarray(0, end));
    }
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    if (!signal.aborted) await print(`read from client failed, err: ${goError(error)}\n`);
  } finally {
    if (signal.aborted) await partInOrder(conn);
    conn.close();
  }
}

/** Reads a message after the prefix in `reply`: where it ends, or `null` at EOF. */
async function receive(conn: Conn, reply: Uint8Array): Promise<number | null> {
  const n = await conn.read(reply.subarray(REPLY_PREFIX.length));
  if (n === null) return null;
  const end = REPLY_PREFIX.length + n;
  const message = reply.subarray(REPLY_PREFIX.length, end);
  if (end === reply.length || cutRuneLen(message) === 0) return end;
  return end + (await readSoon(conn, reply.subarray(end)));
}

/** What comes within {@link RUNE_MS}; 0 when nothing does. */
async function readSoon(conn: Conn, into: Uint8Array): Promise<number> {
  const waited = new AbortController();
  const timer = setTimeout(() => waited.abort(), RUNE_MS);
  try {
    return (await conn.read(into, { signal: waited.signal })) ?? 0;
  } catch (error) {
    // Whatever it is, the next read says it again.
    if (error instanceof NetError) return 0;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** FIN after what was written, then the peer's: closing with unread bytes would send a RST. */
async function partInOrder(conn: Conn): Promise<void> {
  const rest = new Uint8Array(MESSAGE_LEN);
  const late = setTimeout(() => conn.close(), DRAIN_MS);
  try {
    conn.setReadDeadline(DRAIN_MS);
    await conn.closeWrite();
    for (;;) if ((await conn.read(rest)) === null) return;
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
  } finally {
    clearTimeout(late);
  }
}
