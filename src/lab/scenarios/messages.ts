/**
 * Scenarios of little data: the article's echo, questions and answers, many
 * small writes, silence.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import * as article from "../article.ts";
import { attempt, letters, sendBytes, START_MS, take, takeAll, talk } from "../programs.ts";
import type { Scenario } from "../scenario.ts";

const SMALL = 100;
/** What a program needs from one write to the next: 20 µs. Without it both would be there before TCP looks. */
const WRITE_MS = 0.02;
/** The article's, and one that takes some segments. */
const ECHOED = [...article.MESSAGES.slice(0, 2), "abcdefghij".repeat(500)];

const echo: Scenario = {
  name: "echo",
  title: text("the article's echo server and client", "文章中的回显服务端和客户端"),
  shows: text(
    "The six steps: listen, dial, accept, the client writes, the server answers, they close; a handshake of three segments, and a farewell.",
    "六个步骤：监听、发起连接、建立连接、客户端发送、服务端回复、断开连接；三次握手，以及挥手。",
  ),
  article: text("the whole: the six steps", "全文：六个步骤"),
  look: text(
    "which call made which segment (seqack story --ladder).",
    "哪次调用发出了哪个报文段（seqack story --ladder）。",
  ),
  options: {},
  async run(world) {
    const printed: article.Printed[] = [];
    await using listener = await world.server.listen(world.address);
    await world.sleep(START_MS);
    const serving = attempt(world, "server", async () => await article.server(listener, printed));
    const calling = attempt(world, "client", async () => {
      await using conn = await world.client.dial(world.address);
      await article.client(conn, printed, ECHOED);
    });
    await Promise.all([serving, calling]);
    for (const { program, line } of printed) world.say(program, text(line, line));
  },
};

const requestResponse: Scenario = {
  name: "request-response",
  title: text("questions and answers on one connection", "在一条连接上一问一答"),
  shows: text(
    "Each answer takes a round trip, however fast the link is; acknowledgements ride on the data that goes the other way.",
    "无论链路多快，每个回答都要花一个往返时间；确认搭载在反方向的数据上。",
  ),
  article: text("sequence and acknowledgement numbers", "序号与确认序号"),
  look: text(
    "the time between question and answer, and how few segments carry nothing but an ACK.",
    "提问与回答之间的时间，以及只携带 ACK 的报文段有多少。",
  ),
  options: { count: 5, bytes: 4000 },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        while ((await take(conn, SMALL)) === SMALL) await sendBytes(conn, world.bytes);
      },
      async (conn) => {
        for (let i = 0; i < world.count; i++) {
          await conn.write(letters(SMALL));
          await take(conn, world.bytes);
        }
      },
    ),
};

const nagle: Scenario = {
  name: "nagle",
  title: text("a question in two small writes", "用两次小的 write 发送一个问题"),
  shows: text(
    "Nagle's algorithm holds the second small segment back until the first is acknowledged; the receiver delays that very acknowledgement, in the hope of an answer to send along. Both wait for each other.",
    "Nagle 算法在第一个小报文段被确认之前扣住第二个；而接收方恰恰推迟了这个确认，想等有回答时顺便发送。双方互相等待。",
  ),
  article: text("what is a byte stream?", "什么是基于字节流？"),
  look: text(
    "the pause of about 40 ms in each round. It goes away with --nodelay.",
    "每一轮中大约 40 ms 的停顿。加上 --nodelay 就消失了。",
  ),
  // More rounds than a peer acknowledges at once in the beginning, and a near peer, so that the pause stands out.
  options: { count: 30, up: { delayNs: 1e6 }, down: { delayNs: 1e6 } },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        while ((await take(conn, 2 * SMALL)) === 2 * SMALL) await conn.write(letters(SMALL));
      },
      async (conn) => {
        for (let i = 0; i < world.count; i++) {
          await conn.write(letters(SMALL));
          await world.sleep(WRITE_MS);
          await conn.write(letters(SMALL));
          await take(conn, SMALL);
        }
      },
    ),
};

const smallWrites: Scenario = {
  name: "small-writes",
  title: text("many small writes in a row", "连续许多次小的 write"),
  shows: text(
    "A hundred writes of 100 bytes become far fewer segments: TCP carries a stream of bytes, and puts together what waits.",
    "一百次 100 字节的 write 变成少得多的报文段：TCP 传送的是字节流，会把等待中的数据合并起来。",
  ),
  article: text("what is a byte stream?", "什么是基于字节流？"),
  look: text(
    "how many writes one segment carries, and the reads at the other end. Try --nodelay.",
    "一个报文段携带了几次 write，以及另一端的 read。试试 --nodelay。",
  ),
  options: { count: 100 },
  run: (world) =>
    talk(
      world,
      async (conn) => void (await takeAll(conn)),
      async (conn) => {
        for (let i = 0; i < world.count; i++) {
          await conn.write(letters(SMALL));
          await world.sleep(WRITE_MS);
        }
        await conn.closeWrite();
        await takeAll(conn);
      },
    ),
};

const keepAlive: Scenario = {
  name: "keep-alive",
  title: text("a silent connection, then the server's power fails", "连接空闲，随后服务端断电"),
  shows: text(
    "On a silent connection nobody notices that the other machine is gone. Keep-alive probes ask; without an answer the connection is given up.",
    "空闲的连接上没有人会发现对方的机器已经不在了。保活探测会去询问；一直没有应答，连接就被放弃。",
  ),
  article: text("what does connection-oriented mean?", "什么是面向连接？"),
  look: text(
    "the probes every 10 s, answered at first; the read that ends with a timeout.",
    "每 10 秒一次的探测，起初有应答；以及最终因超时而结束的 read。",
  ),
  options: { socket: { keepAlive: { idleNs: 10e9, intervalNs: 5e9, count: 4 } } },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await take(conn, SMALL);
        await world.sleep(35_000);
        world.crashServer();
      },
      async (conn) => {
        await conn.write(letters(SMALL));
        await takeAll(conn);
      },
    ),
};

/** In the order in which they are listed. */
export const MESSAGES: readonly Scenario[] = [echo, requestResponse, smallWrites, nagle, keepAlive];
