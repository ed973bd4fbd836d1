/** Programs for both ends, over whatever network. */
import { createHash } from "node:crypto";
import type { Conn, Listener, Network } from "../../src/net/types.ts";
import { Prng } from "../../src/base/prng.ts";

const CHUNK = 1 << 18;

/** A connection between two networks: the end that dialled, and the one that accepted. */
export async function connected(
  client: Network,
  server: Network,
  serverIp: string,
): Promise<{ dialled: Conn; accepted: Conn; listener: Listener }> {
  const listener = await server.listen({ hostname: serverIp, port: 0 });
  const [dialled, accepted] = await Promise.all([client.dial(listener.addr), listener.accept()]);
  return { dialled, accepted, listener };
}

/** What one end read or wrote. */
export interface Amount {
  readonly bytes: number;
  readonly hash: string;
}

/** Writes `length` bytes of no pattern, then a FIN. */
export async function sendAll(conn: Conn, length: number, seed: number): Promise<Amount> {
  const prng = new Prng(seed);
  const block = Uint8Array.from({ length: CHUNK }, () => prng.below(256));
  const hash = createHash("sha256");
  for (let sent = 0; sent < length;) {
    // No two chunks are the same.
    new DataView(block.buffer).setFloat64(0, sent);
    const chunk = block.subarray(0, Math.min(CHUNK, length - sent));
    hash.update(chunk);
    await conn.write(chunk);
    sent += chunk.length;
  }
  await conn.closeWrite();
  return { bytes: length, hash: hash.digest("hex") };
}

/** Reads to the end. */
export async function receiveAll(conn: Conn): Promise<Amount> {
  const hash = createHash("sha256");
  const p = new Uint8Array(CHUNK);
  let bytes = 0;
  for (let n = await conn.read(p); n !== null; n = await conn.read(p)) {
    hash.update(p.subarray(0, n));
    bytes += n;
  }
  return { bytes, hash: hash.digest("hex") };
}
