/**
 * Sentences of the beginning and the end of a connection, and of duplicates
 * that the receiver reports.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { seqLeq } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { Note, Verdict } from "../verdicts/verdict.ts";
import { bytes, bytesFrom, proofOf, received, spanOf } from "./phrases.ts";
import type { Case } from "./reason.ts";

/** More than this is no block of bytes but damage. */
const MOST = 0x4000_0000;

/** A connection on known ports, or a side of one that starts anew. */
export function reusedPorts(c: Case): Text {
  const { frame } = proofOf(c, Verdict.REUSED_PORTS);
  if ((c.s.tcpFlags & Flag.ACK) !== 0) {
    return text(
      `reused ports: this SYN-ACK begins at another number than its side did before (the last segment was frame ${frame}), as a new connection does`,
      `端口重用：这个 SYN-ACK 的起始序号与本端之前的不同（上一个报文段是第 ${frame} 帧），像是一条新连接`,
    );
  }
  return text(
    `reused ports: a new connection between the same addresses and ports as one before, whose last segment was frame ${frame}`,
    `端口重用：一条新连接，地址和端口与之前的一条相同，那一条的最后一个报文段是第 ${frame} 帧`,
  );
}

/** A SYN with a cookie (RFC 7413). */
export function fastOpenSyn({ s }: Case): Text {
  if (s.payloadLen === 0) {
    return text(
      "fast open: the SYN shows the server a cookie from an earlier connection",
      "快速打开：SYN 向服务端出示以前连接得到的 cookie",
    );
  }
  const data = bytes(s.payloadLen);
  return text(
    `fast open: the SYN brings a cookie and the first ${data.en}, so that the server can answer at once`,
    `快速打开：SYN 带着 cookie 和最初的 ${data.zh}，服务端可以立即回答`,
  );
}

/** The server took the data of the SYN. */
export function fastOpenAck(c: Case): Text {
  const data = c.s.relAck - 1;
  const n = bytes(data);
  return data > 0xffff
    ? text(
        "fast open: the SYN-ACK acknowledges more than the SYN",
        "快速打开：SYN-ACK 确认的不止 SYN",
      )
    : text(
        `fast open accepted: the SYN-ACK acknowledges ${n.en} that came with the SYN`,
        `快速打开被接受：SYN-ACK 确认了随 SYN 到达的 ${n.zh}`,
      );
}

/** It did not. */
export function fastOpenIgnored(): Text {
  return text(
    "fast open not accepted: the SYN-ACK acknowledges the SYN but not its data, which must be sent again",
    "快速打开未被接受：SYN-ACK 只确认了 SYN，没有确认它携带的数据，数据需要重发",
  );
}

/** RFC 2883. */
export function duplicateSack(c: Case): Text {
  const proof = proofOf(c, Note.DSACK);
  const len = spanOf(proof);
  if (len === 0 || len > MOST) {
    return text(
      "D-SACK: the receiver reports a duplicate, but not which bytes",
      "D-SACK：接收方报告收到重复数据，但没有说明是哪些字节",
    );
  }
  const range = bytesFrom(received(c, proof.from), len);
  return text(
    `D-SACK: the receiver reports that it got ${range.en} a second time`,
    `D-SACK：接收方报告再次收到了${range.zh}`,
  );
}

/** The first FIN. */
export function finActive(): Text {
  return text(
    "active close: this side is the first to say that it has nothing more to send",
    "主动关闭：本端首先表示没有数据要发了",
  );
}

/** The other one; both may be on their way at once (RFC 9293 §3.6, simultaneous close). */
export function finPassive({ s, receiver }: Case): Text {
  const isCovered = (s.tcpFlags & Flag.ACK) !== 0 && seqLeq(receiver.finEnd, s.ack);
  if (receiver.fin !== 0 && !isCovered) {
    return text(
      `passive close: the FIN of the other side (frame ${receiver.fin}) was captured first, but this one does not acknowledge it: each side closes by itself`,
      `被动关闭：先抓到的是对方的 FIN（第 ${receiver.fin} 帧），但这个 FIN 没有确认它：双方各自关闭`,
    );
  }
  return text(
    "passive close: the other side had closed first; now this one has nothing more to send either",
    "被动关闭：对方先关闭；现在本端也没有数据要发了",
  );
}
