/**
 * A connection as web streams.
 *
 * They hold no bytes of their own: a byte is read from the connection when
 * the stream's reader asks for it, so the peer's window closes as with `read`.
 *
 * @module
 */
import type { Conn } from "./types.ts";

/** Bytes set aside for each chunk of a reader that brings no buffer, however few come. */
const CHUNK_LEN = 16 * 1024;

/** {@link Conn.readable}. */
export function readableOf(conn: Pick<Conn, "read">): ReadableStream<Uint8Array<ArrayBuffer>> {
  const cancelled = new AbortController();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    type: "bytes",
    autoAllocateChunkSize: CHUNK_LEN,
    async pull(controller) {
      const request = controller.byobRequest;
      if (request === null || request.view === null) return;
      const n = await readUnless(cancelled.signal, conn, request.view);
      if (n === "cancelled") return;
      if (n === null) controller.close();
      request.respond(n ?? 0);
    },
    cancel() {
      cancelled.abort();
    },
  });
}

/** A read that a cancelled stream does not hear the end of. */
async function readUnless(
  signal: AbortSignal,
  conn: Pick<Conn, "read">,
  p: Uint8Array,
): Promise<number | null | "cancelled"> {
  try {
    return await conn.read(p, { signal });
  } catch (error) {
    if (signal.aborted) return "cancelled";
    throw error;
  }
}

/** {@link Conn.writable}. */
export function writableOf(
  conn: Pick<Conn, "write" | "closeWrite" | "setLinger" | "close">,
): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    write: (chunk, { signal }) => conn.write(chunk, { signal }),
    close: () => conn.closeWrite(),
    abort() {
      conn.setLinger(0);
      conn.close();
    },
  });
}
