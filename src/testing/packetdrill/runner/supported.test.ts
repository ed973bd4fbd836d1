import { expect, test } from "vitest";
import { runLine } from "../run-text.ts";

const SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";

test.each([
  ["+0 epoll_create(1) = 4", "epoll_create"],
  ["+0 sendfile(3, 4, [0], 1000) = 1000", "sendfile"],
  ["+0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 4", "SOCK_DGRAM"],
  ["+0 socket(..., SOCK_STREAM, IPPROTO_MPTCP) = 4", "IPPROTO_MPTCP"],
  ["+0 setsockopt(3, SOL_TCP, TCP_REPAIR, [1], 4) = 0", "TCP_REPAIR"],
  ["+0 setsockopt(3, SOL_SOCKET, SO_ZEROCOPY, [1], 4) = 0", "SO_ZEROCOPY"],
  ["+0 setsockopt(3, SOL_TCP, TCP_MD5SIG, {}, 8) = 0", "TCP_MD5SIG"],
  ['+0 setsockopt(3, SOL_TCP, TCP_CONGESTION, "bbr", 4) = 0', 'congestion control "bbr"'],
  ["+0 getsockopt(3, SOL_TCP, TCP_INFO, {tcpi_state=7}, [104]) = 0", "TCP_INFO"],
  ["+0 send(3, ..., 10, MSG_ZEROCOPY) = 10", "MSG_ZEROCOPY"],
  ["+0 send(3, ..., 10, MSG_NOSUCH) = 10", "MSG_NOSUCH"],
  ["+0 recv(3, ..., 10, MSG_OOB) = 1", "MSG_OOB of a call that reads"],
  ["+0 fcntl(3, F_SETFL, O_RDWR|O_ASYNC) = 0", "O_ASYNC"],
  ["+0 poll([{fd=3, events=POLLPRI, revents=0}], 1, 0) = 0", "POLLPRI"],
  ["+0 select(4, ..., ..., ..., ...) = 0", "select"],
  [
    "+0 recvmsg(3, {msg_iov(1)=[{..., 9}], msg_control=[{cmsg_type=SCM_TIMESTAMPING}]}, 0) = 0",
    "a control message SCM_TIMESTAMPING",
  ],
])("%s is refused by its name", (line, what) => {
  expect(runLine(SOCKET + line, "a.pkt")).toBe(
    `FAIL a.pkt: line 2, expected what this runner has, got ${what}, which is not built`,
  );
});

test.each([
  ["+0 < icmp unreachble host_unreachable [1:1(0)]", '"unreachble" is no type of an ICMP message'],
  ["+0 < icmp unreachable nosuch [1:1(0)]", '"nosuch" is no code of unreachable'],
  ["+0 < udp (1000)", "packets of udp are not built"],
  ["+0 > udplite (1000, 20)", "packets of udplite are not built"],
  [
    "+0 > GREv0, flags [none], sum 0, off 0, key 0, seq 0: . 1:1(0)",
    "packets of GREv0 are not built",
  ],
  ["+0 > icmp unreachable port_unreachable [1:1(0)]", "packets of icmp are not built"],
  ["+0 < icmp echo_request id 7", "echoes of ICMP are not built"],
  ["+0 < icmp unreachable port_unreachable [udp(8)]", "errors about udp are not built"],
  ["+0 > [flowlabel 0x5] . 1:1(0)", "flow labels are not built"],
  ["+0 < . 1:1(0) ack 1 win 9 {mut tcp mss}", "damage to a segment is not built"],
  ["+0 > . 1:1(0) ack 1 <nop,nop,nop,nop>/udp(1 > 2)", "TCP in UDP is not built"],
  ["+0 < mpls (label 0, tc 0, [S], ttl 0): . 1:1(0)", "packets of mpls are not built"],
  ["+0 %{ import math }%", '"import" is not built: a check has assert, assignments, print'],
])("%s cannot be read", (line, why) => {
  expect(runLine(SOCKET + line, "a.pkt")).toBe(
    `FAIL a.pkt: line 2, expected a script, got one with ${why}`,
  );
});

test("an option of packetdrill that nobody knows is no script", () => {
  expect(runLine(`--nosuch=1\n${SOCKET}`, "a.pkt")).toContain(
    '"--nosuch" is no option of a script',
  );
});

test.each([
  ["--mtu=abc", "--mtu=abc: it must be a number from 68 up"],
  ["--mtu=20", "--mtu=20: it must be a number from 68 up"],
  ["--tolerance_usecs=-5", "--tolerance_usecs=-5: it must be a number from 0 up"],
  ["--ip_version=ipv5", "--ip_version=ipv5: it must be ipv4, ipv6, ipv4-mapped-ipv6"],
])("%s is refused", (option, why) => {
  expect(runLine(`${option}\n${SOCKET}`, "a.pkt")).toBe(
    `FAIL a.pkt: line 1, expected a script, got one with ${why}`,
  );
});

test("a length that no call can have is refused", () => {
  for (const length of ["99999999999", "-1"])
    expect(runLine(`${SOCKET}+0 write(3, ..., ${length}) = 5`, "a.pkt")).toContain(
      `expected a length from 0 to 2147483647, not ${length}`,
    );
});

test("a length that no buffer has takes no memory", () => {
  expect(runLine(`${SOCKET}+0 write(3, ..., 2147483647) = -1 EPIPE`, "a.pkt")).toBe("PASS a.pkt");
});

test.each([
  ["a command that says it fails", "+0 `false`", false],
  ["a value that Linux refuses", "+0 setsockopt(3, SOL_TCP, TCP_KEEPCNT, [128], 4) = 0", false],
  ["it is refused", "+0 setsockopt(3, SOL_TCP, TCP_KEEPCNT, [128], 4) = -1 EINVAL", true],
  ["an int of one byte", "+0 setsockopt(3, SOL_SOCKET, SO_DEBUG, [1], 1) = -1 EINVAL", true],
  ["a length of an int", "+0 setsockopt(3, SOL_SOCKET, SO_DEBUG, [1], 4) = 0", true],
  ["family", "+0 getsockopt(3, SOL_SOCKET, SO_DOMAIN, [AF_INET], [4]) = 0", true],
  ["protocol", "+0 getsockopt(3, SOL_SOCKET, SO_PROTOCOL, [IPPROTO_TCP], [4]) = 0", true],
  ["a text in parts", '+0 setsockopt(3, SOL_TCP, TCP_CONGESTION, "re" "no", 4) = 0', true],
  ["the beginning of a text", '+0 write(3, "abc"..., 9) = -1 EPIPE', true],
  ["no bit of three", "+0 < .0 1:1(0) ack 1 win 9\n+0 > R 1:1(0)", true],
])("%s", (_, line, passes) => {
  expect(runLine(SOCKET + line, "linux/a.pkt").startsWith("PASS")).toBe(passes);
});

test("a word may be defined as a text, or as a command", () => {
  const defines = '--define=CC="reno"\n--define = CHECK=`false`\n';
  const set = "+0 setsockopt(3, SOL_TCP, TCP_CONGESTION, CC, 4) = 0";
  expect(runLine(`${defines}${SOCKET}${set}`, "a.pkt")).toBe("PASS a.pkt");
  expect(runLine(`${defines}${SOCKET}+0 CHECK`, "a.pkt")).toContain("`false` to succeed");
});

test.each([
  [
    "what is set off is as good as not set",
    "+0 setsockopt(3, SOL_SOCKET, SO_ZEROCOPY, [0], 4) = 0",
  ],
  [
    "an option that must be refused may be unknown",
    '+0 setsockopt(3, SOL_TCP, TCP_CONGESTION, "nosuch", 6) = -1 ENOENT',
  ],
  ["#ifdef with #else", "#ifdef FreeBSD\n+0 close(9) = 0\n#else\n+0 close(3) = 0\n#endif"],
  ["#ifndef", "#ifndef FreeBSD\n+0 close(3) = 0\n#endif"],
  [
    "a check with powers, bits, membership and a choice",
    "+0 %{ assert 6 in (5, 6) and 7 not in [5, 6] and 2 ** 3 == 8 and ~0 == -1 and (1 if 0 else 2) == 2 }%",
  ],
])("%s", (_, line) => {
  expect(runLine(SOCKET + line, "a.pkt")).toBe("PASS a.pkt");
});
