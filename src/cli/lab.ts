/**
 * `seqack lab`: two programs over our own TCP stack on a link of the user's
 * choice, and a recording of it.
 *
 * @module
 */
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { findScenario } from "../lab/catalogue.ts";
import { runLab } from "../lab/run.ts";
import type { Scenario } from "../lab/scenario.ts";
import { openOutput } from "../node/output.ts";
import { type Command, Exit, UsageError } from "./command.ts";
import { LINK_OPTIONS } from "./lab/link-options.ts";
import { listScenarios, nearestScenario } from "./lab/list.ts";
import { labOptions, scenarioName, STACK_OPTIONS } from "./lab/stack-options.ts";
import { summaryJson, summaryText } from "./lab/summary.ts";
import { LAB_USAGE } from "./lab/usage.ts";
import { parseOptions, wantsJson } from "./options.ts";

/** The command. */
export const lab: Command = {
  name: "lab",
  summary: text(
    "our own TCP stack on a link that you choose",
    "在你选择的链路上运行我们自己的 TCP 协议栈",
  ),
  usage: LAB_USAGE,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      ...LINK_OPTIONS,
      ...STACK_OPTIONS,
      list: { type: "boolean" },
      write: { type: "string", short: "w" },
      type: { type: "string", short: "T" },
    });
    const asJson = wantsJson(toText(values["type"]));
    if (values["list"] === true) {
      await io.out(listScenarios(io));
      return Exit.OK;
    }
    const scenario = scenarioOf(scenarioName(positionals));
    const options = labOptions(values);
    const path = toText(values["write"]) ?? `seqack-lab-${scenario.name}.pcapng`;
    const paths = options.at === "both" ? [path, serverPath(path)] : [path];
    const outputs = await Promise.all(paths.map((p) => openOutput(p, { whole: true })));
    const run = await runLab(scenario, options);
    for (const [i, output] of outputs.entries()) {
      await output.write(run.recordings[i]?.bytes ?? new Uint8Array());
      await output.close();
    }
    const saved = { scenario, run, paths: path === "-" ? [] : paths };
    const summary = asJson ? await summaryJson(saved) : await summaryText(saved, io);
    if (path === "-") io.err(summary.trimEnd());
    else await io.out(summary);
    return Exit.OK;
  },
};

const toText = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** Beside the client's recording. @throws {UsageError} when that is standard output. */
function serverPath(path: string): string {
  if (path !== "-") return path.replace(/(?:\.pcapng)?$/, "-server.pcapng");
  throw new UsageError(
    text(
      "--at both makes two recordings: give a file with -w, not -",
      "--at both 会产生两份记录：请用 -w 给出文件名，不能是 -",
    ),
  );
}

function scenarioOf(name: string): Scenario {
  const scenario = findScenario(name);
  if (scenario !== null) return scenario;
  const [shown, near] = [visible(name), nearestScenario(name)];
  throw new UsageError(
    text(
      `unknown scenario "${shown}"${near === null ? "." : `; did you mean ${near}?`} seqack lab --list explains them all`,
      `未知场景“${shown}”${near === null ? "；" : `；是不是想用 ${near}？`}seqack lab --list 逐一介绍`,
    ),
  );
}
