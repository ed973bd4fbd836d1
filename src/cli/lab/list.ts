/**
 * What `seqack lab --list` prints: each scenario, explained.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { SCENARIOS } from "../../lab/catalogue.ts";
import type { Scenario } from "../../lab/scenario.ts";
import { wrap } from "../../report/wrap.ts";
import type { Io } from "../command.ts";

/** Words are not laid out wider than this, however wide the terminal is. */
const WIDEST = 100;
const INDENT = "  ";

/** All scenarios, a paragraph each. */
export function listScenarios(io: Io): string {
  return SCENARIOS.map((scenario) => describeScenario(scenario, io)).join("\n");
}

/** One scenario: what it is, what it shows, where the article speaks of it, what to look at. */
export function describeScenario(scenario: Scenario, io: Io): string {
  const { lang, paint } = io;
  const colon = lang === "zh" ? "：" : ": ";
  const body: [Text | null, Text][] = [
    [null, scenario.shows],
    [text("Article", "对应文章"), scenario.article],
    [text("Look at", "看什么"), scenario.look],
  ];
  const lines = [`${paint.bold(scenario.name)}${colon}${scenario.title[lang]}`];
  const width = Math.min(io.columns, WIDEST) - INDENT.length;
  for (const [label, words] of body) {
    const whole = label === null ? words[lang] : `${label[lang]}${colon}${words[lang]}`;
    for (const line of wrap(whole, width)) lines.push(INDENT + line);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The scenario whose name is nearest to a wrong one, or `null`. */
export function nearestScenario(name: string): string | null {
  const start = name.slice(0, 3);
  if (start.length < 3) return null;
  return SCENARIOS.find((s) => s.name.startsWith(start) || s.name.includes(name))?.name ?? null;
}
