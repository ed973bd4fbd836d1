/** The article's echo server over our net API, without its prints. Compiled: `npm run build` first. */
import { listen } from "../../dist/node/net.js";

const PREFIX = new TextEncoder().encode("your message is");

async function handle(conn) {
  const reply = new Uint8Array(PREFIX.length + 128);
  reply.set(PREFIX);
  const message = reply.subarray(PREFIX.length);
  try {
    for (let n; (n = await conn.read(message)) !== null;) {
      await conn.write(n === message.length ? reply : reply.subarray(0, PREFIX.length + n));
    }
  } finally {
    conn.close();
  }
}

const listener = await listen("127.0.0.1:0", { backlog: 4096 });
console.log(listener.addr.port);
for await (const conn of listener) handle(conn).catch(() => {});
