/**
 * How the connection was opened, in words.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import type { Row } from "../trace/table.ts";
import { seqAdd, seqDiff } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";
import type { Facts } from "./facts.ts";
import type { Offer } from "./offer.ts";
import { sentence, type Sentence } from "./sentence.ts";
import { count, duration, ENDS, ENDS_FIRST, lapse, listOf, plural } from "./words.ts";

/** The sentences of the handshake; one even when there was none. */
export function tellHandshake(f: Facts): Sentence[] {
  const { syn, serverSyn } = f.handshake;
  if (syn === null && serverSyn === null) return [tellMissing(f)];
  return [...tellSegments(f), ...tellElsewhere(f), ...tellAgreement(f)];
}

function tellMissing(f: Facts): Sentence {
  const words = text(
    "How the connection was opened is not in the capture: it starts in the middle. Which end is called the client is a guess, from the port numbers and from who is seen first.",
    "抓包从连接中途开始，看不到它是怎样建立的。哪一端称为客户端，是根据端口号和谁先出现推测的。",
  );
  return sentence(f.trace, words, [f.rows[0] ?? null]);
}

function tellSegments(f: Facts): Sentence[] {
  const { handshake: h, trace } = f;
  const out: Sentence[] = [tellSyn(f)];
  const again = [...h.resent[0], ...h.resent[1]].filter(
    (row) => row !== h.synAck && !f.copies.has(row),
  );
  if (again.length > 0)
    out.push(
      tellAgain(
        f,
        again.toSorted((a, b) => a - b),
      ),
    );
  if (h.refusal !== null) return [...out, tellRefusal(f, h.refusal)];
  if (f.outcome === "unanswered") {
    return [...out, sentence(trace, text("Nobody answered.", "没有收到任何回答。"))];
  }
  if (h.isSimultaneous) return [...out, tellSimultaneous(f)];
  if (h.synAck === null) {
    const words = text("The server's answer is not in the capture.", "服务端的回答不在抓包中。");
    return [...out, sentence(trace, words)];
  }
  return [...out, tellSynAck(f, h.synAck), ...tellLastStep(f)];
}

/** Segments that count from another number than the one that was agreed on. */
function tellElsewhere(f: Facts): Sentence[] {
  const { dir, flags, ack } = f.trace.segments.columns;
  return ([0, 1] as const).flatMap((end) => {
    const rows = [...f.bytes.elsewhere.keys()].filter((row) => dir[row] === end);
    if (rows.length === 0) return [];
    const starts = [...new Set(rows.map((row) => f.bytes.elsewhere.get(row) ?? 0))];
    const odd = rows.find((row) => (flags[row]! & Flag.SYN) !== 0 && isUnsentAcked(f, row));
    const other = ENDS[end === 0 ? 1 : 0];
    const wrong =
      odd === undefined
        ? text("", "")
        : text(
            ` and acknowledge ${ack[odd]}, which ${other.en} had not sent`,
            `，并且确认了${other.zh}没有发送过的序号 ${ack[odd]}`,
          );
    const words = text(
      `${plural(rows.length, "segment")} in the name of ${ENDS[end].en} ${rows.length === 1 ? "counts" : "count"} from another start (${starts.join(", ")})${wrong.en}: no part of what follows.`,
      `有 ${count(rows.length)} 个以${ENDS[end].zh}名义发送的报文段从另一个序号（${starts.join("、")}）开始编号${wrong.zh}：以下不计入。`,
    );
    return [sentence(f.trace, words, rows)];
  });
}

/** Whether a SYN with ACK confirms anything but the client's SYN and the data on it (RFC 9293 §3.10.7.3). */
function isUnsentAcked(f: Facts, row: Row): boolean {
  const { syn } = f.handshake;
  const { dir, flags, seq, ack } = f.trace.segments.columns;
  if (syn === null || dir[row] === 0 || (flags[row]! & Flag.ACK) === 0) return false;
  const confirmed = seqDiff(ack[row]!, seqAdd(seq[syn]!, 1));
  return confirmed < 0 || confirmed > f.bytes.dirs[0].sent;
}

function tellSyn(f: Facts): Sentence {
  const { syn, serverSyn } = f.handshake;
  if (syn === null) {
    const words = text(
      "The client's request (SYN) is not in the capture.",
      "客户端的连接请求（SYN）不在抓包中。",
    );
    return sentence(f.trace, words, [serverSyn]);
  }
  const number = f.trace.segments.columns.seq[syn]!;
  const words = text(
    `The client asked for a connection (SYN) and said at which number it starts to count its bytes: ${number}.`,
    `客户端请求建立连接（SYN），并声明自己发送的字节从序号 ${number} 开始编号。`,
  );
  return sentence(f.trace, words, [syn]);
}

function tellAgain(f: Facts, rows: readonly Row[]): Sentence {
  const { time } = f.trace.segments.columns;
  const start = time[f.handshake.syn ?? f.handshake.serverSyn ?? rows[0]!]!;
  const after = rows
    .slice(0, 6)
    .map((row) => text(duration(time[row]! - start), duration(time[row]! - start)));
  const more = rows.length > 6 ? text(" and so on", " 等") : text("", "");
  const why =
    f.handshake.refusal !== null && f.handshake.refusal < rows[0]!
      ? text("though the answer had been no", "尽管已经被拒绝")
      : text("as a rule because no answer had arrived", "通常是因为没有等到回答而重发");
  const words = text(
    `Opening segments were sent again ${listOf(after).en}${more.en} after the first SYN, ${why.en}.`,
    `在第一个 SYN 之后的 ${listOf(after).zh}${more.zh}，又出现了建立连接的报文段，${why.zh}。`,
  );
  return sentence(f.trace, words, rows);
}

function tellRefusal(f: Facts, refusal: Row): Sentence {
  const { port } = f.trace.endpoint(f.stream, 1);
  const words = text(
    `The answer was a refusal (RST): as a rule it means that no program listens on port ${port} there.`,
    `对方拒绝了（RST）：这通常说明那里没有程序在监听端口 ${port}。`,
  );
  return sentence(f.trace, words, [refusal]);
}

function tellSimultaneous(f: Facts): Sentence {
  const { syn, serverSyn, synAck, ack } = f.handshake;
  const words = text(
    "The other end asked at the same time: each sent its SYN before it had the other's. This is rare, and one connection comes of it, not two.",
    "另一端也同时请求建立连接：双方都在收到对方的 SYN 之前发出了自己的 SYN。这种情况很少见，得到的是一个连接，而不是两个。",
  );
  return sentence(f.trace, words, [syn, serverSyn, synAck, ack]);
}

function tellSynAck(f: Facts, synAck: Row): Sentence {
  const { syn } = f.handshake;
  const { seq, time } = f.trace.segments.columns;
  const number = seq[synAck]!;
  const later = syn === null ? null : lapse(time[synAck]! - time[syn]!);
  if (isUnsentAcked(f, synAck)) return tellWrongAnswer(f, synAck, later);
  const words = text(
    `The server agreed (SYN and ACK in one segment)${later === null ? "" : ` ${later} later`} and named the start of its own count: ${number}.`,
    `${later === null ? "" : `${later} 后，`}服务端同意了（SYN 和 ACK 在同一个报文段里），并声明自己的起始序号：${number}。`,
  );
  return sentence(f.trace, words, [synAck]);
}

function tellWrongAnswer(f: Facts, synAck: Row, later: string | null): Sentence {
  const { ack } = f.trace.segments.columns;
  const words = text(
    `The server answered (SYN and ACK in one segment)${later === null ? "" : ` ${later} later`}, but acknowledged ${ack[synAck]}, which the client had not sent: an answer to another SYN.`,
    `${later === null ? "" : `${later} 后，`}服务端作了回答（SYN 和 ACK 在同一个报文段里），但它确认的序号 ${ack[synAck]} 客户端没有发送过：那是对另一个 SYN 的回答。`,
  );
  return sentence(f.trace, words, [synAck]);
}

function tellLastStep(f: Facts): Sentence[] {
  const { syn, ack, resent } = f.handshake;
  if (ack === null) {
    if (f.outcome === "reset" || f.outcome === "refused") return [];
    const words = text(
      "The client's confirmation is not in the capture.",
      "客户端的确认不在抓包中。",
    );
    return [sentence(f.trace, words)];
  }
  const { time, payloadLen } = f.trace.segments.columns;
  const data = payloadLen[ack]!;
  const withData =
    data === 0
      ? text("", "")
      : text(
          ` and sent ${plural(data, "byte")} in the same segment`,
          `，并在同一个报文段里发送了 ${count(data)} 字节`,
        );
  const isTimed = syn !== null && resent.every((rows) => rows.every((row) => f.copies.has(row)));
  const trip = isTimed ? lapse(time[ack]! - time[syn]!) : null;
  const took =
    trip === null ? text("", "") : text(`, ${trip} after it had asked`, `，此时距离请求 ${trip}`);
  const words = text(
    `The client confirmed${withData.en}: the connection was established${took.en}.`,
    `客户端确认${withData.zh}，连接建立${took.zh}。`,
  );
  return [sentence(f.trace, words, [ack])];
}

function tellAgreement(f: Facts): Sentence[] {
  const { syn, serverSyn, synAck } = f.handshake;
  const rows = [syn, synAck ?? serverSyn];
  const [client, server] = f.offers;
  const out: Text[] = [];
  if (client?.isCut === true || server?.isCut === true) {
    out.push(
      text(
        "The capture cuts their options off, so not all that was offered is known.",
        "抓包截断了选项，所以无法知道双方提出的全部内容。",
      ),
    );
  }
  if (client !== null && server !== null) {
    out.push(tellWindows(client, server), tellMss(f, client, server), tellScale(client, server));
    out.push(...tellExtras(client, server));
  } else {
    const end = client === null ? 1 : 0;
    const offer = client ?? server;
    if (offer !== null && f.outcome !== "refused") out.push(tellOneOffer(end, offer));
  }
  out.push(...tellFastOpen(f));
  return out.map((words) => sentence(f.trace, words, rows));
}

function tellWindows(client: Offer, server: Offer): Text {
  return text(
    `At the start the client had room for ${plural(client.window, "byte")} and the server for ${count(server.window)} (their windows).`,
    `开始时，客户端最多可以接收 ${count(client.window)} 字节，服务端最多 ${count(server.window)} 字节（各自的窗口）。`,
  );
}

function tellMss(f: Facts, client: Offer, server: Offer): Text {
  const silent = f.trace.endpoint(f.stream, 0).version === 4 ? 536 : 1220;
  if (client.mss === null && server.mss === null) {
    return text(
      `Neither said how large a segment may be; then ${count(silent)} bytes of payload count as safe.`,
      `双方都没有说明报文段最大可以多大，这时以 ${count(silent)} 字节的数据为准。`,
    );
  }
  if (client.mss === server.mss) {
    return text(
      `Each wants at most ${plural(client.mss ?? 0, "byte")} of payload in one segment (MSS).`,
      `双方都要求每个报文段最多携带 ${count(client.mss ?? 0)} 字节数据（MSS）。`,
    );
  }
  return text(
    `Payload wanted in one segment at most (MSS): client ${shownMss(client).en}, server ${shownMss(server).en}.`,
    `每个报文段最多希望接收的数据（MSS）：客户端 ${shownMss(client).zh}，服务端 ${shownMss(server).zh}。`,
  );
}

function shownMss({ mss }: Offer): Text {
  return mss === null ? text("does not say", "没有说明") : text(count(mss), count(mss));
}

function tellScale(client: Offer, server: Offer): Text {
  if (client.shift !== null && server.shift !== null) {
    const [c, s] = [2 ** client.shift, 2 ** server.shift];
    return text(
      `Both scale their later windows: the number in the client's headers is multiplied by ${count(c)}, the server's by ${count(s)}.`,
      `双方之后都使用窗口缩放：客户端首部里的窗口值要乘以 ${count(c)}，服务端的要乘以 ${count(s)}。`,
    );
  }
  const isNone = client.shift === null && server.shift === null;
  const who = client.shift === null ? 1 : 0;
  return text(
    `${isNone ? "Neither" : `Only ${ENDS[who].en}`} offered to scale windows, so they stay as they are written: 65,535 bytes at most.`,
    `${isNone ? "双方都没有" : `只有${ENDS[who].zh}`}提出窗口缩放，所以窗口就是首部里写的值，最大 65,535 字节。`,
  );
}

/** What both may offer and each can do without. */
const EXTRAS: readonly (readonly [(o: Offer) => boolean, Text])[] = [
  [
    (o) => o.hasSack,
    text("naming data that arrived behind a gap (SACK)", "报告缺口之后已收到的数据（SACK）"),
  ],
  [(o) => o.hasTimestamps, text("time stamps in every segment", "在每个报文段里带时间戳")],
  [(o) => o.hasEcn, text("congestion signals from routers (ECN)", "由路由器通知拥塞（ECN）")],
  [(o) => o.hasMptcp, text("several paths at once (MPTCP)", "同时使用多条路径（MPTCP）")],
];

function tellExtras(client: Offer, server: Offer): Text[] {
  const agreed = EXTRAS.filter(([has]) => has(client) && has(server)).map(([, name]) => name);
  const lone = EXTRAS.filter(([has]) => has(client) && !has(server)).map(([, name]) => name);
  const out: Text[] = [];
  if (agreed.length > 0) {
    const all = listOf(agreed);
    out.push(text(`They agreed on ${all.en}.`, `双方同意：${all.zh}。`));
  }
  if (lone.length > 0) {
    const all = listOf(lone);
    out.push(
      text(
        `The client offered ${all.en}; the server did not, so it is not used.`,
        `客户端提出${all.zh}，服务端没有响应，所以不使用。`,
      ),
    );
  }
  return out;
}

function tellOneOffer(end: 0 | 1, o: Offer): Text {
  const mss = o.mss === null ? null : count(o.mss);
  return text(
    `${ENDS_FIRST[end].en} had room for ${plural(o.window, "byte")} at the start${mss === null ? "" : ` and wants at most ${mss} bytes of payload in one segment (MSS)`}.`,
    `开始时${ENDS[end].zh}最多可以接收 ${count(o.window)} 字节${mss === null ? "" : `，要求每个报文段最多携带 ${mss} 字节数据（MSS）`}。`,
  );
}

function tellFastOpen(f: Facts): Text[] {
  const { syn, synAck } = f.handshake;
  const [client, server] = f.offers;
  const { payloadLen } = f.trace.segments.columns;
  const data = syn === null ? 0 : payloadLen[syn]!;
  if (data > 0) return [tellSynData(f, data, synAck)];
  if (client?.fastOpen !== "empty") return [];
  if (server?.fastOpen === "cookie") {
    return [
      text(
        "The client asked for a cookie with which its next connection may carry data at once (fast open), and got one.",
        "客户端请求一个 cookie，以便下次建立连接时立刻携带数据（快速打开），并且得到了。",
      ),
    ];
  }
  return [
    text(
      "The client asked for a fast open cookie; the server gave none.",
      "客户端请求快速打开的 cookie，服务端没有给。",
    ),
  ];
}

function tellSynData(f: Facts, data: number, synAck: Row | null): Text {
  const isFastOpen = f.offers[0]?.fastOpen === "cookie";
  const name = isFastOpen ? text(" (fast open)", "（快速打开）") : text("", "");
  const sent = text(
    `The client's SYN already carried ${plural(data, "byte")}${name.en}`,
    `客户端的 SYN 已经携带了 ${count(data)} 字节数据${name.zh}`,
  );
  const i = synAck === null ? -1 : f.rows.indexOf(synAck);
  if (i === -1) return text(`${sent.en}.`, `${sent.zh}。`);
  const taken = Math.min(data, f.bytes.ackTo[i]!);
  if (taken === 0) {
    return text(
      `${sent.en}; the server did not take them, so they have to be sent again.`,
      `${sent.zh}，服务端没有接收，需要重新发送。`,
    );
  }
  return text(
    `${sent.en}; the server took ${taken === data ? "them" : count(taken)} with its answer.`,
    `${sent.zh}，服务端在回答时接收了${taken === data ? "" : `其中 ${count(taken)} 字节`}。`,
  );
}
