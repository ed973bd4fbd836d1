import { expect, test } from "vitest";
import { kernelOf, likelyKernelOf } from "./kernel-of.ts";

const SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3";

test.each([
  ["0 `sysctl -w net.inet.tcp.sack.enable=1`", "freebsd"],
  ["`./defaults.sh`\n0 close(3) = 0", "linux"],
  ["`../../common/defaults.sh`\n0 close(3) = 0", "linux"],
  ["+0 setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0", "linux"],
  ["+0 %{ assert tcpi_state == TCPI_TIME_WAIT }%", "freebsd"],
  ["+0 %{ assert (tcpi_options & TCPI_OPT_SACK) != 0 }%", null],
  ["+0 > S. 0:0(0) ack 1 <mss 1460,sackOK,eol,eol>", "freebsd"],
  ["+0 > [noecn] SEW 0:0(0) win 65535 <mss 1460,nop,wscale 6,sackOK,eol,eol>", "freebsd"],
  ["+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>", "linux"],
  ["+0 < S. 0:0(0) ack 1 win 9 <mss 1460,nop,nop,sackOK>", null],
  [`// as net.inet.tcp says\n/* ./defaults.sh */ ${SOCKET}`, null],
])("the kernel of %j is %s", (text, kernel) => {
  expect(kernelOf(text)).toBe(kernel);
});

test.each([
  [SOCKET, "tests/bsd/tcp/close.pkt", "freebsd"],
  [SOCKET, "tests/linux/close.pkt", "linux"],
  ["0.1 > . 1:1(0) ack 2 win 1026", "a.pkt", "freebsd"],
  [SOCKET, "a.pkt", null],
])("the likely kernel of %j in %s is %s", (text, path, kernel) => {
  expect(likelyKernelOf({ text, path })).toBe(kernel);
});
