import { expect, test } from "vitest";
import { environmentOf, profileNameOf, type Choice } from "./environment.ts";
import { parseScript } from "./language/parse-script.ts";

const SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3";

function environment(text: string, choice: Choice = {}): ReturnType<typeof environmentOf> {
  return environmentOf(parseScript(text), { text, path: "a.pkt" }, choice);
}

test.each([
  ["0 `sysctl -w net.inet.tcp.sack.enable=1`", "a.pkt", "freebsd"],
  ["`./defaults.sh`\n0 close(3) = 0", "a.pkt", "linux"],
  ["+0 > S. 0:0(0) ack 1 <mss 1460,sackOK,eol,eol>", "a.pkt", "freebsd"],
  ["+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>", "a.pkt", "linux"],
  [SOCKET, "tests/bsd/tcp/close.pkt", "freebsd"],
  [SOCKET, "tests/linux/close.pkt", "linux"],
])("the stack of %j in %s is %s", (text, path, name) => {
  expect(profileNameOf(text, path)).toBe(name);
});

test("options of the script go before the caller's, and those before the defaults", () => {
  const options = new Map([
    ["mtu", "9000"],
    ["tolerance_usecs", "1"],
  ]);
  const { settings, run } = environment(`--tolerance_usecs=75000\n--ip_version=ipv6\n${SOCKET}`, {
    options,
  });
  expect(settings).toMatchObject({ mtu: 9000, ipHeaderLen: 40 });
  expect(run.tolerance.ns).toBe(75_000_000);
});

test("only Google's dialect has a tolerance in percent", () => {
  expect(environment(SOCKET).run.tolerance).toEqual({ ns: 4_000_000, ratio: 0.125 });
  expect(environment(SOCKET, { profile: "freebsd" }).run.tolerance.ratio).toBe(0);
});
