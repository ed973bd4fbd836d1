/**
 * What is counted of the capture as a whole, and what is to be said of it:
 * nothing to look at, packets cut short, packets dropped, clocks that went back.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import type { CaptureStats, PacketRecord } from "../../pcap/sink.ts";
import type { PacketPath } from "../../wire/path.ts";
import { count, duration, plural, times } from "../words.ts";
import { Breaks, JITTER_NS } from "./breaks.ts";
import type { FindingWords } from "./finding.ts";
import type { Draft, Moment } from "./moment.ts";

type Report = (draft: Draft, words: () => FindingWords) => void;

/** See the module. */
export class CaptureState {
  packets = 0;
  segments = 0;
  #fragments = 0;
  #latest = -Infinity;
  #earliest = Infinity;
  readonly #breaks = new Breaks();
  #cut = 0;
  #cutFrame = 0;
  /** Longest packet that was cut: as a rule the snap length. */
  #snapLen = 0;
  /** TCP headers that were cut. */
  #headersCut = 0;
  #back = 0;
  #backFrame = 0;
  #backNs = 0;
  readonly #dropped = new Map<number, number>();

  /** From the first packet to the last. */
  get spanNs(): number {
    return this.packets === 0 ? 0 : this.#latest - this.#earliest;
  }

  onPacket(p: PacketRecord, time: number): void {
    this.packets++;
    const behind = this.#latest - time;
    if (behind > JITTER_NS) {
      if (this.#back++ === 0) this.#backFrame = p.frame;
      if (behind > this.#backNs) this.#backNs = behind;
    }
    this.#breaks.note(p.frame, time);
    if (time > this.#latest) this.#latest = time;
    if (time < this.#earliest) this.#earliest = time;
    if (p.capLen >= p.origLen) return;
    if (this.#cut++ === 0) this.#cutFrame = p.frame;
    if (p.capLen > this.#snapLen) this.#snapLen = p.capLen;
  }

  /** How long the capture goes on without a break behind `frame`. */
  endAfter(frame: number): number {
    return this.#breaks.endAfter(frame);
  }

  onSegment({ s }: Moment): void {
    this.segments++;
    if (s.path.tcpEnd < s.path.tcpAt + s.headerLen) this.#headersCut++;
  }

  onOther(path: PacketPath): void {
    if (path.why === "fragment") this.#fragments++;
  }

  /** The last counters of an interface replace those before. */
  onStats({ iface, dropped }: CaptureStats): void {
    if (dropped !== null) this.#dropped.set(iface, dropped);
  }

  report(report: Report): void {
    this.#reportEmpty(report);
    this.#reportDropped(report);
    this.#reportCut(report);
    this.#reportBack(report);
  }

  #reportEmpty(report: Report): void {
    if (this.segments > 0) return;
    const isEmpty = this.packets === 0;
    const numbers = { packets: this.packets, fragments: this.#fragments };
    report({ id: "no-tcp", frames: [], numbers }, () => ({
      sentence: isEmpty
        ? text("The capture holds no packets.", "抓包里没有任何包。")
        : text(
            `The capture holds ${plural(this.packets, "packet")} and no TCP segment.`,
            `抓包里有 ${count(this.packets)} 个包，但没有 TCP 报文段。`,
          ),
      cause: text(
        "Nothing was sent while it ran, the wrong interface was captured, a filter let nothing through, or the traffic is not TCP (QUIC, DNS).",
        "抓包期间没有流量，抓错了接口，过滤器没有放过任何包，或者流量不是 TCP（QUIC、DNS）。",
      ),
      advice: text(
        "Try again without a filter, and on the interface that the route uses (ip route get ADDRESS; lo for this machine itself).",
        "去掉过滤器再试，并选用路由所经的接口（ip route get 地址；本机之间的通信用 lo）。",
      ),
    }));
  }

  #reportDropped(report: Report): void {
    let dropped = 0;
    for (const n of this.#dropped.values()) dropped += n;
    if (dropped === 0) return;
    report({ id: "capture-dropped-packets", frames: [], numbers: { dropped } }, () => ({
      sentence: text(
        `The capture itself dropped ${plural(dropped, "packet")}, as it says.`,
        `抓包程序自己记录：丢弃了 ${count(dropped)} 个包。`,
      ),
      cause: text(
        "The machine could not write or take them fast enough.",
        "机器来不及接收或写入。",
      ),
      advice: text(
        "What seems lost may have been there: capture with a larger buffer (-B), a snap length (-s) or a filter.",
        "看似丢失的包可能存在过：请用更大的缓冲区（-B）、截断长度（-s）或过滤器抓包。",
      ),
    }));
  }

  #reportCut(report: Report): void {
    if (this.#cut === 0) return;
    const numbers = { packets: this.#cut, snapBytes: this.#snapLen, headersCut: this.#headersCut };
    report({ id: "packets-cut", frames: [this.#cutFrame], numbers }, () => ({
      sentence: text(
        `${plural(this.#cut, "packet")} of ${count(this.packets)} were not captured whole (${count(this.#snapLen)} bytes at most).`,
        `${count(this.packets)} 个包中有 ${count(this.#cut)} 个没有抓全（最多 ${count(this.#snapLen)} 字节）。`,
      ),
      cause: text(
        "The capture was taken with a snap length, to save room or to keep contents out.",
        "抓包时设置了截断长度，以节省空间或不保存内容。",
      ),
      advice:
        this.#headersCut > 0
          ? text(
              `${plural(this.#headersCut, "TCP header")} ${this.#headersCut === 1 ? "is" : "are"} cut as well: options of these could not be judged. Checksums and contents cannot be either. 128 bytes are enough for headers.`,
              `其中 ${count(this.#headersCut)} 个连 TCP 首部也不完整：无法判断它们的选项。校验和与内容也无法判断。抓首部用 128 字节就够了。`,
            )
          : text(
              "All TCP headers are there, so nothing is missing for these findings but checksums and contents.",
              "TCP 首部都完整，除校验和与内容外，不影响这里的结论。",
            ),
    }));
  }

  #reportBack(report: Report): void {
    if (this.#back === 0) return;
    const numbers = { packets: this.#back, mostNs: this.#backNs };
    report({ id: "time-went-back", frames: [this.#backFrame], numbers }, () => ({
      sentence: text(
        `The time of the packets goes back ${times(this.#back)}, by up to ${duration(this.#backNs)}.`,
        `包的时间倒退了 ${count(this.#back)} 次，最多倒退 ${duration(this.#backNs)}。`,
      ),
      cause: text(
        "Several interfaces or files were put together without sorting, or the clock was set while capturing.",
        "多个接口或文件未经排序就合在一起，或者抓包时调整了时钟。",
      ),
      advice: text(
        "Times around these places are not to be trusted. Sort the file by time (reordercap).",
        "这些位置附近的时间不可信。请按时间对文件排序（reordercap）。",
      ),
    }));
  }
}
