/**
 * What `seqack conversations --help` prints.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { DEFAULT_LIMIT } from "./conversations-options.ts";

/** Usage line, examples, options. */
export const CONVERSATIONS_USAGE: Text = text(
  `Usage: seqack conversations FILE… [--sort ORDER] [--limit N] [-v] [-T FORMAT]

  seqack conversations a.pcapng                      the largest, a line each
  seqack conversations a.pcapng --sort retransmissions --limit 5 -v
  seqack conversations a.pcapng -T tsv -e client -e toServer.rtt.p95Ns
  tcpdump -w - | seqack conversations - -T json      all, as they end

  --sort ORDER    bytes (the default), segments, duration, retransmissions,
                  rtt, zero-window: greatest first; stream: first seen first
  --limit N       connections shown, ${DEFAULT_LIMIT} unless told; with -T all of them
  --stream N      this one alone, numbered as tcp.stream, from 0
  -v              each in words: handshake, windows, round trips, how it ended
  --wide          a table with more columns, however wide
  -T FORMAT       text, tsv (with names above), fields (needs -e), json
  -e NAME         a field for -T tsv and -T fields, again for more

Table: data is payload, repeats included; → to the server, ← to the client.
RTT is the handshake's round trip, or that of data where no handshake is there;
retr. counts what Wireshark calls retransmissions. docs/analysis.md has all
measures and how they are taken. Several files are read as one, merged by time.
FILE "-" is standard input.`,
  `用法：seqack conversations 文件… [--sort 顺序] [--limit N] [-v] [-T 格式]

  seqack conversations a.pcapng                      最大的连接，每条一行
  seqack conversations a.pcapng --sort retransmissions --limit 5 -v
  seqack conversations a.pcapng -T tsv -e client -e toServer.rtt.p95Ns
  tcpdump -w - | seqack conversations - -T json      全部连接，结束一条输出一条

  --sort 顺序     bytes（默认）、segments、duration、retransmissions、rtt、
                  zero-window：从大到小；stream：按出现的先后
  --limit N       最多显示几条，默认 ${DEFAULT_LIMIT}；使用 -T 时显示全部
  --stream N      只显示这一条，编号即 tcp.stream，从 0 开始
  -v              用文字逐条说明：握手、窗口、往返时间、怎样结束
  --wide          列更多的表格，不限宽度
  -T 格式         text、tsv（首行是字段名）、fields（需要 -e）、json
  -e 字段名       -T tsv 和 -T fields 的字段，可重复

表格中“数据”是载荷，包括重复发送的；→ 表示发往服务端，← 表示发往客户端。
RTT 是握手的往返时间，没有握手时是数据的往返时间；“重传”是 Wireshark 判为重传
的报文段数。所有指标及其测量方法见 docs/analysis.md。给出多个文件时，按时间合并
成一个来读。文件名 "-" 表示标准输入。`,
);
