import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd } from "../../../wire/seqnum.ts";
import { parseScript } from "./parse-script.ts";
import { printScript } from "./print-script.ts";
import type { Script } from "./script.ts";

/** Lines of a tree say where it was read, not what was read. */
function withoutLines(script: Script): unknown {
  return JSON.parse(JSON.stringify(script, (key, value: unknown) => (key === "line" ? 0 : value)));
}

function expectToComeBack(text: string): void {
  const script = parseScript(text);
  const printed = printScript(script);
  expect(withoutLines(parseScript(printed))).toEqual(withoutLines(script));
  expect(printScript(parseScript(printed))).toBe(printed);
}

test.each([
  "0 > SEW 0:0(0) win 65535 <mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0>",
  "+.1~+.2 > [ect01] P.5 1:1001(1000) ack 4294967295 <ECN e1b 1 ceb 0 e0b 1,nop>",
  "* > . 1:1(0)! ack 0 <...>",
  "0 < (tos 0x28) [ce] UAR. 5:5(0) win 1 urg 7 <nop,nop,sack 1:2 3:4>",
  "0 < - 5:5(0) win 1 <FOEXP ab01,md5 00112233445566778899aabbccddeeff,nop,nop,eol,eol>",
  "0 < S 5:5(0) win 1 <FO,eol,eol>",
  "0 < icmp time_exceeded ttl_exceeded_in_transit [1:1(0)]",
  "0...0.3 connect(3, {sa_family=AF_INET, sin_port=htons(8080)}, 16) = -1 EINPROGRESS (going on)",
  "--mss=1000\n`a`\n0.000000001 %{ assert a % 2 == 1, 'x' }%\n+1 poll([{fd=4, revents=A|B}], 1, -5) = ...\n`b`",
])("%j comes back from its text", expectToComeBack);

test("any segment comes back from its text", () => {
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
  const u16 = fc.integer({ min: 0, max: 0xffff });
  const flags = fc
    .subarray(["S", "F", "R", "P", "U", "E", "W", "."])
    .map((letters) => letters.join("") || "-");
  const sequence = fc.tuple(u32, u16).map(([seq, len]) => `${seq}:${seqAdd(seq, len)}(${len})`);
  const options = fc.constantFrom("", "<...>", "<mss 1,nop,wscale 14,sackOK,TS val 1 ecr 2>");
  const time = fc.integer({ min: 0, max: 2 ** 40 }).map((us) => (us / 1e6).toFixed(6));
  fc.assert(
    fc.property(time, flags, sequence, u32, u16, options, (t, f, s, ack, win, o) => {
      expectToComeBack(`+${t} > ${f} ${s} ack ${ack} win ${win} ${o}`);
    }),
  );
});
