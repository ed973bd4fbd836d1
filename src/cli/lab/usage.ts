/**
 * What `seqack lab --help` prints.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { SCENARIOS } from "../../lab/catalogue.ts";

const COLUMNS = 76;

/** The names of all scenarios in indented lines. */
function names(): string {
  const lines = [" "];
  for (const { name } of SCENARIOS) {
    if (`${lines.at(-1)} ${name}`.length > COLUMNS) lines.push(" ");
    lines.push(`${lines.pop()} ${name}`);
  }
  return lines.join("\n");
}

/** Usage line, examples, options. */
export const LAB_USAGE: Text = text(
  `Usage: seqack lab SCENARIO [options]        seqack lab --list

Runs a client and a server over seqack's own TCP stack, on a link that you
choose, under a virtual clock, and records the packets, the programs' calls
and the stack's own variables and decisions. Touches no network; the same
options and seed give the same file, to the byte.

  seqack lab bulk --loss 2% --delay 20ms --rate 10mbit --queue 32 --seed 7
  seqack story seqack-lab-bulk.pcapng       what happened, in plain words
  seqack lab nagle --nodelay -w fast.pcapng

${names()}

  --list             explains each scenario
  -w FILE            the recording (seqack-lab-SCENARIO.pcapng unless told);
                     - is stdout
  --at WHERE         where packets are captured: client (unless told), server,
                     or both: then a second file, FILE-server.pcapng, has what
                     the server's machine saw
  --seed N           another run of the same kind (1)
  --bytes SIZE       how much is sent, where much is: 500kB, 2MB
  -c, --count N      how often, where something is done again and again
  --until TIME       cuts the run off after so much of its own time (60min)
  -T text|json       what is said afterwards

The link, both ways; with -up or -down behind a name (--loss-up 5%), for the
way to the server or to the client alone:
  --rate RATE        10mbit, 512kbit, 1gbit (10mbit)
  --delay TIME       20ms, 500us (20ms)      --jitter TIME   up to so much more
  --queue N          packets that may wait, or bytes with a unit: 32, 64kB
  --codel [--ecn]    a queue that stays short (CoDel), by drops or by marks
  --loss P           2%, 0.02                --burst N       N lost in a row
  --reorder P        share of packets held up, --reorder-by TIME (5ms)
  --duplicate P      --corrupt P             --mtu BYTES

The stacks at both ends:
  --profile NAME     linux, freebsd, generic; --server-profile for that end
  --cc NAME          reno, cubic             --mss BYTES
  --sndbuf SIZE      --rcvbuf SIZE           --nodelay       no Nagle
  --no-sack          --no-timestamps         --no-scaling
  -6, --ipv6`,
  `用法：seqack lab 场景 [选项]        seqack lab --list

在 seqack 自己的 TCP 协议栈上运行一个客户端和一个服务端，链路由你选择，时钟是
虚拟的；记录下所有的包、程序的调用，以及协议栈自己的变量和决定。不接触任何真实
网络；选项和种子相同，得到的文件逐字节相同。

  seqack lab bulk --loss 2% --delay 20ms --rate 10mbit --queue 32 --seed 7
  seqack story seqack-lab-bulk.pcapng       用大白话讲述发生了什么
  seqack lab nagle --nodelay -w fast.pcapng

${names()}

  --list             逐一介绍每个场景
  -w 文件            记录保存到哪里（默认 seqack-lab-场景.pcapng）；
                     - 表示 stdout
  --at 位置          在哪里抓包：client（默认）、server，或者 both：再写一个
                     文件 文件-server.pcapng，内容是服务端的机器看到的
  --seed N           同类运行的另一次（默认 1）
  --bytes 大小       需要发送大量数据的场景发送多少：500kB、2MB
  -c, --count N      需要反复做某事的场景做多少次
  --until 时间       虚拟时间过了这么久就截断（默认 60min）
  -T text|json       运行之后的说明用什么格式

链路，两个方向相同；名字后加 -up 或 -down（--loss-up 5%）只作用于去往服务端或
去往客户端的方向：
  --rate 速率        10mbit、512kbit、1gbit（默认 10mbit）
  --delay 时间       20ms、500us（默认 20ms） --jitter 时间   最多再加这么久
  --queue N          可以排队的包数，带单位则是字节数：32、64kB
  --codel [--ecn]    让队列保持很短（CoDel），用丢弃或者标记
  --loss P           2%、0.02                --burst N       平均连续丢 N 个
  --reorder P        被耽搁的包的比例，--reorder-by 时间（默认 5ms）
  --duplicate P      --corrupt P             --mtu 字节

两端的协议栈：
  --profile 名字     linux、freebsd、generic；--server-profile 只用于服务端
  --cc 名字          reno、cubic             --mss 字节
  --sndbuf 大小      --rcvbuf 大小           --nodelay       关闭 Nagle 算法
  --no-sack          --no-timestamps         --no-scaling
  -6, --ipv6`,
);
