// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { testWith } from "../../test/needs.ts";
import { CaptureError } from "./capture/error.ts";
import { compileForKernel } from "./capture/filter.ts";
import { LinkType } from "../wire/linktype.ts";
import { findLibpcap } from "./libpcap.ts";

testWith("linux", "tcpdump").each(["tcp port 80", "vlan 7 and ip6", "ether broadcast", "less 100"])(
  "%s: the program that tcpdump -dd prints",
  (expression) => {
    const printed = spawnSync("tcpdump", ["-dd", "-y", "EN10MB", expression], { encoding: "utf8" });
    const theirs = [...printed.stdout.matchAll(/\{ (0x\w+), (\d+), (\d+), (0x\w+) \}/g)].map(
      ([, code, jt, jf, k]) => [Number(code), Number(jt), Number(jf), Number(k)],
    );
    const ours = findLibpcap()!.compile(expression, LinkType.ETHERNET);
    expect(ours.map(({ code, jt, jf, k }) => [code, jt, jf, k])).toEqual(theirs);
  },
);

testWith("linux", "tcpdump")("what libpcap cannot read is an error with its words", () => {
  expect(() => findLibpcap()!.compile("tcp porx", LinkType.ETHERNET)).toThrow(/syntax error/);
});

test("an expression that nobody reads is refused with our words", () => {
  expect(() => compileForKernel("tcp \u001b[31m", LinkType.ETHERNET, 100)).toThrow(CaptureError);
  expect(() => compileForKernel("tcp \u001b[31m", LinkType.ETHERNET, 100)).not.toThrow("\u001b");
});

test("a filter by VLAN is refused: the kernel hides the tag from it", () => {
  expect(() => compileForKernel("vlan 7 and tcp", LinkType.ETHERNET, 100)).toThrow(/VLAN/);
});
