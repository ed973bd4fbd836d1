/**
 * The table of commands. A command's code is loaded when it is called, so
 * that `--help` costs nothing.
 *
 * @module
 */
import { createRequire } from "node:module";
import { text, type Lang } from "../base/lang.ts";
import type { Command } from "./command.ts";

interface Entry {
  readonly name: string;
  load(): Promise<Command>;
}

const COMMANDS: readonly Entry[] = [
  { name: "demo", load: async () => (await import("./demo.ts")).demo },
  { name: "lab", load: async () => (await import("./lab.ts")).lab },
  { name: "serve", load: async () => (await import("./serve.ts")).serve },
  { name: "dial", load: async () => (await import("./dial.ts")).dial },
  { name: "capture", load: async () => (await import("./capture.ts")).capture },
  { name: "read", load: async () => (await import("./read.ts")).read },
  { name: "segment", load: async () => (await import("./segment.ts")).segment },
  {
    name: "conversations",
    load: async () => (await import("./conversations.ts")).conversations,
  },
  { name: "findings", load: async () => (await import("./findings.ts")).findings },
  { name: "story", load: async () => (await import("./story.ts")).story },
  { name: "view", load: async () => (await import("./view.ts")).view },
  { name: "doctor", load: async () => (await import("./doctor.ts")).doctor },
];

/** From package.json. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const file: unknown = createRequire(import.meta.url)("../../package.json");
  return typeof file === "object" && file !== null && "version" in file ? String(file.version) : "";
}

/** The command called `name`, or `null`. */
export async function findCommand(name: string): Promise<Command | null> {
  const entry = COMMANDS.find((c) => c.name === name);
  return entry === undefined ? null : await entry.load();
}

/** The command that begins as `name` does, or `null`. */
export function nearestCommand(name: string): string | null {
  const start = name.slice(0, 3);
  return (
    (start.length < 3 ? undefined : COMMANDS.find((c) => c.name.startsWith(start)))?.name ?? null
  );
}

/** What `seqack --help` prints. */
export async function helpText(lang: Lang): Promise<string> {
  const commands = await Promise.all(COMMANDS.map((c) => c.load()));
  const rows = commands.map((c) => `  seqack ${c.name.padEnd(15)} ${c.summary[lang]}`);
  return `${HEAD[lang]}\n\n${rows.join("\n")}\n\n${TAIL[lang]}\n`;
}

const HEAD = text(
  "seqack shows what a TCP program does, from the code to the wire.",
  "seqack 展示一个 TCP 程序从代码到网线究竟做了什么。",
);

const TAIL = text(
  `  --lang zh|en           language of what is said (otherwise the locale decides)
  seqack COMMAND --help  options and examples of one command

Data goes to stdout, talk to stderr. Exit status: 0 fine, 1 failed, or --fail-on
found something, 2 usage, 3 not permitted, 4 unreadable input.`,
  `  --lang zh|en           输出语言（默认由系统区域设置决定）
  seqack 命令 --help     某个命令的选项和示例

数据写到 stdout，说明写到 stderr。退出码：0 正常，1 失败或发现了 --fail-on
指定的问题，2 用法错误，3 没有权限，4 输入无法读取。`,
);
