/**
 * `seqack doctor`: what can be captured here, and why not.
 *
 * @module
 */
import { text, type Lang, type Text } from "../base/lang.ts";
import { visibleJson } from "../base/visible.ts";
import { type AbilityName, listAbilities, type NamedAbility } from "../node/abilities.ts";
import { type Command, Exit, type Io } from "./command.ts";
import { parseOptions } from "./options.ts";

const TITLES: Readonly<Record<AbilityName, Text>> = {
  node: text("Node", "Node"),
  koffi: text("calling the system", "调用系统"),
  clock: text("clock", "时钟"),
  "packet-socket": text("capturing packets", "抓包"),
  "kernel-filter": text("filters in the kernel", "内核过滤"),
  ring: text("ring of packets", "环形缓冲区"),
  "user-namespace": text("private namespace", "私有命名空间"),
  libpcap: text("libpcap", "libpcap"),
  tcpdump: text("tcpdump", "tcpdump"),
};

/** The command. */
export const doctor: Command = {
  name: "doctor",
  summary: text(
    "what can be captured here, and why not",
    "检查这台机器能抓到什么，不能的话原因何在",
  ),
  usage: text(
    `Usage: seqack doctor [--json]

Tries everything that seqack needs of this machine and says what works, what
does not, and what helps. Exit status 3 when no packets can be captured at all.

  --json      one JSON document`,
    `用法：seqack doctor [--json]

逐项尝试 seqack 需要的系统功能，说明哪些可用、哪些不可用以及如何解决。
完全不能抓包时退出码为 3。

  --json      输出一个 JSON 文档`,
  ),
  async run(args, io) {
    const { values } = parseOptions(args, { json: { type: "boolean" } });
    const abilities = listAbilities();
    const verdict = verdictOf(abilities);
    await io.out(
      values.json === true ? toJson(abilities, verdict, io.lang) : toLines(abilities, verdict, io),
    );
    return verdict.capture === "nothing" ? Exit.NOT_PERMITTED : Exit.OK;
  },
};

/** What it comes to. */
interface Verdict {
  readonly capture: "everything" | "own-namespace" | "nothing";
  readonly text: Text;
}

function verdictOf(abilities: readonly NamedAbility[]): Verdict {
  const can = (name: AbilityName): boolean =>
    abilities.some((a) => a.name === name && a.ability.can);
  if (can("packet-socket")) {
    return {
      capture: "everything",
      text: text("Packets of this machine can be captured.", "可以捕获这台机器上的包。"),
    };
  }
  if (can("koffi") && can("user-namespace")) {
    return {
      capture: "own-namespace",
      text: text(
        "Packets of this machine cannot be captured as this user, but `seqack demo` works: it runs on a loopback of its own. Files and pipes can be read: `seqack read FILE`.",
        "当前用户不能捕获这台机器上的包，但 `seqack demo` 可以运行：它使用自己的环回接口。文件和管道可以读取：`seqack read 文件`。",
      ),
    };
  }
  return {
    capture: "nothing",
    text: text(
      "No packets can be captured here. Files and pipes can be read all the same: `seqack read FILE`.",
      "此处无法抓包。文件和管道仍然可以读取：`seqack read 文件`。",
    ),
  };
}

function toLines(abilities: readonly NamedAbility[], verdict: Verdict, io: Io): string {
  const { paint, lang } = io;
  const lines = abilities.flatMap(({ name, optional, ability }) => {
    const title = TITLES[name][lang];
    if (ability.can) return [`${paint.green("✓")} ${title}: ${ability.how[lang]}`];
    const mark = optional ? paint.yellow("–") : paint.red("✗");
    return [
      `${mark} ${title}: ${ability.missing[lang]}`,
      `    ${ADVICE[lang]}${ability.advice[lang]}`,
    ];
  });
  return `${lines.join("\n")}\n\n${verdict.text[lang]}\n`;
}

const ADVICE = text("what helps: ", "解决办法：");

/** Keys are English in both languages; sentences follow the language. */
function toJson(abilities: readonly NamedAbility[], verdict: Verdict, lang: Lang): string {
  const list = abilities.map(({ name, optional, ability }) => ({
    name,
    optional,
    ok: ability.can,
    ...(ability.can
      ? { detail: ability.how[lang] }
      : { detail: ability.missing[lang], advice: ability.advice[lang] }),
  }));
  const document = { capture: verdict.capture, summary: verdict.text[lang], abilities: list };
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}
