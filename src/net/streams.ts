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
      // What comes of this after cancelling is nothing to the stream, its failure neither.
      const n = await conn.read(request.view, { signal: cancelled.signal });
      if (n === null) controller.close();
      request.respond(n ?? 0);
    },
    cancel() {
      cancelled.abort();
    },
  });
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
