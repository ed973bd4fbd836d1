import { expect, test } from "vitest";
import { describeOutcome, runText } from "../run-text.ts";

/** A connection with one MSS of 1,000 bytes, accepted as 4. */
const ESTABLISHED = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 500:500(0) win 20000 <mss 1000>
+0 > S. 0:0(0) ack 501 <...>
+0 < . 1:1(0) ack 1 win 20000
+0 accept(3, ..., ...) = 4
`;

const run = (text: string): string =>
  describeOutcome("a.pkt", runText(text, "a.pkt", { profile: "linux" }));

test.each([
  ["several segments are one line", "+0 write(4, ..., 3000) = 3000\n+0 > P. 1:3001(3000) ack 1"],
  [
    "an eighth of the wait is tolerated",
    "+.1 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+.22 > P. 1:10(9) ack 1",
  ],
  [
    "a window of time",
    "+0 write(4, ..., 9) = 9\n+0~+.1 > P. 1:10(9) ack 1\n+.1~+.3 > P. 1:10(9) ack 1",
  ],
  ["any time", "+0 write(4, ..., 9) = 9\n* > P. 1:10(9) ack 1\n* > P. 1:10(9) ack 1"],
  [
    "variables stay",
    "+0 %{ a = tcpi_snd_cwnd }%\n+0 %{ assert a == 10; assert TCPI_OPT_SACK == 2 }%",
  ],
  [
    "a call that blocks",
    "+0...0.2 read(4, ..., 9) = 3\n+.2 < P. 1:4(3) ack 1 win 20000\n* > . 1:1(0) ack 4",
  ],
])("passes: %s", (_, text) => {
  expect(run(ESTABLISHED + text)).toBe("PASS a.pkt");
});

test.each([
  ["+.1 > . 1:1(0) ack 1", "line 8, expected . 1:1(0) ack 1 at 0.100000, got nothing"],
  [
    "+0 write(4, ..., 9) = 9\n+.1 > P. 1:10(9) ack 1",
    "line 9, expected P. 1:10(9) ack 1 at 0.100000, got it at 0.000000",
  ],
  ["+0 read(4, ..., 9) = 9", "line 8, expected read to return at once, got a call that blocks"],
  [
    "+0 close(7) = 0",
    "line 8, expected a descriptor that is open, not 7, got a call that is not understood",
  ],
  ["+0 frob(4) = 0", "line 8, expected what this runner has, got frob, which is not built"],
  ["+0 ioctl(4, SIOCINQ, [1]) = 0", "line 8, expected ioctl gives 1, got ioctl gives 0"],
  [
    "+0 shutdown(4, SHUT_WR) = -1 ENOTCONN",
    "line 8, expected shutdown = -1 ENOTCONN, got shutdown = 0",
  ],
  [
    "+0 %{\nassert tcpi_snd_cwnd == 3\n}%",
    "line 9, expected tcpi_snd_cwnd == 3, got tcpi_snd_cwnd = 10",
  ],
  [
    "+0...0.1 read(4, ..., 9) = 9\n+0 close(4) = 0",
    "line 8, expected read to return at 0.100000, got a call that blocks",
  ],
  [
    "+0 `sockstat | grep -c TIME_WAIT | grep 1`",
    "line 8, expected `sockstat | grep -c TIME_WAIT | grep 1` to succeed, got 0 in TIME-WAIT",
  ],
])("fails: %j", (text, why) => {
  expect(run(ESTABLISHED + text)).toBe(`FAIL a.pkt: ${why}`);
});

test("numbers of both sides count from their first ones", () => {
  const text = `+.1 < P. 1:11(10) ack 1 win 20000
* > . 1:1(0) ack 11
+.1 < F. 11:11(0) ack 1 win 20000
* > . 1:1(0) ack 12
+0 read(4, ..., 99) = 10`;
  expect(run(ESTABLISHED + text)).toBe("PASS a.pkt");
});

test("a RST without a connection has the wire's own numbers", () => {
  const text = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 < S 700:700(0) win 20000 <mss 1000>
+0 > R. 0:0(0) ack 701 win 0`;
  expect(run(text)).toBe("PASS a.pkt");
});

test("every field that is wrong is named", () => {
  const text = "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 2 win 1 <nop,nop,nop,nop>";
  expect(run(ESTABLISHED + text)).toMatch(/line 9, .* \(ack, win, options\)$/);
});
