/**
 * Scenarios of much data: how fast TCP may go, and who says so.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import type { Conn } from "../../net/types.ts";
import { bytesLine, callOne, sendBytes, serveOne, take, takeAll, talk } from "../programs.ts";
import type { LabWorld, Scenario } from "../scenario.ts";

const MS = 1e6;
const CONGESTION = text("congestion control", "TCP 的拥塞控制");
const WINDOW = text("window control", "TCP 的窗口控制");
const RELIABLE = text("why TCP is reliable", "TCP 为什么可靠");

/** The client sends `bytes`, the server reads as fast as it can. */
async function upload(world: LabWorld): Promise<void> {
  await talk(
    world,
    async (conn) => {
      world.say("server", bytesLine(text("received", "收到"), await takeAll(conn)));
    },
    async (conn) => {
      await sendBytes(conn, world.bytes);
      await conn.closeWrite();
      await takeAll(conn);
      world.say("client", bytesLine(text("sent", "发送"), world.bytes));
    },
  );
}

const bulk: Scenario = {
  name: "bulk",
  title: text("the client sends much data as fast as it may", "客户端尽快发送大量数据"),
  shows: text(
    "Slow start doubles the congestion window every round trip until the queue in front of the link overflows; the loss ends it, and from then on the window grows with care.",
    "慢启动让拥塞窗口每个往返时间翻一倍，直到链路前的队列溢出；丢包结束了慢启动，此后窗口谨慎地增长。",
  ),
  article: CONGESTION,
  look: text(
    "cwnd in the story: from 10 segments up to the loss, then down to ssthresh. Try --cc reno, --queue 8, --queue 200.",
    "故事中的 cwnd：从 10 个报文段增长到丢包为止，然后降到 ssthresh。试试 --cc reno、--queue 8、--queue 200。",
  ),
  options: { bytes: 2_000_000, up: { queue: { packets: 32 } } },
  run: upload,
};

const lossy: Scenario = {
  name: "lossy",
  title: text("much data over a link that loses packets", "在会丢包的链路上发送大量数据"),
  shows: text(
    "Every lost segment is found by the acknowledgements that skip it (SACK) or by the timer, and sent again: each byte arrives once and in order. Each loss also halves the speed, or nearly so.",
    "每个丢失的报文段都会被跳过它的确认（SACK）或定时器发现并重传：每个字节恰好按顺序到达一次。每次丢包也会让速度降低约一半。",
  ),
  article: RELIABLE,
  look: text(
    "fast retransmissions against timeouts, and which packets the link really lost. Try --loss 5%, --burst 4, --no-sack.",
    "快速重传与超时重传各有多少，以及链路真正丢了哪些包。试试 --loss 5%、--burst 4、--no-sack。",
  ),
  options: { bytes: 1_000_000, up: { loss: { name: "uniform", p: 0.02 } } },
  run: upload,
};

const tailLoss: Scenario = {
  name: "tail-loss",
  title: text("the last segment of a message is lost", "一条消息的最后一个报文段丢失"),
  shows: text(
    "Nothing comes behind the lost segment, so no acknowledgement can tell of the loss: only the retransmission timer helps, and it is slow.",
    "丢失的报文段后面再没有数据，也就没有确认能报告丢包：只能等重传定时器，而它很慢。",
  ),
  article: RELIABLE,
  look: text(
    "the pause before the retransmission: the RTO, many times the round trip.",
    "重传之前的停顿：RTO 是往返时间的许多倍。",
  ),
  // Behind the SYN and the ACK of the handshake: the last of ten segments.
  options: { bytes: 14_000, up: { loss: { name: "list", packets: [11] } } },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await take(conn, world.bytes);
        await conn.write(new TextEncoder().encode("thanks"));
        await takeAll(conn);
      },
      async (conn) => {
        await sendBytes(conn, world.bytes);
        await take(conn, 6);
      },
    ),
};

const reorder: Scenario = {
  name: "reorder",
  title: text("the link delivers packets in another order", "链路打乱包的顺序"),
  shows: text(
    "A segment that comes early leaves a hole, and the receiver acknowledges the same number again. Three such acknowledgements look like a loss although nothing was lost.",
    "提前到达的报文段会留下空缺，接收方于是重复同一个确认号。三次这样的确认看起来像丢包，其实什么也没有丢。",
  ),
  article: text(
    "why segments have sequence numbers: the network does not keep their order",
    "为什么要有序号：网络不保证先发的包先到",
  ),
  look: text(
    "out-of-order segments, duplicate ACKs, and retransmissions that were not needed (D-SACK).",
    "乱序的报文段、重复 ACK，以及不必要的重传（D-SACK）。",
  ),
  options: { bytes: 500_000, up: { reorder: { p: 0.02, byNs: 8 * MS } } },
  run: upload,
};

const bufferbloat: Scenario = {
  name: "bufferbloat",
  title: text("a queue that is much too long", "队列太长"),
  shows: text(
    "Nothing is lost, so the sender fills the queue: every byte waits behind all the others, and the round trip grows from 40 ms to hundreds.",
    "没有丢包，于是发送方把队列填满：每个字节都排在其他所有字节后面，往返时间从 40 ms 涨到几百毫秒。",
  ),
  article: CONGESTION,
  look: text(
    "srtt as it grows. Try --codel, which keeps the queue short.",
    "不断增长的 srtt。试试 --codel，它会让队列保持很短。",
  ),
  options: { bytes: 2_000_000, up: { queue: { packets: 1000 } } },
  run: upload,
};

const slowReader: Scenario = {
  name: "slow-reader",
  title: text("the server reads slowly", "服务端读得很慢"),
  shows: text(
    "The server's program takes little at a time, its buffer fills, and the window it offers shrinks: the receiver decides the speed, not the network.",
    "服务端程序每次只取走一点，缓冲区填满，它给出的窗口随之缩小：决定速度的是接收方，而不是网络。",
  ),
  article: WINDOW,
  look: text(
    "the share of the time for which the window was the limit. Try --rcvbuf 200kB.",
    "窗口成为瓶颈的时间所占的比例。试试 --rcvbuf 200kB。",
  ),
  options: { bytes: 300_000, socket: { receiveBuffer: 32_768 } },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        const buf = new Uint8Array(8192);
        while ((await conn.read(buf)) !== null) await world.sleep(50);
      },
      async (conn) => await sendThenWait(conn, world.bytes),
    ),
};

const zeroWindow: Scenario = {
  name: "zero-window",
  title: text("the server stops reading for a while", "服务端停止读取一段时间"),
  shows: text(
    "The window closes: the client may send nothing but probes, which ask whether there is room again. When the server reads on, the window opens.",
    "窗口关闭：客户端只能发送探测报文段，询问是否又有了空间。服务端继续读取后，窗口重新打开。",
  ),
  article: WINDOW,
  look: text(
    "window 0, the probes and the growing time between them, and the window update that ends it.",
    "窗口为 0、探测报文段和它们之间越来越长的间隔，以及结束这一切的窗口更新。",
  ),
  options: { bytes: 200_000, socket: { receiveBuffer: 32_768 } },
  run: (world) =>
    talk(
      world,
      async (conn) => {
        await world.sleep(5000);
        await takeAll(conn);
      },
      async (conn) => await sendThenWait(conn, world.bytes),
    ),
};

async function sendThenWait(conn: Conn, bytes: number): Promise<void> {
  await sendBytes(conn, bytes);
  await conn.closeWrite();
  await takeAll(conn);
}

const pathMtu: Scenario = {
  name: "path-mtu",
  title: text("somewhere on the way only shorter packets fit", "路上有一段只能通过较短的包"),
  shows: text(
    "The first full segments are too big; the router says so by ICMP, with the size that fits, and the sender cuts the same bytes into shorter segments.",
    "最初的满长报文段太大；路由器用 ICMP 告知能通过的大小，发送方把同样的字节切成更短的报文段重新发送。",
  ),
  article: text("the layers below TCP: IP and its MTU", "TCP 之下的各层：IP 与 MTU"),
  look: text(
    "the ICMP error, and the length of segments before and after it. Try --mtu-up 600.",
    "ICMP 差错报文，以及它前后报文段的长度。试试 --mtu-up 600。",
  ),
  options: { bytes: 50_000, up: { mtu: 1200 } },
  run: upload,
};

const twoFlows: Scenario = {
  name: "two-flows",
  title: text("two connections share one link", "两条连接共用一条链路"),
  shows: text(
    "Neither knows of the other, yet each gives way when packets are lost: in the end they share the link.",
    "两条连接互不知情，但丢包时各自退让：最终它们分享了这条链路。",
  ),
  article: CONGESTION,
  look: text(
    "the bytes and the time of each connection (seqack conversations). Try --cc reno.",
    "每条连接的字节数和用时（seqack conversations）。试试 --cc reno。",
  ),
  options: { bytes: 1_500_000, count: 2, up: { queue: { packets: 32 } } },
  async run(world) {
    await using listener = await world.server.listen(world.address);
    const flows = Array.from({ length: world.count }, async (_, i) => {
      await world.sleep(300 * i);
      await callOne(world, async (conn) => await sendThenWait(conn, world.bytes));
    });
    const served = flows.map(() =>
      serveOne(world, listener, async (conn) => void (await takeAll(conn))),
    );
    await Promise.all([...flows, ...served]);
  },
};

/** In the order in which they are listed. */
export const TRANSFERS: readonly Scenario[] = [
  bulk,
  lossy,
  tailLoss,
  reorder,
  slowReader,
  zeroWindow,
  bufferbloat,
  pathMtu,
  twoFlows,
];
