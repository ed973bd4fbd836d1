/**
 * The TCP header laid out for people: every field, every flag, every option,
 * and what each says in this segment.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { tcpChecksum, verifyTcpChecksum } from "../checksum.ts";
import type { Layer } from "../layers.ts";
import { seqAdd } from "../seqnum.ts";
import { Flag, tcpFlags, tcpHeaderLen } from "../tcp.ts";
import { HeaderFields, hexValue, shown, type FieldLayout, type Shown } from "./field.ts";
import { addTcpOptions } from "./tcp-options.ts";

const RFC = "RFC 9293 §3.1";

/** Offset of the IP header in front of TCP, or why there is none to check with. */
export type PseudoHeader = number | "alone" | "part";

/** Fields of a TCP header; `end` is where the captured bytes end. */
export function layoutTcpHeader(
  v: DataView,
  layer: Layer,
  pseudo: PseudoHeader,
  end: number,
): readonly FieldLayout[] {
  const { at, len } = layer;
  const h = new HeaderFields(v, at, at + len);
  const flags = len > 13 ? tcpFlags(v, at) : 0;
  const payloadLen = len > 12 ? Math.max(0, layer.wireEnd - at - tcpHeaderLen(v, at)) : 0;
  h.add("tcp.srcport", text("Source port", "源端口"), 0, 16, RFC, (n) =>
    shown(n, "port of the program that sent this", "发送方程序的端口"),
  );
  h.add("tcp.dstport", text("Destination port", "目的端口"), 16, 16, RFC, (n) =>
    shown(n, "port of the program it goes to", "接收方程序的端口"),
  );
  h.add("tcp.seq_raw", text("Sequence number", "序号"), 32, 32, "RFC 9293 §3.4", (n) =>
    showSeq(n, flags, payloadLen),
  );
  h.add("tcp.ack_raw", text("Acknowledgment number", "确认序号"), 64, 32, "RFC 9293 §3.4", (n) =>
    showAck(n, flags),
  );
  h.add("tcp.hdr_len", text("Header length", "首部长度"), 96, 4, RFC, (n) => showHeaderLen(n, len));
  h.add("tcp.flags.res", text("Rsvd", "保留"), 100, 3, RFC, (n) =>
    n === 0
      ? shown(n, "reserved, 0", "保留，为 0")
      : shown(n, "reserved, should be 0", "保留，应为 0"),
  );
  for (const [i, f] of FLAGS.entries())
    h.add(f.name, f.label, 103 + i, 1, f.rfc, (n) => ({
      value: String(n),
      meaning: n === 1 ? f.set : f.clear,
    }));
  h.add("tcp.window_size_value", text("Window", "窗口大小"), 112, 16, "RFC 9293 §3.8.6", (n) =>
    showWindow(n, flags),
  );
  h.add("tcp.checksum", text("Checksum", "校验和"), 128, 16, RFC, (n) =>
    showChecksum(v, layer, pseudo, end, n),
  );
  h.add("tcp.urgent_pointer", text("Urgent pointer", "紧急指针"), 144, 16, "RFC 9293 §3.8.5", (n) =>
    showUrgent(n, flags, payloadLen),
  );
  addTcpOptions(h, len, flags);
  return h.fields;
}

interface FlagText {
  readonly name: string;
  readonly label: Text;
  readonly rfc: string;
  readonly set: Text;
  readonly clear: Text;
}

function flag(name: string, label: string, rfc: string, set: Text, clear: Text): FlagText {
  return { name: `tcp.flags.${name}`, label: text(label, label), rfc, set, clear };
}

/** From bit 103 on. */
const FLAGS: readonly FlagText[] = [
  flag(
    "ae",
    "AE",
    "RFC 9768",
    text("accurate ECN in use or offered", "使用或提议精确的 ECN"),
    text("no accurate ECN here", "没有用精确的 ECN"),
  ),
  flag(
    "cwr",
    "CWR",
    "RFC 3168 §6.1",
    text("I have slowed down, as you told me", "收到拥塞通知，我已减速"),
    text("no slowing down to report", "没有减速要报告"),
  ),
  flag(
    "ece",
    "ECE",
    "RFC 3168 §6.1",
    text(
      "congestion was marked on the way to me (in a SYN: I know ECN)",
      "来的路上有拥塞标记（SYN 中：我支持 ECN）",
    ),
    text("no congestion to report", "没有拥塞要报告"),
  ),
  flag(
    "urg",
    "URG",
    RFC,
    text("the urgent pointer counts", "紧急指针有效"),
    text("nothing urgent", "没有紧急数据"),
  ),
  flag(
    "ack",
    "ACK",
    RFC,
    text("the acknowledgment number counts", "确认序号有效"),
    text(
      "acknowledges nothing: only a first SYN or a RST may",
      "不确认任何数据：只有首个 SYN 或 RST 可以这样",
    ),
  ),
  flag(
    "push",
    "PSH",
    RFC,
    text(
      "the sender has no more for now: hand it to the program",
      "发送方暂时发完了：请立即交给程序",
    ),
    text("no hurry: more may follow", "不急：后面可能还有"),
  ),
  flag(
    "reset",
    "RST",
    RFC,
    text("the connection is broken off at once", "立即中断连接"),
    text("the connection is not broken off", "没有中断连接"),
  ),
  flag(
    "syn",
    "SYN",
    RFC,
    text("opens the connection: numbers start here", "建立连接：序号从这里开始"),
    text("opens nothing", "不是建立连接"),
  ),
  flag(
    "fin",
    "FIN",
    RFC,
    text("the sender will send no more data", "发送方不再发送数据"),
    text("the sender may send more", "发送方还可能继续发送"),
  ),
];

function showSeq(n: number, flags: number, payloadLen: number): Shown {
  if ((flags & Flag.SYN) !== 0)
    return shown(
      n,
      `where the numbers start; the first byte of data is ${seqAdd(n, 1)}`,
      `序号的起点；第一个数据字节是 ${seqAdd(n, 1)}`,
    );
  if (payloadLen === 0)
    return shown(n, "the number of the byte that it would send next", "它接下来要发的字节的编号");
  const last = seqAdd(n, payloadLen - 1);
  if (payloadLen === 1)
    return shown(n, "the number of its one byte of data", "它的一个数据字节的编号");
  return shown(
    n,
    `its ${payloadLen} bytes of data are numbered ${n} to ${last}`,
    `它的 ${payloadLen} 个数据字节编号为 ${n} 到 ${last}`,
  );
}

function showAck(n: number, flags: number): Shown {
  if ((flags & Flag.ACK) === 0)
    return shown(n, "means nothing: the ACK flag is not set", "没有意义：没有 ACK 标志");
  return shown(
    n,
    `everything before ${n} has arrived; this one is expected next`,
    `${n} 之前的都已收到，期待从它开始`,
  );
}

function showHeaderLen(n: number, len: number): Shown {
  const value = `${n * 4} (${n})`;
  if (n < 5) return shown(value, `${n} words are too few: at least 5`, `${n} 个字太少：至少 5 个`);
  if (n * 4 > len)
    return shown(
      value,
      `${n} words of 4 bytes, but only ${len} bytes are here`,
      `${n} 个 4 字节的字，但这里只有 ${len} 字节`,
    );
  if (n === 5) return shown(value, "5 words of 4 bytes: no options", "5 个 4 字节的字：没有选项");
  return shown(
    value,
    `${n} words of 4 bytes: ${n * 4 - 20} bytes of options`,
    `${n} 个 4 字节的字：有 ${n * 4 - 20} 字节选项`,
  );
}

function showWindow(n: number, flags: number): Shown {
  if (n === 0 && (flags & Flag.RST) !== 0)
    return shown(n, "means nothing in a RST", "在 RST 中没有意义");
  if (n === 0) return shown(n, "no room: send nothing more for now", "没有空间了：暂时别再发");
  if ((flags & Flag.SYN) !== 0)
    return shown(
      n,
      `I have room for ${n} bytes (never scaled in a SYN)`,
      `我还能收 ${n} 字节（SYN 中不缩放）`,
    );
  return shown(
    n,
    `I have room for ${n} bytes, times the agreed scale`,
    `我还能收 ${n} 字节，再乘以约定的缩放倍数`,
  );
}

function showChecksum(
  v: DataView,
  layer: Layer,
  pseudo: PseudoHeader,
  end: number,
  n: number,
): Shown {
  const value = hexValue(n, 4);
  if (pseudo === "alone")
    return shown(value, "cannot be checked without the IP addresses", "没有 IP 地址，无法校验");
  if (pseudo === "part")
    return shown(
      value,
      "cannot be checked: this is one part of a packet",
      "这只是包的一个分片，无法校验",
    );
  const tcpLen = layer.wireEnd - layer.at;
  switch (verifyTcpChecksum(v, pseudo, layer.at, tcpLen, end)) {
    case "good":
      return shown(
        value,
        "right: header, data and addresses arrived as they were sent",
        "正确：首部、数据和地址都没有变",
      );
    case "offloaded":
      return shown(
        value,
        "not complete: left to the network card of the sender",
        "未完成：留给发送方的网卡计算",
      );
    case "unverified":
      return shown(
        value,
        "cannot be checked: not all of it was captured",
        "没有全部抓到，无法校验",
      );
    case "bad": {
      const right = hexValue(tcpChecksum(v, pseudo, layer.at, tcpLen), 4);
      return shown(value, `wrong: it should be ${right}`, `错误：应为 ${right}`);
    }
  }
}

function showUrgent(n: number, flags: number, payloadLen: number): Shown {
  if ((flags & Flag.URG) === 0)
    return shown(n, "means nothing: the URG flag is not set", "没有意义：没有 URG 标志");
  if (n > payloadLen)
    return shown(
      n,
      "urgent data ends behind this segment's data",
      "紧急数据的结尾在本报文段数据之后",
    );
  return shown(n, `urgent data ends ${n} bytes on`, `紧急数据到第 ${n} 个字节为止`);
}
