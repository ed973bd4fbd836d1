/**
 * What the programs of the scenarios are put together from.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { NetError } from "../net/errors.ts";
import type { Conn, Listener } from "../net/types.ts";
import type { LabWorld } from "./scenario.ts";

/** Bytes of one write of a program that sends much. */
const WRITE_LEN = 64 * 1024;
/** Bytes of one read of a program that takes all it can get. */
const READ_LEN = 64 * 1024;

/** The client's program is started a moment after the server's. */
export const START_MS = 1;

type Side = "client" | "server";

/** `length` letters, in the order of the alphabet, again and again. */
export function letters(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => 97 + (i % 26));
}

/** Writes `length` bytes. @throws {NetError} as `write`. */
export async function sendBytes(conn: Conn, length: number): Promise<void> {
  const block = letters(Math.min(length, WRITE_LEN));
  for (let left = length; left > 0; left -= WRITE_LEN) {
    await conn.write(block.subarray(0, Math.min(left, WRITE_LEN)));
  }
}

/** Reads until the peer's FIN; how many bytes. @throws {NetError} as `read`. */
export async function takeAll(conn: Conn): Promise<number> {
  const buf = new Uint8Array(READ_LEN);
  let bytes = 0;
  for (let n; (n = await conn.read(buf)) !== null;) bytes += n;
  return bytes;
}

/** Reads until `length` bytes have come, or the peer's FIN; how many bytes. @throws {NetError} as `read`. */
export async function take(conn: Conn, length: number): Promise<number> {
  const buf = new Uint8Array(Math.min(length, READ_LEN));
  let bytes = 0;
  while (bytes < length) {
    const n = await conn.read(buf.subarray(0, Math.min(buf.length, length - bytes)));
    if (n === null) break;
    bytes += n;
  }
  return bytes;
}

/** Both programs at once. The server's gets one connection and the client's the other end; each closes its own. */
export async function talk(
  world: LabWorld,
  serve: (conn: Conn) => Promise<void>,
  call: (conn: Conn) => Promise<void>,
): Promise<void> {
  await using listener = await world.server.listen(world.address);
  await world.sleep(START_MS);
  await Promise.all([serveOne(world, listener, serve), callOne(world, call)]);
}

/** Accepts one connection, and does `serve` with it. */
export async function serveOne(
  world: LabWorld,
  listener: Listener,
  serve: (conn: Conn) => Promise<void>,
): Promise<void> {
  await attempt(world, "server", async () => {
    await using conn = await listener.accept();
    await serve(conn);
  });
}

/** Dials, and does `call` with the connection. */
export async function callOne(world: LabWorld, call: (conn: Conn) => Promise<void>): Promise<void> {
  await attempt(world, "client", async () => {
    await using conn = await world.client.dial(world.address);
    await call(conn);
  });
}

/** Does it; a failed call is what the program prints. */
export async function attempt(
  world: LabWorld,
  program: Side,
  body: () => Promise<void>,
): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    world.say(program, text(error.message, error.message));
  }
}

/** A number of bytes as programs print it. */
export function bytesLine(what: Text, bytes: number): Text {
  return text(`${what.en} ${bytes} bytes`, `${what.zh} ${bytes} 字节`);
}
