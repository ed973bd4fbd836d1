import { expect, test } from "vitest";
import { logCapture } from "../../testing/capture-log.ts";
import { causeWords } from "./cause-words.ts";
import { Filtering } from "./filtering.ts";
import { problemOf } from "./answers.ts";

const HEADER = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
const HUGE = [1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f];

test.each([
  [[], "空文件"],
  [HEADER.slice(0, 9), "文件头不完整：24 字节只有 9 字节"],
  [[...HEADER, ...HUGE], "记录自称有 2147483647 字节，上限是 262144"],
  [[...HEADER, 1, 2, 3], "文件在一个记录头中间被截断：16 字节只有 3 字节"],
  [Array.from({ length: 30 }, () => 7), "不是抓包文件"],
  [[...HEADER.slice(0, 4), 9, ...HEADER.slice(5)], "不支持 pcap 的 9.4 版本，只支持 2.x"],
])("what is wrong with a file is said in Chinese too: %#", (bytes, chinese) => {
  const [message = ""] = logCapture(Uint8Array.from(bytes)).messages;
  expect(causeWords(message.replace("fatal: ", "")).zh).toContain(chinese);
});

test.each([
  ["tcp.port ==", "此处应为数字，却到了结尾"],
  ["tcp.flags.syn == &&", "此处应为 1 或 0，却是“&&”"],
  ["ip.src == 10.0", "此处应为 IPv4 地址或网段，却是“10.0”"],
  ["tcp.prt == 1", "没有“tcp.prt”这个字段；是不是 tcp.port"],
  ["(tcp", "却到了结尾"],
  ["!", "此处应为字段，却到了结尾"],
])("what is wrong with the filter %s is said in Chinese too", (filter, chinese) => {
  let zh = "";
  try {
    void new Filtering(filter);
  } catch (e) {
    zh = problemOf(e).text.zh;
  }
  expect(zh).toContain(chinese);
});

test("a cause that is not known stays as it is", () => {
  expect(causeWords("something else")).toEqual({ en: "something else", zh: "something else" });
});
