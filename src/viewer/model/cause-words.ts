/**
 * Why a file or a display filter could not be read, in both languages: readers and parsers say it in English alone.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";

/** The cause with its Chinese beside it; one that is not known here stays as it is. */
export function causeWords(english: string): Text {
  return text(english, chineseOf(english) ?? english);
}

/** Sentence and its Chinese; `$1` … are what the brackets hold, put into Chinese too where that is known. */
const SENTENCES: readonly (readonly [RegExp, string])[] = (
  [
    // Files.
    [
      "file is cut short in a (.+): (\\d+) of (\\d+) bytes(?: are there)?",
      "文件在一个$1中间被截断：$3 字节只有 $2 字节",
    ],
    [
      "file is cut short: (\\d+) of a block's (\\d+) bytes are there",
      "文件被截断：一个块的 $2 字节只有 $1 字节",
    ],
    ["truncated header: got (\\d+) of (\\d+) bytes", "文件头不完整：$2 字节只有 $1 字节"],
    [
      "(record|packet|block) claims (\\d+) bytes, the limit is (\\d+)",
      "$1自称有 $2 字节，上限是 $3",
    ],
    [
      "packet claims (\\d+) bytes in a block with room for (\\d+)",
      "数据包自称有 $1 字节，而所在的块只容得下 $2 字节",
    ],
    [
      "block begins with length (\\d+) and ends with length (\\d+)",
      "块开头写的长度是 $1，结尾写的是 $2",
    ],
    ["block length (\\d+) is not a multiple of 4", "块长度 $1 不是 4 的倍数"],
    ["block length (\\d+) is less than (\\d+)", "块长度 $1 小于 $2"],
    [
      "packet of interface (\\d+), but the section has described (\\d+) so far",
      "数据包属于接口 $1，而到此为止只描述了 $2 个接口",
    ],
    [
      "(pcap|pcapng) version ([\\d.]+) is not supported, only ([\\dx.]+)",
      "不支持 $1 的 $2 版本，只支持 $3",
    ],
    ["section header has byte-order magic (.+)", "节头里的字节序标记是 $1"],
    ["empty file", "空文件"],
    ["empty compressed file", "压缩文件里没有内容"],
    ["compressed data is cut short after (\\d+) bytes", "压缩数据在 $1 字节之后被截断"],
    ["compressed data is damaged(.*)", "压缩数据已损坏$1"],
    [
      "compressed data ends after (\\d+) bytes, what follows is left out",
      "压缩数据在 $1 字节处结束，后面的内容略去",
    ],
    ["more than (\\d+) bytes decompressed", "解压后超过 $1 字节"],
    [
      "not a capture(?:: it looks like (.+?))?(?: \\(first bytes: (.*)\\))?",
      "不是抓包文件$L1（开头的字节：$2）",
    ],
    [
      "another (.+) begins here: files were joined end to end",
      "从这里开始是另一个 $1 文件：几个文件首尾相接",
    ],
    [
      "record has (\\d+) bytes captured of (\\d+) on the wire",
      "记录里抓到 $1 字节，比线路上的 $2 字节还多",
    ],
    [
      "record has (\\d+) bytes, more than the snapshot length (\\d+)",
      "记录有 $1 字节，超过抓取上限 $2",
    ],
    ["record without a byte", "记录里一个字节也没有"],
    // Display filters.
    ['expected (.+), found "([^]*)"', "此处应为$1，却是“$2”"],
    ["expected (.+), found (?:the|its) end", "此处应为$1，却到了结尾"],
    ["expected (.+), found (.+)", "此处应为$1，却是 $2"],
    ['"([^]*)" is not a known field; did you mean (.+)\\?', "没有“$1”这个字段；是不是 $2？"],
    ['"([^]*)" is not a known field', "没有“$1”这个字段"],
    ["(\\S+) and (\\S+) cannot be compared", "$1 和 $2 不能比较"],
    ["(\\S+) has no bytes to take a part of", "$1 没有可截取的字节"],
    ["expected a slice such as 0:4", "此处应为切片，例如 0:4"],
    ["expected a regular expression in quotes", "此处应为引号里的正则表达式"],
    ["the regular expression has (.+)", "正则表达式有问题：$1"],
  ] as const
).map(([sentence, chinese]) => [new RegExp(`^${sentence}$`), chinese]);

const PARTS: Readonly<Record<string, string>> = {
  "record header": "记录头",
  record: "记录",
  "block header": "块头",
  block: "块",
  packet: "数据包",
  "a field": "字段",
  "a comparison": "比较",
  "and, or or the end of the filter": " and、or 或者过滤器的结尾",
  "fewer parentheses in each other": "更少的嵌套括号",
  "a field of bytes or text before contains": " contains 前面的字节或文本字段",
  "a field of bytes or text before matches": " matches 前面的字节或文本字段",
  "a number": "数字",
  "a number of seconds": "秒数",
  text: "文本",
  'bytes such as 0d:0a or "text"': '字节，例如 0d:0a 或 "text"',
  "an Ethernet address": "以太网地址",
  "an IPv4 address or network": " IPv4 地址或网段",
  "an IPv6 address or network": " IPv6 地址或网段",
  "no comparison, since it is only there or not": "结尾（这个字段只有“有”或“没有”，不能比较）",
  "1 or 0": " 1 或 0",
};

function chineseOf(english: string): string | null {
  for (const [sentence, chinese] of SENTENCES) {
    const found = sentence.exec(english);
    if (found === null) continue;
    return chinese.replace(/\$(L?)(\d)/g, (_, looks: string, n: string) => {
      const part = found[Number(n)] ?? "";
      if (looks === "L") return part === "" ? "" : `：看起来像是 ${part}`;
      return PARTS[part] ?? part;
    });
  }
  return null;
}
