/** The ladder against the one that `seqack story --ladder` prints: the same rungs, numbers and states. */
import { STATES } from "../../../src/analysis/states.ts";
import { formatLadder } from "../../../src/report/ladder.ts";
import { LadderList } from "../../../src/viewer/model/ladder-list.ts";
import { arrowLabels, callLabels, statesAround } from "../../../src/viewer/model/ladder-words.ts";
import type { Ladder } from "../../../src/viewer/model/ladder.ts";
import type { Comparing } from "./comparing.ts";

/** See the module. */
export async function compareLadder(comparing: Comparing, stream: number): Promise<void> {
  const ladder = await comparing.ask("ladder", { stream });
  if (ladder === null) return comparing.same(`ladder of stream ${stream}`, null, "one");
  const { recording, told } = comparing;
  const list = new LadderList(ladder, null);
  const options = { lang: "en", columns: 240, calls: recording.calls } as const;
  const lines = formatLadder(told.trace, stream, options).trimEnd().split("\n");
  const body = lines.slice(lines.findIndex((line) => / client +server/.test(line)) + 2);
  comparing.same(`rungs of stream ${stream}`, list.length, body.length);
  for (const [row, line] of body.entries()) {
    comparing.same(
      `rung ${row} of stream ${stream}: ${line}`,
      missingIn(line, ladder, list, row),
      [],
    );
  }
}

/** What of the viewer's ladder a printed line lacks. */
function missingIn(line: string, ladder: Ladder, list: LadderList, row: number): readonly string[] {
  const rung = list.at(row);
  if (rung === null) return ["a rung"];
  if (rung.kind === "call") {
    const { op } = ladder.calls[ladder.rungs[rung.index]!.call]!;
    const labels = callLabels(ladder, ladder.rungs[rung.index]!, "en");
    return labels.some((label) => line.includes(label)) ? [] : [op];
  }
  const { index } = rung;
  const states = ([0, 1] as const).flatMap((end) => {
    const { before, after } = statesAround(ladder, index, end);
    return before === after ? [] : [STATES[after]!];
  });
  const [whole = "", numbers = ""] = arrowLabels(ladder, index, "en");
  const label = line.includes(whole) ? whole : numbers;
  const start = new RegExp(`^ *${ladder.frame[index]} `);
  return [...states, label]
    .filter((part) => !line.includes(part))
    .concat(start.test(line) ? [] : ["frame"]);
}
