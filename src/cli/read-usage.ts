/**
 * What `seqack read --help` prints.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";

/** Usage line, examples, options. */
export const READ_USAGE: Text = text(
  `Usage: seqack read FILE… [-Y FILTER] [-T FORMAT] [options] [capture filter]

  seqack read a.pcapng                         one line a packet, as tcpdump
  seqack read a.pcapng tcp port 80             what the capture filter accepts
  seqack read a.pcapng -Y 'tcp.stream == 3'    what the display filter accepts
  seqack read a.pcapng -v -Y seqack.retransmission   what was sent again: why
  seqack read a.pcap b.pcap.gz                 both, merged by time (mergecap)
  seqack read a.pcapng -T fields -e frame.number -e tcp.seq -E header=y
  tcpdump -w - | seqack read -                 as the packets come

  -r FILE            a capture, again for more; then every other word is the
                     capture filter
  -Y FILTER          display filter, Wireshark's: docs/filters.md
  -T FORMAT          text, fields (tab-separated), json (as tshark -T json)
  -e NAME            a field for -T fields and -T json, again for more:
                     docs/fields.md
  -E SETTING         header=y, separator=, occurrence=a|f|l, aggregator=,
                     quote=d|s|n
  -c N               stop after N packets shown
  -S                 sequence numbers as on the wire
  -t -tt -ttt …      no time, seconds since 1970, since the line before, date
                     and time, since the first line
  --nano             nanoseconds
  -v                 the IP header, whether checksums are right, and below each
                     line why the segment is what it is: docs/verdicts.md;
                     with -T json as seqack.why
  --tags             verdicts at the end of lines: [retransmission]; a terminal
                     has them anyway, other output is tcpdump's to the letter
  -q                 only addresses, ports and length
  --link-header      the link header too (tcpdump's -e)
  -n                 accepted: names are never looked up`,
  `用法：seqack read 文件… [-Y 过滤器] [-T 格式] [选项] [抓包过滤器]

  seqack read a.pcapng                         每个包一行，格式与 tcpdump 相同
  seqack read a.pcapng tcp port 80             只显示抓包过滤器接受的包
  seqack read a.pcapng -Y 'tcp.stream == 3'    只显示显示过滤器接受的包
  seqack read a.pcapng -v -Y seqack.retransmission   重传了什么，为什么
  seqack read a.pcap b.pcap.gz                 按时间合并后显示（同 mergecap）
  seqack read a.pcapng -T fields -e frame.number -e tcp.seq -E header=y
  tcpdump -w - | seqack read -                 边抓边显示

  -r 文件            要读的抓包，可重复；此时其余的词都是抓包过滤器
  -Y 过滤器          显示过滤器，语法同 Wireshark：docs/filters.md
  -T 格式            text、fields（制表符分隔）、json（结构同 tshark -T json）
  -e 字段名          -T fields 和 -T json 的字段，可重复：docs/fields.md
  -E 设置            header=y、separator=、occurrence=a|f|l、aggregator=、
                     quote=d|s|n
  -c N               显示 N 个包后停止
  -S                 显示包里原样的序号
  -t -tt -ttt …      不显示时间、自 1970 年的秒数、距上一行的时间、日期和时间、
                     距第一行的时间
  --nano             时间精确到纳秒
  -v                 同时显示 IP 首部、校验和是否正确，并在每行下面说明这个
                     报文段为什么是这样：docs/verdicts.md；用 -T json 时在
                     seqack.why 里
  --tags             在行尾标出判定：[retransmission]；输出到终端时自动标出，
                     否则默认与 tcpdump 逐字相同
  -q                 只显示地址、端口和长度
  --link-header      同时显示链路层首部（相当于 tcpdump 的 -e）
  -n                 可以写：本来就不做名字解析`,
);
