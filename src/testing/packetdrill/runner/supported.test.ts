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
