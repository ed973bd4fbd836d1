import { expect, test } from "vitest";
import { Flag } from "../../../wire/tcp.ts";
import { parseScript } from "./parse-script.ts";
import type { Action, ScriptEvent } from "./script.ts";

const eventOf = (line: string): ScriptEvent => parseScript(line).events[0]!;
const actionOf = (line: string): Action => eventOf(line).action;

test.each([
  ["0.250", { kind: "at", isRelative: false, ns: 250_000_000 }],
  ["+.1", { kind: "at", isRelative: true, ns: 100_000_000 }],
  ["+0", { kind: "at", isRelative: true, ns: 0 }],
  ["+.2~+.310", { kind: "between", isRelative: true, fromNs: 200_000_000, toNs: 310_000_000 }],
  ["*", { kind: "any" }],
])("the time %s", (time, is) => {
  expect(eventOf(`${time} > . 1:1(0) ack 1`).time).toEqual(is);
});

test("a segment has flags, numbers, marks and options", () => {
  const line = "+.1 <[ect0] SEWA 123:133(10) win 0x20 urg 5 <mss 1460,TS val 1 ecr 0,sackOK>";
  expect(actionOf(line)).toEqual({
    kind: "inbound",
    packet: {
      kind: "tcp",
      ip: { ecn: "ect0", tos: null, ttl: null },
      flags: { bits: Flag.SYN | Flag.ECE | Flag.CWR, ae: true, ace: null },
      isAbsolute: false,
      seq: 123,
      payloadLen: 10,
      ack: 0,
      window: 32,
      urgent: 5,
      options: [
        { kind: "mss", mss: 1460 },
        { kind: "timestamps", value: 1, echo: 0 },
        { kind: "sack-permitted" },
      ],
    },
  });
});

test("no options, any options and no window are three things", () => {
  expect(actionOf("0 > . 1:1(0) ack 1")).toMatchObject({ packet: { options: [], window: null } });
  expect(actionOf("0 > . 1:1(0) ack 1 <...>")).toMatchObject({ packet: { options: "any" } });
});

test("a digit behind the flags is the ACE counter", () => {
  expect(actionOf("0 > P.5 1:2(1) ack 1")).toMatchObject({
    packet: { flags: { bits: Flag.PSH | Flag.ACK, ae: false, ace: 5 } },
  });
});

test("an ICMP message quotes a segment, in front or behind", () => {
  const packet = {
    kind: "icmp",
    ip: { ecn: null, tos: null, ttl: null },
    type: "unreachable",
    code: "frag_needed",
    mtu: 1200,
    quoted: { seq: 1, payloadLen: 1460 },
  };
  const words = "icmp unreachable frag_needed mtu 1200";
  expect(actionOf(`0 < ${words} [1:1461(1460)]`)).toEqual({ kind: "inbound", packet });
  expect(actionOf(`0 < [1:1461(1460)] ${words}`)).toEqual({ kind: "inbound", packet });
});

test("a system call has arguments of every form", () => {
  const action = actionOf(
    '+.1 ... 0.3 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 5},{..., 6}]}, MSG_A|0x20, "reno") = -1 EAGAIN (try (again)',
  );
  expect(action).toEqual({
    kind: "call",
    call: {
      name: "sendmsg",
      args: [
        { kind: "number", value: 4 },
        {
          kind: "struct",
          members: [
            { name: "msg_name", args: [{ kind: "any" }], value: { kind: "any" } },
            {
              name: "msg_iov",
              args: [{ kind: "number", value: 2 }],
              value: { kind: "list", items: [iov(5), iov(6)] },
            },
          ],
        },
        {
          kind: "or",
          parts: [
            { kind: "name", name: "MSG_A" },
            { kind: "number", value: 32 },
          ],
        },
        { kind: "string", value: "reno" },
      ],
      returnsNs: 300_000_000,
      result: -1,
      errno: "EAGAIN",
    },
  });
});

function member(value: unknown): unknown {
  return { name: null, args: [], value };
}

function iov(len: number): unknown {
  const members = [member({ kind: "any" }), member({ kind: "number", value: len })];
  return { kind: "struct", members };
}

test("options, init and cleanup stand around the events; comments nowhere", () => {
  const script = parseScript(
    `// about
--ip_version=ipv4
--local_ip="192.0.2.2" --strict_segments
\`sysctl -q a=1
  sysctl -q b=2\`
0 socket(..., /* any
  domain */ SOCK_STREAM, IPPROTO_TCP) = 3 // made
+0 \`true\`
\`restore\``,
  );
  expect(script.options.map(({ name, value, line }) => [name, value, line])).toEqual([
    ["ip_version", "ipv4", 2],
    ["local_ip", "192.0.2.2", 3],
    ["strict_segments", null, 3],
  ]);
  expect(script.init).toEqual({ line: 4, text: "sysctl -q a=1\n  sysctl -q b=2" });
  expect(script.events.map((event) => [event.line, event.action.kind])).toEqual([
    [6, "call"],
    [8, "shell"],
  ]);
  expect(script.cleanup).toEqual({ line: 9, text: "restore" });
});

test("#ifdef keeps the part whose name is defined, STANDARD unless told", () => {
  const text = "0 `a`\n#ifdef STANDARD\n+0 `b`\n#endif\n#ifdef FreeBSD\n+0 `c`\n#endif\n+0 `d`";
  const linesOf = (conditions?: ReadonlySet<string>): number[] =>
    parseScript(text, conditions && { conditions }).events.map((event) => event.line);
  expect(linesOf()).toEqual([1, 3, 8]);
  expect(linesOf(new Set(["FreeBSD"]))).toEqual([1, 6, 8]);
});

test("a word that is defined stands for its text", () => {
  const defines = new Map([
    ["COOKIE", "abcd"],
    ["MSS", "1440"],
    ["CODE", "host_unreachable"],
  ]);
  const script = parseScript("0 > S 0:0(0) <mss MSS,FO COOKIE>\n+0 < icmp unreachable CODE", {
    defines,
  });
  expect(script.events.map(({ action }) => action)).toMatchObject([
    { packet: { options: [{ mss: 1440 }, { cookie: Uint8Array.of(0xab, 0xcd) }] } },
    { packet: { code: "host_unreachable" } },
  ]);
});

test.each([
  ["0 < S 0:1(0) win 1", "0 and 0 bytes make 0, not 1"],
  ["0 < S 0:0(0)", "a segment to inject needs its window"],
  ["0 < S 0:0(0) win 1 <...>", "a segment to inject needs its options, <...> is none"],
  ["0 < S 0:0(0) win 65536", "65536 is more than 65535"],
  ["0 > S 0:0(0) <mss 1460,nop>", "the options are 5 bytes long, not a multiple of 4"],
  ["0 > S 0:0(0) <what 1>", 'the option "what" is not built'],
  ["0 > S 0:0(0) <mss 65536>", "65536 is more than 65535"],
  ["0 > S 0:0(0) <nop,wscale 256>", "256 is more than 255"],
  ["0 > S 0:0(0) <nop,nop,TS val 1 ecr 4294967296>", "4294967296 is more than 4294967295"],
  ["0 > S 0:0(0) <nop,nop,sack 1:4294967296>", "4294967296 is more than 4294967295"],
  [`0 a(${"[".repeat(9999)}`, "more than 32 lists in each other"],
  ["1 close(3) = 0\n+1 close(3) = 0\n0.5 close(4) = 0", "the time goes back"],
  ["0 > X 0:0(0)", 'expected flags, such as "S.", "P." or "-"'],
  ["0~+1 > . 1:1(0)", "one end of the time is relative, the other is not"],
  ["0~1 close(3) = 0", "only a packet that is expected has more than one time"],
  ["0 close(3)", 'expected "="'],
  ["0 close(3 = 0", 'expected ")"'],
  ["0 %{ assert 1 < }%", "expected a value"],
  ["0 %{ a ? b }%", '"?" begins no word of a check'],
  ["0 `sleep", '"`" has no "`"'],
  ["#endif\n0 `a`", "#endif without #ifdef"],
  ["#ifdef A\n0 `a`", "#ifdef without #endif"],
  ["", "a script needs an event"],
  ["0 close(3) = 0\nclose(4) = 0", "expected an event"],
])("%j is refused: %s", (text, why) => {
  expect(() => parseScript(text)).toThrow(`Cannot read script: ${why}`);
});

test("a quote behind a backslash is the shell's own", () => {
  const [event] = parseScript("0 `echo \\`date\\` x`").events;
  expect(event?.action).toEqual({ kind: "shell", text: "echo \\`date\\` x" });
});

test("an error shows the line and a caret", () => {
  expect(() => parseScript("0 close(3) = 0\n+0 > Q 1:1(0)", { path: "a.pkt" })).toThrow(
    `a.pkt:2:6: Cannot read script: expected flags, such as "S.", "P." or "-"\n  +0 > Q 1:1(0)\n       ^`,
  );
});

test("a script that is cut anywhere is read, or refused with a place", () => {
  const text = `--mss=1000 // one
\`sysctl -q a=1\`
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3 /* two */
+0...0.3 sendmsg(3, {msg_iov(1)=[{..., 5}]}, "x"|0x2) = -1 EAGAIN (a note)
+.1~+.2 > [ect0] P.5 1:1001(1000) ack 1 win 7 <nop,nop,TS val 1 ecr 2,sack 1:2>
+0 < icmp unreachable frag_needed mtu 1200 [1:1461(1460)]
+0 %{ assert a % 2 <= (1 + b), "c" }%
\`b\``;
  const errors = Array.from(text, (_, end) => errorOf(text.slice(0, end))).filter(
    (error) => error !== null,
  );
  const isPlaced = /^SyntaxError: cut\.pkt:\d+:\d+: Cannot read script: /;
  expect(errors.filter((error) => !isPlaced.test(error))).toEqual([]);
});

function errorOf(text: string): string | null {
  try {
    parseScript(text, { path: "cut.pkt" });
    return null;
  } catch (error) {
    return String(error);
  }
}
