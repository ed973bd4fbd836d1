/**
 * TCP options laid out for people: kind, length and each of their fields.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { MPTCP_SUBTYPES } from "../mptcp-describe.ts";
import { Flag, TCP_MIN_HEADER_LEN, tcpHeaderLen } from "../tcp.ts";
import {
  FAST_OPEN_EXPERIMENT,
  OPTION_BAD,
  OPTION_CUT,
  OptionKind,
  tcpOptionLen,
  windowShift,
} from "../tcp-option.ts";
import { hexBytes, hexValue, shown, type HeaderFields, type Shown } from "./field.ts";

/** Adds the options of the header in `h`, of which `len` bytes were captured. */
export function addTcpOptions(h: HeaderFields, len: number, flags: number): void {
  if (len <= TCP_MIN_HEADER_LEN) return;
  const headerEnd = h.at + tcpHeaderLen(h.v, h.at);
  const end = h.at + len;
  for (let o = h.at + TCP_MIN_HEADER_LEN; o < end;) {
    const length = tcpOptionLen(h.v, o, headerEnd, end);
    if (length <= 0) return addRest(h, o, end, length);
    addOption(h, o, length, flags);
    o += length;
  }
}

/** What the walk stopped at: the end of the list, or something that cannot be. */
function addRest(h: HeaderFields, at: number, end: number, length: number): void {
  const bit = (at - h.at) * 8;
  const bits = (end - at) * 8;
  const rest = hexBytes(h.v, at, end - at);
  if (length === OPTION_CUT)
    return h.add("tcp.options.cut", text("Cut option", "被截断的选项"), bit, bits, null, () =>
      shown(rest, "the capture ends inside this option", "抓包在这个选项中间就结束了"),
    );
  if (length === OPTION_BAD)
    return h.add("tcp.options.bad", text("Bad option", "错误的选项"), bit, bits, null, () =>
      shown(
        rest,
        "its length cannot be right; what follows cannot be read",
        "长度不可能正确，后面的无法解读",
      ),
    );
  h.add("tcp.options.eol", text("End", "结束"), bit, bits, "RFC 9293 §3.2", () =>
    /[1-9a-f]/.test(rest)
      ? shown(
          rest,
          "end of the options; what stands behind it does not count",
          "选项结束；后面的内容不算数",
        )
      : shown(rest, "end of the options; padding up to the data", "选项结束；填充到数据开始处"),
  );
}

function addOption(h: HeaderFields, at: number, length: number, flags: number): void {
  const kind = h.v.getUint8(at);
  const bit = (at - h.at) * 8;
  const known = NAMES.get(kind);
  if (kind === OptionKind.NOP)
    return h.add("tcp.options.nop", text("NOP", "NOP"), bit, 8, "RFC 9293 §3.2", () =>
      shown(1, "no operation: fills up to a whole word", "空操作：用来对齐"),
    );
  const name = known?.text ?? text(`option ${kind}, unknown here`, `选项 ${kind}，此处未知`);
  const label = known === undefined ? "?" : known.short;
  h.add(
    "tcp.option_kind",
    text(`Kind: ${label}`, `种类：${label}`),
    bit,
    8,
    known?.rfc ?? null,
    (n) => ({
      value: String(n),
      meaning: name,
    }),
  );
  h.add("tcp.option_len", text("Len", "长度"), bit + 8, 8, known?.rfc ?? null, (n) =>
    shown(n, `${n} bytes with kind and length`, `连同种类和长度共 ${n} 字节`),
  );
  addOptionData(h, at, length, kind, bit + 16, flags);
}

function addOptionData(
  h: HeaderFields,
  at: number,
  length: number,
  kind: number,
  bit: number,
  flags: number,
): void {
  const { v } = h;
  const bits = (length - 2) * 8;
  const fixed = FIXED.get(kind);
  if (fixed !== undefined && length === fixed) return addFixed(h, kind, bit, flags);
  if (kind === OptionKind.SACK && length % 8 === 2) return addSack(h, length, bit);
  if (kind === OptionKind.FAST_OPEN) return addCookie(h, at + 2, bit, bits);
  if (kind >= OptionKind.EXPERIMENT_1 && length >= 4) return addExperiment(h, at, bit, bits);
  if (kind === OptionKind.MPTCP && length > 2) return addMptcp(h, at, bit, bits);
  if (kind === OptionKind.AO && length >= 4) return addAo(h, at, bit, bits);
  h.add("tcp.options.data", text("Data", "数据"), bit, bits, null, () =>
    shown(hexBytes(v, at + 2, length - 2), "kept as it is", "原样保留"),
  );
}

/** Lengths of the options that have one; with another they are shown as bytes. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [OptionKind.MSS, 4],
  [OptionKind.WINDOW_SCALE, 3],
  [OptionKind.SACK_PERMITTED, 2],
  [OptionKind.TIMESTAMPS, 10],
  [OptionKind.USER_TIMEOUT, 4],
  [OptionKind.MD5, 18],
]);

function addFixed(h: HeaderFields, kind: number, bit: number, flags: number): void {
  if (kind === OptionKind.MSS)
    h.add("tcp.options.mss_val", text("MSS", "MSS"), bit, 16, "RFC 9293 §3.7.1", (n) =>
      shown(
        n,
        `send me at most ${n} bytes of data in one segment`,
        `每个报文段最多发给我 ${n} 字节数据`,
      ),
    );
  if (kind === OptionKind.WINDOW_SCALE)
    h.add("tcp.options.wscale.shift", text("Shift", "移位"), bit, 8, "RFC 7323 §2", showShift);
  if (kind === OptionKind.TIMESTAMPS) addTimestamps(h, bit, flags);
  if (kind === OptionKind.USER_TIMEOUT)
    h.add("tcp.options.user_to_val", text("Timeout", "超时"), bit, 16, "RFC 5482 §3", (n) => {
      const seconds = (n & 0x7fff) * ((n & 0x8000) === 0 ? 1 : 60);
      return shown(
        `${seconds} s`,
        `I give up after ${seconds} s without an answer`,
        `${seconds} 秒没有回应我就放弃`,
      );
    });
  if (kind === OptionKind.MD5)
    h.add("tcp.options.md5.digest", text("MD5 digest", "MD5 摘要"), bit, 128, "RFC 2385", () =>
      shown(
        hexBytes(h.v, h.at + bit / 8, 16),
        "proves that the sender knows the password",
        "证明发送方知道口令",
      ),
    );
}

function showShift(n: number): Shown {
  const times = 2 ** windowShift(n);
  if (n > 14)
    return shown(
      n,
      `more than 14 is not allowed: counts as 14, × ${times}`,
      `超过 14 不允许：按 14 算，乘以 ${times}`,
    );
  return shown(
    n,
    `windows that I announce later count × ${times}`,
    `我以后通告的窗口要乘以 ${times}`,
  );
}

function addTimestamps(h: HeaderFields, bit: number, flags: number): void {
  const rfc = "RFC 7323 §3";
  h.add("tcp.options.timestamp.tsval", text("TSval", "TSval"), bit, 32, rfc, (n) =>
    shown(n, "the sender's clock when it sent this", "发送这个报文段时发送方的时钟"),
  );
  h.add("tcp.options.timestamp.tsecr", text("TSecr", "TSecr"), bit + 32, 32, rfc, (n) =>
    (flags & Flag.ACK) === 0
      ? shown(n, "nothing to give back yet", "还没有可以送回的时间")
      : shown(
          n,
          "your clock given back: tells you the round-trip time",
          "送回对方的时钟：可算出往返时间",
        ),
  );
}

function addSack(h: HeaderFields, length: number, bit: number): void {
  for (let i = 0; i < (length - 2) / 8; i++) {
    const from = bit + i * 64;
    const left = h.v.getUint32(h.at + from / 8);
    const right = h.v.getUint32(h.at + from / 8 + 4);
    const count = (right - left) >>> 0;
    h.add("tcp.options.sack_le", text("Left edge", "左边界"), from, 32, "RFC 2018 §3", (n) =>
      shown(n, `${count} bytes from here on have arrived too`, `从这里起的 ${count} 字节也已收到`),
    );
    h.add("tcp.options.sack_re", text("Right edge", "右边界"), from + 32, 32, "RFC 2018 §3", (n) =>
      shown(n, "up to, but not with, this one", "到这里为止（不含）"),
    );
  }
}

function addCookie(h: HeaderFields, at: number, bit: number, bits: number): void {
  h.add("tcp.options.tfo.cookie", text("Cookie", "Cookie"), bit, bits, "RFC 7413 §4.1.1", () =>
    shown(hexBytes(h.v, at, bits / 8), "lets data travel in the SYN", "凭它可以在 SYN 中带数据"),
  );
}

function addExperiment(h: HeaderFields, at: number, bit: number, bits: number): void {
  const id = h.v.getUint16(at + 2);
  h.add("tcp.options.experimental.exid", text("Experiment", "实验编号"), bit, 16, "RFC 6994", (n) =>
    n === FAST_OPEN_EXPERIMENT
      ? shown("0xf989", "TCP fast open, before it had a kind", "TCP 快速打开（正式编号之前）")
      : shown(hexValue(n, 4), "which experiment this is", "实验的编号"),
  );
  if (id === FAST_OPEN_EXPERIMENT) return addCookie(h, at + 4, bit + 16, bits - 16);
  h.add("tcp.options.experimental.data", text("Data", "数据"), bit + 16, bits - 16, null, () =>
    shown(hexBytes(h.v, at + 4, bits / 8 - 2), "kept as it is", "原样保留"),
  );
}

function addMptcp(h: HeaderFields, at: number, bit: number, bits: number): void {
  h.add("tcp.options.mptcp.subtype", text("Sub", "子类"), bit, 4, "RFC 8684 §8", (n) => {
    const name = MPTCP_SUBTYPES[n] ?? "unknown";
    return shown(n, `multipath: ${name}`, `多路径：${name}`);
  });
  h.add("tcp.options.mptcp.flags", text("Bits", "标志"), bit + 4, 4, "RFC 8684 §3", (n) =>
    shown(n, "version or flags of the subtype", "子类的版本或标志"),
  );
  h.add("tcp.options.mptcp.data", text("Data", "数据"), bit + 8, bits - 8, "RFC 8684 §3", () =>
    shown(hexBytes(h.v, at + 3, bits / 8 - 1), "kept as it is", "原样保留"),
  );
}

function addAo(h: HeaderFields, at: number, bit: number, bits: number): void {
  const rfc = "RFC 5925 §2.2";
  h.add("tcp.options.ao.keyid", text("KeyID", "KeyID"), bit, 8, rfc, (n) =>
    shown(n, "the key this was signed with", "签名所用的密钥"),
  );
  h.add("tcp.options.ao.rnextkeyid", text("RNextKeyID", "RNextKeyID"), bit + 8, 8, rfc, (n) =>
    shown(n, "the key I want you to sign with", "希望对方使用的密钥"),
  );
  h.add("tcp.options.ao.mac", text("MAC", "MAC"), bit + 16, bits - 16, rfc, () =>
    shown(
      hexBytes(h.v, at + 4, bits / 8 - 2),
      "proves that the sender has the key",
      "证明发送方持有密钥",
    ),
  );
}

interface OptionName {
  /** Fits in a box of eight bits. */
  readonly short: string;
  readonly text: Text;
  readonly rfc: string;
}

const NAMES: ReadonlyMap<number, OptionName> = new Map([
  [
    2,
    {
      short: "MSS",
      text: text("MSS: maximum segment size", "MSS：最大报文段长度"),
      rfc: "RFC 9293 §3.7.1",
    },
  ],
  [3, { short: "WScale", text: text("window scale", "窗口缩放"), rfc: "RFC 7323 §2" }],
  [
    4,
    {
      short: "SACK-OK",
      text: text(
        "SACK permitted: tell me which parts arrived",
        "允许 SACK：可以告诉我收到了哪几段",
      ),
      rfc: "RFC 2018 §2",
    },
  ],
  [
    5,
    {
      short: "SACK",
      text: text("SACK: parts that arrived behind a gap", "SACK：缺口后面已收到的部分"),
      rfc: "RFC 2018 §3",
    },
  ],
  [8, { short: "TS", text: text("timestamps", "时间戳"), rfc: "RFC 7323 §3" }],
  [19, { short: "MD5", text: text("MD5 signature", "MD5 签名"), rfc: "RFC 2385" }],
  [28, { short: "UTO", text: text("user timeout", "用户超时"), rfc: "RFC 5482" }],
  [29, { short: "AO", text: text("TCP-AO: authentication", "TCP-AO：认证"), rfc: "RFC 5925" }],
  [
    30,
    {
      short: "MPTCP",
      text: text("MPTCP: several paths for one connection", "MPTCP：一条连接走多条路径"),
      rfc: "RFC 8684",
    },
  ],
  [34, { short: "TFO", text: text("TCP fast open", "TCP 快速打开"), rfc: "RFC 7413" }],
  [253, { short: "exp", text: text("an experiment", "实验选项"), rfc: "RFC 6994" }],
  [254, { short: "exp", text: text("an experiment", "实验选项"), rfc: "RFC 6994" }],
]);
