import { expect, test } from "vitest";
import { text, type Lang } from "../base/lang.ts";
import { PLAIN } from "../report/paint.ts";
import type { Io } from "./command.ts";
import { abilityLines, doctor } from "./doctor.ts";

function fakeIo(lang: Lang): { io: Io; said: string[] } {
  const said: string[] = [];
  const io: Io = {
    out: async (data) => void said.push(String(data)),
    err: (line) => void said.push(line),
    stdin: process.stdin,
    lang,
    columns: 80,
    paint: PLAIN,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
  };
  return { io, said };
}

test("doctor says a line for each ability, and what it comes to", async () => {
  const { io, said } = fakeIo("en");
  const status = await doctor.run([], io);
  const lines = said.join("").split("\n");
  expect(lines.filter((line) => /^[✓✗–] /.test(line)).length).toBeGreaterThanOrEqual(6);
  expect(lines).toContain(`✓ Node: Node ${process.versions.node}`);
  expect([0, 3]).toContain(status);
});

test("doctor -T json has the same keys in both languages", async () => {
  const shapes = await Promise.all(
    (["en", "zh"] as const).map(async (lang) => {
      const { io, said } = fakeIo(lang);
      await doctor.run(["-T", "json"], io);
      const document: unknown = JSON.parse(said.join(""));
      return JSON.stringify(document, (key, value: unknown) =>
        ["detail", "advice", "summary"].includes(key) ? "" : value,
      );
    }),
  );
  expect(shapes[0]).toBe(shapes[1]);
  expect(shapes[0]).toContain('"name":"packet-socket"');
});

test("doctor knows -T as the other commands do, and no --json", async () => {
  const { io } = fakeIo("en");
  await expect(doctor.run(["--json"], io)).rejects.toThrow("unknown option --json");
  await expect(doctor.run(["-T", "xml"], io)).rejects.toThrow("-T xml: text and json are known");
});

test("what helps against several missing abilities is said once", () => {
  const ability = {
    can: false,
    missing: text("not permitted", "没有权限"),
    advice: text("ask root", "请找 root"),
  } as const;
  const lines = abilityLines(
    [
      { name: "packet-socket", optional: false, ability },
      { name: "ring", optional: false, ability },
      { name: "libpcap", optional: true, ability: { ...ability, advice: text("install", "安装") } },
    ],
    { paint: PLAIN, lang: "en" },
  );
  expect(lines).toEqual([
    "✗ capturing packets: not permitted",
    "    what helps: ask root",
    "✗ ring of packets: not permitted",
    "– libpcap: not permitted",
    "    what helps: install",
  ]);
});
