import { expect, test } from "vitest";
import { readCommands } from "./commands.ts";

const set = (key: string, value: string): unknown => ({ kind: "set", key, value });

test.each([
  ["sysctl -q net.ipv4.tcp_ecn=2    # answer only", [set("net.ipv4.tcp_ecn", "2")]],
  [
    'sysctl -q net.ipv4.tcp_rmem="4096 540000 15728640"',
    [set("net.ipv4.tcp_rmem", "4096 540000 15728640")],
  ],
  ["sysctl -w net.inet.tcp.sack.enable=1", [set("net.inet.tcp.sack.enable", "1")]],
  [
    "../common/defaults.sh\n ./set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0 /proc/sys/net/ipv4/tcp_ecn=1",
    [set("net.ipv4.tcp_sack", "0"), set("net.ipv4.tcp_ecn", "1")],
  ],
  ["/tmp/sysctl_restore_${PPID}.sh", []],
  ["rm -rf /", []],
  [
    "sockstat -4 -P tcp -p 8080 -s | grep -c SYN_RCVD | grep 1",
    [{ kind: "count", state: "SYN-RECEIVED", count: 1, held: false }],
  ],
  [
    "sockstat -4 -P tcp -s | grep packetdril | grep -c TIME_WAIT | grep 0",
    [{ kind: "count", state: "TIME-WAIT", count: 0, held: true }],
  ],
  [
    'sysctl -q net.ipv4.tcp_rmem="4096 131072 $((32*1024*1024))"',
    [set("net.ipv4.tcp_rmem", "4096 131072 33554432")],
  ],
  ["nstat -n", []],
  [
    'nstat | grep TcpExtBeyondWindow | grep -q " 3 "',
    [{ kind: "check", text: 'nstat | grep TcpExtBeyondWindow | grep -q " 3 "' }],
  ],
  ["tcpdrop -s TIME_WAIT", [{ kind: "drop", state: "TIME-WAIT" }]],
])("%j is understood, not run", (text, commands) => {
  expect(readCommands(text)).toEqual(commands);
});
