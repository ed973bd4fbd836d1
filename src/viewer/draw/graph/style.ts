/**
 * How each series of a graph looks and what it is called. Colour is never all: series differ in
 * shape, in dashes, or in marks with a letter.
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import type { GraphKind, SeriesName } from "../../model/graph/graph.ts";
import type { AxisUnit } from "./ticks.ts";

/** See the module. */
export interface SeriesStyle {
  /** Number of the palette's series colour, from 1. */
  readonly color: number;
  /** Pixels on and off; `null`: not broken. */
  readonly dash: readonly [number, number] | null;
  /** Pixels across. */
  readonly width: number;
  /** Less than 1 for what lies under others. */
  readonly opacity?: number;
  /** Down to the axis, faintly. */
  readonly isFilled?: boolean;
  /** Segments carry a mark with a letter. */
  readonly isMarked?: boolean;
  /** Not of the bytes themselves: where it is far above them, the picture leaves it out. */
  readonly isLimit?: boolean;
  readonly label: Text;
  /** What it means, for the tooltip of the legend. */
  readonly meaning: Text;
}

/** By name. */
export const STYLES: Readonly<Record<SeriesName, SeriesStyle>> = {
  data: {
    color: 1,
    dash: null,
    width: 2,
    label: text("data", "数据"),
    meaning: text(
      "Each segment with payload, from its first byte to its last",
      "每个带数据的报文段，从第一个字节到最后一个",
    ),
  },
  again: {
    color: 2,
    dash: null,
    width: 3,
    isMarked: true,
    label: text("sent again", "重传"),
    meaning: text("Retransmissions", "重传的报文段"),
  },
  late: {
    color: 6,
    dash: null,
    width: 3,
    isMarked: true,
    label: text("out of order", "乱序"),
    meaning: text("Segments that later ones have overtaken", "被后面的报文段超过的报文段"),
  },
  control: {
    color: 0,
    dash: null,
    width: 0,
    isMarked: true,
    label: text("SYN, FIN, RST", "SYN、FIN、RST"),
    meaning: text("Where the direction begins and ends", "这个方向的开始与结束"),
  },
  ack: {
    color: 3,
    dash: null,
    width: 1.5,
    label: text("acknowledged", "已确认"),
    meaning: text("Up to here the other end has confirmed everything", "对端已确认到这里"),
  },
  edge: {
    color: 5,
    dash: [7, 4],
    width: 1.5,
    isLimit: true,
    label: text("window", "窗口上限"),
    meaning: text(
      "Up to here the other end would take data: its acknowledgement plus its window",
      "对端愿意接收到这里：确认号加窗口",
    ),
  },
  sack: {
    color: 4,
    dash: null,
    width: 3,
    opacity: 0.6,
    label: text("SACK", "SACK"),
    meaning: text("What arrived beyond a gap", "缺口之后已收到的部分"),
  },
  sign: {
    color: 0,
    dash: null,
    width: 0,
    isMarked: true,
    label: text("verdicts", "判断"),
    meaning: text(
      "Acknowledgements of which there is something to say",
      "值得一说的确认，例如重复确认、零窗口",
    ),
  },
  rtt: {
    color: 1,
    dash: null,
    width: 3,
    label: text("RTT", "RTT"),
    meaning: text(
      "From a segment to the acknowledgement of its end, as captured",
      "从报文段到对它末尾的确认，按抓包时刻",
    ),
  },
  srtt: {
    color: 2,
    dash: null,
    width: 1.5,
    label: text("smoothed", "平滑 RTT"),
    meaning: text("SRTT as the sender's stack has it", "发送方协议栈里的 SRTT"),
  },
  rto: {
    color: 5,
    dash: [7, 4],
    width: 1.5,
    isLimit: true,
    label: text("RTO", "RTO"),
    meaning: text("After so long the sender sends again", "过这么久没有确认就重传"),
  },
  throughput: {
    color: 2,
    dash: [7, 4],
    width: 1.5,
    label: text("throughput", "吞吐量"),
    meaning: text("All payload, also what was sent again", "全部数据，包括重传的"),
  },
  goodput: {
    color: 1,
    dash: null,
    width: 1.5,
    isFilled: true,
    label: text("goodput", "有效吞吐量"),
    meaning: text("Each byte counted once, when it first passed", "每个字节只在首次出现时计一次"),
  },
  pacing: {
    color: 4,
    dash: [2, 3],
    width: 2,
    isLimit: true,
    label: text("pacing", "pacing 速率"),
    meaning: text(
      "The sender's stack spaces its segments out to this rate, with all headers",
      "发送方协议栈按这个速率（连同首部）把报文段均匀发出",
    ),
  },
  flight: {
    color: 1,
    dash: null,
    width: 3,
    label: text("in flight", "在途字节"),
    meaning: text("Bytes sent and not acknowledged", "已发送而未确认的字节"),
  },
  room: {
    color: 5,
    dash: [7, 4],
    width: 1.5,
    isLimit: true,
    label: text("receive window", "接收窗口"),
    meaning: text("What the other end offers to take", "对端愿意接收的量"),
  },
  cwnd: {
    color: 3,
    dash: null,
    width: 1.5,
    label: text("cwnd", "cwnd"),
    meaning: text("Congestion window of the sender's stack", "发送方协议栈的拥塞窗口"),
  },
  ssthresh: {
    color: 4,
    dash: [2, 3],
    width: 1.5,
    isLimit: true,
    label: text("ssthresh", "ssthresh"),
    meaning: text("Below it the window grows fast: slow start", "低于它时窗口增长快：慢启动"),
  },
};

/** A graph as a whole. */
export interface GraphStyle {
  readonly title: Text;
  readonly axis: Text;
  readonly unit: AxisUnit;
  /** Whether the axis begins at 0. */
  readonly fromZero: boolean;
}

/** By kind. */
export const GRAPHS: Readonly<Record<GraphKind, GraphStyle>> = {
  sequence: {
    title: text("Sequence", "序号"),
    axis: text("byte of the stream", "流中的字节"),
    unit: "bytes",
    fromZero: false,
  },
  rtt: {
    title: text("RTT", "RTT"),
    axis: text("round-trip time", "往返时间"),
    unit: "ns",
    fromZero: true,
  },
  throughput: {
    title: text("Throughput", "吞吐量"),
    axis: text("payload per second", "每秒数据量"),
    unit: "bits/s",
    fromZero: true,
  },
  window: {
    title: text("Window", "窗口"),
    axis: text("bytes in flight", "在途字节"),
    unit: "bytes",
    fromZero: true,
  },
};
