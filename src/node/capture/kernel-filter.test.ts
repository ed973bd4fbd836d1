import { expect, test } from "vitest";
import { type BpfInsn, MAX_SNAPLEN, Op } from "../../pcap/filter/bpf.ts";
import { compileFilter } from "../../pcap/filter/compile.ts";
import { runBpf } from "../../pcap/filter/run.ts";
import { LinkType } from "../../wire/linktype.ts";
import { kernelProgram, linkTypeOfDevice, MAX_HEADERS_LEN } from "./kernel-filter.ts";

const ETHERNET = 1;
const TUN = 65_534;
const RET_A = 0x16;

/** The program for one device without the loads that only the kernel can do. */
function program(arphrd: number, filter: string): readonly BpfInsn[] {
  return kernelProgram({
    arphrd,
    compile: (linkType, snapLen) => compileFilter(filter, linkType, snapLen),
    snapLen: "headers",
    direction: "inout",
  });
}

/** A frame of zeros with these bytes at these places. */
function frame(length: number, bytes: Readonly<Record<number, readonly number[]>>): DataView {
  const all = new Uint8Array(length);
  for (const [at, values] of Object.entries(bytes)) all.set(values, Number(at));
  return new DataView(all.buffer);
}

const ipv4 = (protocol: number, words: number, at = 14): Record<number, number[]> => ({
  ...(at === 14 && { 12: [0x08, 0x00] }),
  [at]: [0x40 | words],
  [at + 9]: [protocol],
});
const ipv6 = (next: number): Record<number, number[]> => ({
  12: [0x86, 0xdd],
  14: [0x60],
  20: [next],
});

test.each<[string, number, number, Record<number, number[]>, number]>([
  ["IPv4, TCP without options", ETHERNET, 1514, { ...ipv4(6, 5), 46: [0x50] }, 54],
  ["IPv4, TCP with timestamps", ETHERNET, 1514, { ...ipv4(6, 5), 46: [0x80] }, 66],
  ["all options there can be", ETHERNET, 1514, { ...ipv4(6, 15), 86: [0xf0] }, MAX_HEADERS_LEN - 4],
  ["a data offset that cannot be", ETHERNET, 1514, { ...ipv4(6, 5), 46: [0x10] }, 54],
  ["a header length that cannot be", ETHERNET, 1514, { ...ipv4(6, 0), 26: [0x50] }, 34],
  ["an acknowledgement, all of it", ETHERNET, 54, { ...ipv4(6, 5), 46: [0x50] }, 54],
  ["cut in the IP options", ETHERNET, 54, ipv4(6, 15), 128],
  ["a later fragment", ETHERNET, 1514, { ...ipv4(6, 5), 20: [0x00, 0xb9] }, 34],
  ["UDP", ETHERNET, 1514, ipv4(17, 5), 42],
  ["ICMP", ETHERNET, 1514, ipv4(1, 5), 128],
  ["IPv6, TCP", ETHERNET, 1514, { ...ipv6(6), 66: [0xa0] }, 94],
  ["IPv6, UDP", ETHERNET, 1514, ipv6(17), 62],
  ["IPv6, an extension header", ETHERNET, 1514, ipv6(0), 128],
  ["ARP", ETHERNET, 60, { 12: [0x08, 0x06] }, 128],
  ["a runt", ETHERNET, 10, {}, 128],
  ["bare IPv4, TCP", TUN, 1500, { ...ipv4(6, 5, 0), 32: [0x80] }, 52],
  ["bare, a header length of 0", TUN, 1500, ipv4(6, 0, 0), 20],
  ["bare, no IP at all", TUN, 1500, {}, 128],
])("headers only: %s", (_, arphrd, length, bytes, kept) => {
  const packet = frame(length, bytes);
  expect(runBpf(program(arphrd, ""), packet, 0, length, length)).toBe(kept);
});

test("a packet that the filter does not want is dropped all the same", () => {
  const packet = frame(1514, { ...ipv4(17, 5) });
  expect(runBpf(program(ETHERNET, "tcp"), packet, 0, 1514, 1514)).toBe(0);
});

test("what the kernel takes: jumps stay inside, the last instruction returns", () => {
  const all = kernelProgram({
    arphrd: null,
    compile: (linkType, snapLen) =>
      compileFilter("tcp port 80 or host 10.0.0.1", linkType, snapLen),
    snapLen: "headers",
    direction: "in",
  });
  all.forEach(({ code, jt, jf, k }, at) => {
    const furthest = code === Op.JA ? k : Math.max(jt, jf);
    expect(at + furthest).toBeLessThan(all.length);
  });
  expect([Op.RET, RET_A]).toContain(all.at(-1)!.code);
});

test("a numeric snapshot length is what the filter returns", () => {
  const plain = kernelProgram({
    arphrd: ETHERNET,
    compile: (linkType, snapLen) => compileFilter("", linkType, snapLen),
    snapLen: MAX_SNAPLEN,
    direction: "inout",
  });
  expect(plain).toEqual([{ code: Op.RET, jt: 0, jf: 0, k: MAX_SNAPLEN }]);
});

test("link layers that are not read are known before the capture starts", () => {
  expect(linkTypeOfDevice(ETHERNET)).toBe(LinkType.ETHERNET);
  expect(linkTypeOfDevice(TUN)).toBe(LinkType.RAW);
  expect(linkTypeOfDevice(803)).toBe(null);
});
