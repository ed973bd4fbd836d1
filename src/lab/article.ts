/**
 * The article's two programs: an echo server and its client, written against
 * the net API as a user would write them. What they print is collected. The
 * demo runs them over the kernel's sockets, the lab over our own stack.
 *
 * @module
 */
import { concat } from "../base/bytes.ts";
import type { Conn, Listener } from "../net/types.ts";

/** What a program printed, and which. */
export interface Printed {
  readonly program: "server" | "client";
  readonly line: string;
}

/** A segment on the kernel's loopback interface carries up to 65,483 bytes: this does not fit into one. */
const LONG_MESSAGE_LEN = 100_000;

/** What is typed at the client. */
export const MESSAGES: readonly string[] = [
  "hello\r\n",
  "你好，TCP\r\n",
  "abcdefghij".repeat(LONG_MESSAGE_LEN / 10),
];

const PREFIX = "your message is";
/** One read of either program: more than any segment. */
const READ_LEN = 1 << 17;
/** Of a long message the first bytes are printed. */
const SHOWN_LEN = 20;

/** Serves one connection from `listener`, then is done. */
export async function server(listener: Listener, printed: Printed[]): Promise<void> {
  const say = (line: string): void => void printed.push({ program: "server", line });
  say("server started");
  await using conn = await listener.accept();
  say("server accept new connection");
  const prefix = new TextEncoder().encode(PREFIX);
  const buf = new Uint8Array(READ_LEN);
  for (let n; (n = await conn.read(buf)) !== null;) {
    const message = buf.subarray(0, n);
    say(`收到client发来的消息: ${shown(message)}`);
    await conn.write(concat(prefix, message));
  }
  say("read from client failed, err: EOF");
  conn.close();
  await conn.closed;
}

/** Sends each of `messages` on `conn`, waits for the whole answer, and leaves. */
export async function client(
  conn: Conn,
  printed: Printed[],
  messages: readonly string[] = MESSAGES,
): Promise<void> {
  const say = (line: string): void => void printed.push({ program: "client", line });
  say("client connected");
  for (const message of messages) {
    const bytes = new TextEncoder().encode(message);
    await conn.write(bytes);
    say(`收到server发来的消息:${shown(await readAnswer(conn, bytes.length))}`);
  }
  conn.close();
  await conn.closed;
}

/**
 * Reads until `length` bytes have come back. The server puts its prefix in
 * front of each of its reads, and how many those are is up to TCP.
 */
async function readAnswer(conn: Conn, length: number): Promise<Uint8Array> {
  const buf = new Uint8Array(READ_LEN);
  let answer = new Uint8Array();
  for (;;) {
    const n = await conn.read(buf);
    if (n === null) return answer;
    answer = concat(answer, buf.subarray(0, n));
    const prefixes = new TextDecoder().decode(answer).split(PREFIX).length - 1;
    if (answer.length - prefixes * PREFIX.length === length) return answer;
  }
}

function shown(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).trimEnd();
  if (bytes.length <= 4 * SHOWN_LEN) return text;
  return `${text.slice(0, SHOWN_LEN)}… (${bytes.length} bytes)`;
}
