import { connect as rawConnect } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { ClosedPipe } from "./command.ts";
import type { Conn, Listener } from "../net/types.ts";
import { dial, listen } from "../node/net.ts";
import { serveEcho } from "./serve-conn.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Served {
  readonly listener: Listener;
  /** Everything printed. */
  readonly log: string[];
  readonly dial: () => Promise<Conn>;
  /** Ctrl-C; resolves when the server has ended. */
  readonly stop: () => Promise<void>;
}

async function withServer(
  body: (served: Served) => Promise<void>,
  print?: (line: string) => Promise<void>,
): Promise<void> {
  const listener = await listen("127.0.0.1:0", { backlog: 4096 });
  const log: string[] = [];
  const ctrlC = new AbortController();
  const say = print ?? ((line: string) => Promise.resolve(void log.push(line)));
  const ended = serveEcho(listener, ctrlC.signal, say);
  ended.catch(() => {});
  const stop = (): Promise<void> => (ctrlC.abort(), ended);
  const conns: Conn[] = [];
  const dialIt = async (): Promise<Conn> => {
    const conn = await dial(listener.addr);
    conns.push(conn);
    return conn;
  };
  try {
    await body({ listener, log, dial: dialIt, stop });
  } finally {
    for (const conn of conns) conn.close();
    await stop().catch(() => {});
  }
}

/** Reads until EOF. */
async function readAll(conn: Conn): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const p = new Uint8Array(65_536);
  for (let n; (n = await conn.read(p)) !== null;) chunks.push(p.slice(0, n));
  return Buffer.concat(chunks);
}

async function readLen(conn: Conn, length: number): Promise<Buffer> {
  const p = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const n = await conn.read(p.subarray(at));
    if (n === null) return Buffer.from(p.subarray(0, at));
    at += n;
  }
  return Buffer.from(p);
}

/** The reply of one exchange of messages. */
async function ask(conn: Conn, message: Uint8Array): Promise<string> {
  await conn.write(message);
  return (await readLen(conn, 15 + message.length)).toString();
}

test("it says what the article's server says", async () => {
  await withServer(async ({ dial: connect, log, stop }) => {
    const conn = await connect();
    expect(await ask(conn, utf8("hello\n"))).toBe("your message ishello\n");
    await conn.closeWrite();
    expect(await conn.read(new Uint8Array(1))).toBe(null);
    await stop();
    expect(log).toEqual([
      "server accept new connection\n",
      "收到client发来的消息: hello\n\n",
      "read from client failed, err: EOF\n",
    ]);
  });
});

test("a message split at every byte comes back whole, NULs, escapes and all", async () => {
  const message = utf8("a\0b\u001b[31m你好\n\ud83d\ude00");
  await withServer(async ({ dial: connect, log }) => {
    for (let cut = 0; cut <= message.length; cut++) {
      const conn = await connect();
      await conn.write(message.subarray(0, cut));
      await conn.write(message.subarray(cut));
      await conn.closeWrite();
      const echoed = (await readAll(conn)).toString("latin1").replaceAll("your message is", "");
      expect(Buffer.from(echoed, "latin1").equals(message)).toBe(true);
    }
    expect(log.join("")).not.toContain("\u001b");
    expect(log.join("")).toContain(String.raw`a\x00b\x1b[31m`);
  });
});

test("a character cut by a segment is answered in one piece", async () => {
  await withServer(async ({ dial: connect, log }) => {
    const conn = await connect();
    const [first, rest] = [utf8("好").subarray(0, 2), utf8("好").subarray(2)];
    conn.setNoDelay(true);
    await conn.write(first);
    await conn.write(rest);
    expect((await readLen(conn, 15 + 3)).toString()).toBe("your message is好");
    expect(log.at(-1)).toBe("收到client发来的消息: 好\n");
    // Half a character and no more: its bytes come back all the same.
    await conn.write(first);
    expect((await readLen(conn, 15 + 2)).subarray(15).equals(first)).toBe(true);
  });
});

test("a line in a message cannot pass for the server's own", async () => {
  await withServer(async ({ dial: connect, log }) => {
    const conn = await connect();
    await ask(conn, utf8("x\nserver started\n"));
    expect(log.at(-1)).toBe("收到client发来的消息: x\\nserver started\n\n");
  });
});

test("a thousand clients at once are served", async () => {
  await withServer(async ({ dial: connect }) => {
    const conns = await Promise.all(Array.from({ length: 1000 }, () => connect()));
    const replies = await Promise.all(conns.map((conn, i) => ask(conn, utf8(`client ${i}\n`))));
    expect(replies).toEqual(conns.map((_, i) => `your message isclient ${i}\n`));
  });
});

test("peers that reset, stall, flood or never read harm nobody else", async () => {
  await withServer(async ({ listener, dial: connect, log }) => {
    const { hostname, port } = listener.addr;
    const hasty = rawConnect(port, hostname);
    await once(hasty, "connect");
    hasty.resetAndDestroy();
    const stalling = await connect();
    await stalling.write(utf8("half a messa"));
    const deaf = await connect();
    const before = process.memoryUsage().rss;
    const flood = deaf.write(new Uint8Array(64 << 20)).catch(() => "closed");
    const resetting = await connect();
    await resetting.write(utf8("and away"));
    resetting.setLinger(0);
    resetting.close();
    const good = await connect();
    for (let i = 0; i < 100; i++) {
      expect(await ask(good, utf8(`${i}`))).toBe(`your message is${i}`);
    }
    // The client's own copy of the flood is 64 MiB; the server must not add as much.
    expect(process.memoryUsage().rss - before).toBeLessThan(160 << 20);
    deaf.setLinger(0);
    deaf.close();
    await flood;
    expect(await ask(good, utf8("still"))).toBe("your message isstill");
    expect(log.filter((line) => line.startsWith("server accept")).length).toBeGreaterThan(3);
  });
});

test("Ctrl-C ends connections by FIN, after what was written", async () => {
  await withServer(async ({ listener, dial: connect, stop }) => {
    const conn = await connect();
    await ask(conn, utf8("hello"));
    const ended = stop();
    expect((await readAll(conn)).length).toBe(0);
    conn.close();
    await ended;
    await expect(dial(listener.addr)).rejects.toMatchObject({ code: "refused" });
  });
});

const goneReader = (): Promise<void> => Promise.reject(new ClosedPipe());

test("whoever read stdout has gone: the server ends, quietly", async () => {
  await withServer(async ({ dial: connect, stop }) => {
    const conn = await connect();
    expect((await readAll(conn)).length).toBe(0);
    conn.close();
    await expect(stop()).rejects.toBeInstanceOf(ClosedPipe);
  }, goneReader);
});
