/**
 * What the two sides agree on in the handshake, and what comes of it: options
 * offered and not taken, odd sizes, options that vanish on the way.
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../../wire/tcp.ts";
import { OptionKind, tcpOptionLen } from "../../../wire/tcp-option.ts";
import { count, plural } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "../moment.ts";
import type { Field } from "../rows.ts";
import { Sightings } from "../sightings.ts";

const WSCALE = 1;
const SACK_OK = 2;
const TIMESTAMPS = 4;
/** The options could be read to their end. */
const READ = 8;

const NAMES: readonly (readonly [number, Text])[] = [
  [WSCALE, text("window scaling", "窗口扩大")],
  [SACK_OK, text("selective acknowledgements (SACK)", "选择确认（SACK）")],
  [TIMESTAMPS, text("timestamps", "时间戳")],
];

/** No path of today asks for less (IPv6's least MTU of 1280, less its headers; RFC 8200 §5). */
const SMALL_MSS = 1220 - 12;

/** Options of a SYN. */
export class Options implements Detector {
  readonly wants: number = Kind.FLAGS | Kind.OPTIONS;
  readonly #facts: SideFacts;
  /** Of the side's SYN; 0 for none. */
  readonly #offered: Field;
  readonly #mss: Field;
  readonly #rewritten = new Sightings();
  readonly #stripped = new Sightings();
  readonly #bare = new Sightings();

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#offered = side.field();
    this.#mss = side.field();
  }

  /** The largest payload that the side told the other to send; 0: not seen. */
  mssOf(row: { get(field: Field): number }): number {
    return row.get(this.#mss);
  }

  onSegment(m: Moment): void {
    const { fwd, s } = m;
    if ((m.flags & Flag.SYN) !== 0) return this.#readSyn(m);
    if ((m.flags & Flag.RST) !== 0 || s.headerLen < TCP_MIN_HEADER_LEN) return;
    if (s.headerLen > TCP_MIN_HEADER_LEN) this.#watchSack(m);
    const both = fwd.get(this.#offered) & m.rev.get(this.#offered);
    if ((both & (TIMESTAMPS | READ)) !== (TIMESTAMPS | READ)) return;
    if (s.path.tcpEnd < s.path.tcpAt + s.headerLen) return;
    if (optionAt(m, OptionKind.TIMESTAMPS) === -1) this.#bare.add(m.flow, m.time, m.frame);
  }

  #readSyn(m: Moment): void {
    const { s, fwd } = m;
    const { view, path } = s;
    const headerEnd = path.tcpAt + s.headerLen;
    let bits = READ;
    let mss = 0;
    for (let at = path.tcpAt + TCP_MIN_HEADER_LEN, len; ; at += len) {
      len = tcpOptionLen(view, at, headerEnd, path.tcpEnd);
      if (len < 0) bits &= ~READ;
      if (len <= 0) break;
      const kind = view.getUint8(at);
      if (kind === OptionKind.MSS && len === 4) mss = view.getUint16(at + 2);
      if (kind === OptionKind.WINDOW_SCALE && len === 3) bits |= WSCALE;
      if (kind === OptionKind.SACK_PERMITTED && len === 2) bits |= SACK_OK;
      if (kind === OptionKind.TIMESTAMPS && len === 10) bits |= TIMESTAMPS;
    }
    fwd.set(this.#offered, bits);
    this.#watchMss(m, mss);
    if (mss > 0) fwd.set(this.#mss, mss);
  }

  /** The same packet, by its IP identification, with another MSS: somebody between has changed it. */
  #watchMss(m: Moment, mss: number): void {
    const before = m.fwd.get(this.#mss);
    if (before === 0 || mss === 0 || before === mss || !m.s.isSynAgain) return;
    this.#rewritten.add(m.flow, m.time, m.fwd.get(this.#facts.synFrame), m.frame);
  }

  /** RFC 2018 §2: only towards a side whose SYN has permitted it. */
  #watchSack(m: Moment): void {
    const permitted = m.rev.get(this.#offered);
    if ((permitted & (READ | SACK_OK)) !== READ || !m.rev.has(this.#facts.marks, Did.NUMBERED)) {
      return;
    }
    if (optionAt(m, OptionKind.SACK) !== -1) this.#stripped.add(m.flow, m.time, m.frame);
  }

  onEnd(ending: Ending): void {
    this.#reportRefused(ending);
    for (const side of ending.sides) {
      const mss = side.row.get(this.#mss);
      if (mss > 0 && mss < SMALL_MSS) this.#reportSmall(ending, side.end, mss);
      this.#reportStripped(ending, side.end);
      this.#reportBare(ending, side.end);
      this.#reportRewritten(ending, side.end);
    }
  }

  #reportRefused(ending: Ending): void {
    const [client, server] = ending.sides;
    const [asked, taken] = [client.row.get(this.#offered), server.row.get(this.#offered)];
    if ((asked & taken & READ) === 0 || !server.row.has(this.#facts.marks, Did.SYN_ACK)) return;
    const missing = NAMES.filter(([bit]) => (asked & bit) !== 0 && (taken & bit) === 0);
    if (missing.length === 0) return;
    const { synFrame, synTime } = this.#facts;
    ending.report(
      {
        id: "options-not-taken",
        frames: [client.row.get(synFrame), server.row.get(synFrame)],
        atNs: server.row.get(synTime),
        numbers: Object.fromEntries(missing.map(([bit]) => [KEYS[bit]!, 1])),
      },
      () => ({
        sentence: text(
          `The client offered ${missing.map(([, t]) => t.en).join(", ")}; the server's SYN-ACK, as captured, does not.`,
          `客户端提出了${missing.map(([, t]) => t.zh).join("、")}；而抓到的服务端 SYN-ACK 里没有。`,
        ),
        cause: text(
          "The server does not want it, or a device between has removed the option; one capture cannot tell which.",
          "服务端不支持，或者中间的设备去掉了这个选项；单独一份抓包无法分辨是哪一种。",
        ),
        advice: text(
          adviceOf(missing.map(([bit]) => bit)).en,
          adviceOf(missing.map(([bit]) => bit)).zh,
        ),
      }),
    );
  }

  #reportSmall(ending: Ending, end: 0 | 1, mss: number): void {
    const side = ending.sides[end];
    const { synFrame, synTime } = this.#facts;
    ending.report(
      {
        id: "small-mss",
        weight: -mss,
        frames: [side.row.get(synFrame)],
        atNs: side.row.get(synTime),
        numbers: { mssBytes: mss },
      },
      () => ({
        sentence: text(
          `${side.Name.en} takes at most ${count(mss)} bytes of data in a segment (MSS); 1,460 are usual.`,
          `${side.Name.zh}每个报文段最多接收 ${count(mss)} 字节数据（MSS），通常是 1,460。`,
        ),
        cause: text(
          "A small MTU on its interface, a tunnel, a device that lowers the MSS on the way, or a small embedded system.",
          "接口的 MTU 较小，经过隧道，路上有设备改小了 MSS，或者对方是小型嵌入式系统。",
        ),
        advice: text(
          "Each segment has 40 bytes of headers or more: a larger MSS sends the same data with fewer packets, if the path lets it through.",
          "每个报文段至少带 40 字节首部：如果路径允许，更大的 MSS 能用更少的包发送同样的数据。",
        ),
      }),
    );
  }

  #reportStripped(ending: Ending, end: 0 | 1): void {
    const side = ending.sides[end];
    const seen = this.#stripped.take(side.flow);
    if (seen === null) return;
    const synFrame = side.other.get(this.#facts.synFrame);
    const frames = [synFrame, ...seen.frames];
    ending.report(
      { id: "option-removed", frames, atNs: seen.times[0]!, numbers: { segments: seen.count } },
      () => ({
        sentence: text(
          `${side.Name.en} sends SACK blocks, which it may only do when ${side.otherName.en}'s SYN permits it; the captured SYN (#${synFrame}) does not.`,
          `${side.Name.zh}发送了 SACK 块，这只有在${side.otherName.zh}的 SYN 允许时才可以；而抓到的 SYN（#${synFrame}）并没有允许。`,
        ),
        cause: text(
          "A device between the place of the capture and one of the ends changes options: each end saw another handshake. Or a stack with a defect.",
          "抓包点与某一端之间有设备修改了选项，两端看到的握手不一样；也可能是协议栈有缺陷。",
        ),
        advice: text(
          "Capture at both ends and compare the options of the two SYNs.",
          "在两端分别抓包，比较两个 SYN 的选项。",
        ),
      }),
    );
  }

  #reportBare(ending: Ending, end: 0 | 1): void {
    const side = ending.sides[end];
    const seen = this.#bare.take(side.flow);
    if (seen === null) return;
    ending.report(
      {
        id: "timestamps-missing",
        weight: seen.count,
        ...evidenceOf(seen),
        numbers: { segments: seen.count },
      },
      () => ({
        sentence: text(
          `Timestamps were agreed in the handshake, and ${plural(seen.count, "segment")} of ${side.name.en} came without.`,
          `握手时约定了使用时间戳，但${side.name.zh}有 ${count(seen.count)} 个报文段不带时间戳。`,
        ),
        cause: text(
          "RFC 7323 §3.2 asks for them in every segment but a reset: somebody between sends in its name or removes the option (proxies, firewalls, keep-alives made on the way), or the stack has a defect.",
          "RFC 7323 §3.2 要求除复位外的每个报文段都带时间戳：可能是中间设备代发或去掉了选项（代理、防火墙、途中生成的保活探测），或者协议栈有缺陷。",
        ),
        advice: text(
          "Compare TTL and IP identification of these frames with the others of that side. A receiver that follows the RFC drops them.",
          "把这些帧的 TTL 和 IP 标识与该端其他帧比较。遵循该 RFC 的接收端会丢弃它们。",
        ),
      }),
    );
  }

  #reportRewritten(ending: Ending, end: 0 | 1): void {
    const side = ending.sides[end];
    const seen = this.#rewritten.take(side.flow);
    if (seen === null) return;
    ending.report(
      {
        id: "mss-changed",
        certainty: "likely",
        ...evidenceOf(seen),
        numbers: { syns: seen.count },
      },
      () => ({
        sentence: text(
          `${side.Name.en}'s SYN stands in the capture with different MSS values.`,
          `抓包里${side.name.zh}的 SYN 出现了不同的 MSS 值。`,
        ),
        cause: text(
          "A device between two places of the capture rewrites it, or the sender lowers it when it asks again.",
          "两个抓包点之间有设备改写了它，或者发送方在重试时把它调小了。",
        ),
        advice: text(
          "Compare the IP identification of the frames: the same one means the same packet, rewritten.",
          "比较这些帧的 IP 标识：相同说明是同一个包，被改写过。",
        ),
      }),
    );
  }
}

const KEYS: Readonly<Record<number, string>> = {
  [WSCALE]: "windowScale",
  [SACK_OK]: "sackPermitted",
  [TIMESTAMPS]: "timestamps",
};

function adviceOf(missing: readonly number[]): Text {
  if (missing.includes(WSCALE)) {
    return text(
      "Without window scaling no window is larger than 65,535 bytes: on a long path this limits the speed. Look for a firewall or an old setting (net.ipv4.tcp_window_scaling).",
      "没有窗口扩大，窗口最大 65,535 字节：在长路径上会限制速度。请检查防火墙或旧的设置（net.ipv4.tcp_window_scaling）。",
    );
  }
  if (missing.includes(SACK_OK)) {
    return text(
      "Without SACK several losses in one window take a round trip each to repair. Look for a firewall or a setting (net.ipv4.tcp_sack).",
      "没有 SACK，一个窗口内的多次丢失要各花一个往返才能修复。请检查防火墙或设置（net.ipv4.tcp_sack）。",
    );
  }
  return text(
    "Harmless as a rule; many servers leave timestamps out on purpose.",
    "通常无碍；许多服务器有意不用时间戳。",
  );
}

/** Where the first option of `kind` stands in the header, -1 for nowhere. */
export function optionAt({ s }: Moment, kind: number): number {
  const { view, path } = s;
  const headerEnd = path.tcpAt + s.headerLen;
  for (let at = path.tcpAt + TCP_MIN_HEADER_LEN, len; ; at += len) {
    len = tcpOptionLen(view, at, headerEnd, path.tcpEnd);
    if (len <= 0) return -1;
    if (view.getUint8(at) === kind) return at;
  }
}
