/**
 * `seqack doctor`: what can be captured here, and why not.
 *
 * @module
 */
import { text, type Lang, type Text } from "../base/lang.ts";
import { visibleJson } from "../base/visible.ts";
import { type AbilityName, listAbilities, type NamedAbility } from "../node/abilities.ts";
import { type Command, Exit, type Io } from "./command.ts";
import { parseOptions, wantsJson } from "./options.ts";

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
    `Usage: seqack doctor [-T json]

Tries everything that seqack needs of this machine and says what works, what
does not, and what helps. Exit status 3 when no packets can be captured at all.

  -T json     one JSON document`,
    `用法：seqack doctor [-T json]

逐项尝试 seqack 需要的系统功能，说明哪些可用、哪些不可用以及如何解决。
完全不能抓包时退出码为 3。

  -T json     输出一个 JSON 文档`,
  ),
  async run(args, io) {
    const { values } = parseOptions(args, { type: { type: "string", short: "T" } });
    const asJson = wantsJson(values.type);
    const abilities = listAbilities();
    const verdict = verdictOf(abilities);
    await io.out(
      asJson
        ? toJson(abilities, verdict, io.lang)
        : `${abilityLines(abilities, io).join("\n")}\n\n${verdict.text[io.lang]}\n`,
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

/** A line for each ability; what helps against several of the missing ones stands below the first of them. */
export function abilityLines(
  abilities: readonly NamedAbility[],
  { paint, lang }: Pick<Io, "paint" | "lang">,
): string[] {
  const given = new Set<string>();
  return abilities.flatMap(({ name, optional, ability }) => {
    const title = TITLES[name][lang];
    if (ability.can) return [`${paint.green("✓")} ${title}: ${ability.how[lang]}`];
    const mark = optional ? paint.yellow("–") : paint.red("✗");
    const line = `${mark} ${title}: ${ability.missing[lang]}`;
    const advice = ability.advice[lang];
    if (given.has(advice)) return [line];
    given.add(advice);
    return [line, `    ${ADVICE[lang]}${advice}`];
  });
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
