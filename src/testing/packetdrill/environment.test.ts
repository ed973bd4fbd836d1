import { expect, test } from "vitest";
import { freebsd, linux } from "../../stack/tcp/profile.ts";
import { environmentOf, hostsOf, type Choice } from "./environment.ts";
import { parseScript } from "./language/parse-script.ts";
import { PERSONALITIES } from "./sockets/personality.ts";

const SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3";

function environment(text: string, choice: Choice = {}): ReturnType<typeof environmentOf> {
  const [host] = hostsOf({ text, path: "a.pkt" }, choice);
  return environmentOf(parseScript(text), text, host ?? "generic", choice);
}

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
  expect(environment(`${SOCKET}\n+0 \`tcpdrop -a\``).run.tolerance.ratio).toBe(0);
});

test("a profile brings its policy; settings of the host stay those of the script", () => {
  const text = `${SOCKET}\n+0 \`sysctl -w net.inet.tcp.sack.enable=1\``;
  const { profile, personality } = environment(text, { profile: "linux" }).settings;
  expect(profile).toMatchObject({ name: "linux", nagle: linux.nagle, rtoMinNs: linux.rtoMinNs });
  expect(profile).toMatchObject({ synPadding: "eol", quickAcks: freebsd.quickAcks });
  expect(personality).toBe(PERSONALITIES.freebsd);
});

test("a script that says nothing of its host has all of the profile", () => {
  expect(environment(SOCKET, { profile: "freebsd" }).settings.profile).toMatchObject({
    synPadding: "eol",
    nagle: freebsd.nagle,
  });
});

test("the whole profile on request, as it would be on a host of its own", () => {
  const text = `${SOCKET}\n+0 \`tcpdrop -a\``;
  const { profile } = environment(text, { profile: "linux", wholeProfile: true }).settings;
  expect(profile.synPadding).toBe(linux.synPadding);
});
