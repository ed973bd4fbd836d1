/**
 * Scenarios of beginnings and ends: connections that do not come to be, and
 * the ways in which they go.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import { attempt, callOne, letters, sendBytes, take, takeAll, talk } from "../programs.ts";
import type { Scenario } from "../scenario.ts";

const OPENING = text("the three-way handshake", "建立连接：三次握手");
const CLOSING = text("the four-way farewell", "断开连接：四次挥手");

const refused: Scenario = {
  name: "refused",
  title: text("nobody listens", "没有程序在监听"),
  shows: text(
    "The server's machine is there, but no program listens on the port: it answers the SYN with a RST, and dial fails at once.",
    "服务端的机器在，但没有程序监听这个端口：它用 RST 回答 SYN，dial 立刻失败。",
  ),
  article: OPENING,
  look: text("two segments, one round trip.", "两个报文段，一个往返时间。"),
  options: {},
  run: (world) => callOne(world, async () => {}),
};

const unanswered: Scenario = {
  name: "unanswered",
  title: text("nobody is there", "对方的机器不在"),
  shows: text(
    "The machine is off, or a firewall swallows the SYN: no answer, so the SYN is sent again and again, each time after twice the wait, until dial gives up.",
    "机器没有开机，或者防火墙吞掉了 SYN：没有应答，于是 SYN 一再重传，每次等待时间加倍，直到 dial 放弃。",
  ),
  article: OPENING,
  look: text(
    "the times between the SYNs: 1, 2, 4, 8 … seconds.",
    "SYN 之间的间隔：1、2、4、8……秒。",
  ),
  options: {},
  async run(world) {
    world.crashServer();
    await callOne(world, async () => {});
  },
};

const lossyStart: Scenario = {
  name: "lossy-start",
  title: text("the first SYN and the first SYN-ACK are lost", "第一个 SYN 和第一个 SYN-ACK 丢失"),
  shows: text(
    "Both ends send again what was not confirmed, and the handshake succeeds late: the program only sees a dial that takes long.",
    "两端都重传没有得到确认的报文段，握手最终成功，只是晚了：程序只会看到一次很慢的 dial。",
  ),
  article: OPENING,
  look: text("the second of waiting before each repetition.", "每次重传之前等待的一秒。"),
  options: {
    up: { loss: { name: "list", packets: [0] } },
    down: { loss: { name: "list", packets: [0] } },
  },
  run: (world) =>
    talk(
      world,
      async (conn) => void (await takeAll(conn)),
      async (conn) => await conn.write(letters(10)),
    ),
};

const halfClose: Scenario = {
  name: "half-close",
  title: text("the client is done sending, the server not yet", "客户端发完了，服务端还没有"),
  shows: text(
    "A FIN closes one direction only: the client says that it has no more to send, and goes on receiving.",
    "FIN 只关闭一个方向：客户端表示不再发送，但继续接收。",
  ),
  article: CLOSING,
  look: text(
    "the client's FIN long before the server's, and the state FIN-WAIT-2 in between.",
    "客户端的 FIN 远早于服务端的，其间处于 FIN-WAIT-2 状态。",
  ),
  options: { bytes: 50_000 },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await takeAll(conn);
        await sendBytes(conn, world.bytes);
      },
      async (conn) => {
        await conn.write(letters(100));
        await conn.closeWrite();
        await takeAll(conn);
      },
    ),
};

const simultaneousClose: Scenario = {
  name: "simultaneous-close",
  title: text("both close at the same time", "双方同时关闭"),
  shows: text(
    "Two FINs cross on the way: both ends pass through CLOSING, and both wait in TIME-WAIT.",
    "两个 FIN 在路上交错：两端都经过 CLOSING，也都要在 TIME-WAIT 中等待。",
  ),
  article: CLOSING,
  look: text(
    "the states of both ends (seqack story --ladder).",
    "两端的状态（seqack story --ladder）。",
  ),
  options: {},
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await take(conn, 10);
        await conn.write(letters(10));
        await world.sleep(1000);
      },
      async (conn) => {
        await conn.write(letters(10));
        await take(conn, 10);
        // Half a round trip behind the server's write: both then sleep to the same moment.
        await world.sleep(980);
      },
    ),
};

const reset: Scenario = {
  name: "reset",
  title: text("the server closes with data unread", "服务端没读完数据就关闭"),
  shows: text(
    "Bytes that nobody will read must not look delivered: the server answers with a RST, and the client's next call fails.",
    "没有人会读的字节不能看起来像已送达：服务端回复 RST，客户端的下一次调用失败。",
  ),
  article: CLOSING,
  look: text(
    "the RST in place of a FIN, and the error that the client's program gets.",
    "代替 FIN 的 RST，以及客户端程序得到的错误。",
  ),
  options: { bytes: 100_000 },
  run: (world) =>
    talk(
      world,
      async (conn) => void (await take(conn, 1000)),
      async (conn) => {
        await sendBytes(conn, world.bytes);
        await takeAll(conn);
      },
    ),
};

const crash: Scenario = {
  name: "crash",
  title: text("the server's machine loses its power", "服务端的机器突然断电"),
  shows: text(
    "No FIN, no RST, nothing: the client sends the same bytes again and again, each time after twice the wait, and gives up only after many minutes.",
    "没有 FIN，没有 RST，什么都没有：客户端一再重传同样的字节，每次等待时间加倍，许多分钟之后才放弃。",
  ),
  article: text("why TCP is reliable", "TCP 为什么可靠"),
  look: text(
    "the retransmission timer as it doubles, and how late the program hears of it.",
    "不断加倍的重传定时器，以及程序多晚才知道。",
  ),
  options: { bytes: 200_000 },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await take(conn, world.bytes / 2);
        world.crashServer();
      },
      async (conn) => {
        await sendBytes(conn, world.bytes);
        await takeAll(conn);
      },
    ),
};

const reboot: Scenario = {
  name: "reboot",
  title: text("the server's machine crashes and comes back", "服务端的机器崩溃后重新启动"),
  shows: text(
    "The new machine knows nothing of the old connection: it answers the client's next segment with a RST, and only then the client learns of it.",
    "重新启动的机器不知道原来的连接：它用 RST 回答客户端的下一个报文段，客户端这时才知道。",
  ),
  article: text("what does connection-oriented mean?", "什么是面向连接？"),
  look: text(
    "the long silence in which the client believes to be connected, and the RST that ends it.",
    "客户端自以为仍然连接着的长时间沉默，以及结束它的 RST。",
  ),
  options: {},
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await take(conn, 100);
        await conn.write(letters(100));
        await world.sleep(1000);
        world.crashServer();
        await world.sleep(5000);
        world.rebootServer();
      },
      async (conn) => {
        await conn.write(letters(100));
        await take(conn, 100);
        await world.sleep(20_000);
        await attempt(world, "client", async () => {
          await conn.write(letters(100));
          await take(conn, 100);
        });
      },
    ),
};

/** In the order in which they are listed. */
export const OPENINGS: readonly Scenario[] = [refused, unanswered, lossyStart];

/** In the order in which they are listed. */
export const ENDINGS: readonly Scenario[] = [halfClose, simultaneousClose, reset, crash, reboot];
