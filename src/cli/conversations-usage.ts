/**
 * What `seqack conversations --help` prints.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";

/** Usage line, examples, options. */
export const CONVERSATIONS_USAGE: Text = text(
  `Usage: seqack conversations FILE… [--sort ORDER] [--top N] [-v] [-T FORMAT]

  seqack conversations a.pcapng                      the largest, a line each
  seqack conversations a.pcapng --sort retransmissions --top 5 -v
  seqack conversations a.pcapng -T tsv -e client -e toServer.rtt.p95Ns
  tcpdump -w - | seqack conversations - -T json      all, as they end

  --sort ORDER    bytes (the default), segments, duration, retransmissions,
                  rtt, zero-window: greatest first; stream: first seen first
  --top N         connections shown, 100 unless told; with -T all of them
  --stream N      this one alone, numbered as tcp.stream, from 0
  -v              each in words: handshake, windows, round trips, how it ended
  --wide          a table with more columns, however wide
  -T FORMAT       text, tsv (with names above), fields (needs -e), json
  -e NAME         a field for -T tsv and -T fields, again for more

Table: data is payload, repeats included; → to the server, ← to the client.
RTT is the handshake's round trip; retr. are segments sent again. docs/analysis.md
has all measures and how they are taken. FILE "-" is standard input.`,
  `用法：seqack conversations 文件… [--sort 顺序] [--top N] [-v] [-T 格式]

  seqack conversations a.pcapng                      最大的连接，每条一行
  seqack conversations a.pcapng --sort retransmissions --top 5 -v
  seqack conversations a.pcapng -T tsv -e client -e toServer.rtt.p95Ns
  tcpdump -w - | seqack conversations - -T json      全部连接，结束一条输出一条

  --sort 顺序     bytes（默认）、segments、duration、retransmissions、rtt、
                  zero-window：从大到小；stream：按出现的先后
  --top N         最多显示几条，默认 100；使用 -T 时显示全部
  --stream N      只显示这一条，编号即 tcp.stream，从 0 开始
  -v              用文字逐条说明：握手、窗口、往返时间、怎样结束
  --wide          列更多的表格，不限宽度
  -T 格式         text、tsv（首行是字段名）、fields（需要 -e）、json
  -e 字段名       -T tsv 和 -T fields 的字段，可重复

表格中“数据”是载荷，包括重复发送的；→ 表示发往服务端，← 表示发往客户端。
RTT 是握手的往返时间；“重传”是重发的报文段数。所有指标及其测量方法见
docs/analysis.md。文件名 "-" 表示标准输入。`,
);
