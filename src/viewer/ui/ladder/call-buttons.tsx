/**
 * The calls of a ladder for the keyboard: an invisible button over each that has words.
 *
 * @module
 */
import type { VNode } from "preact";
import { text } from "../../../base/lang.ts";
import { seenCalls } from "../../draw/ladder/calls.ts";
import { type Columns, HEAD, type Heights } from "../../draw/ladder/layout.ts";
import { callSentenceOf } from "../../model/ladder-words.ts";
import type { Ladder } from "../../model/ladder.ts";
import type { App } from "../app.ts";

/** Height of a button, in pixels. */
const HIGH = 20;

/** Selects the first segment of a call; one that has none selects nothing. */
export function selectCall(app: App, ladder: Ladder, call: number): void {
  const index = ladder.calls[call]?.segments[0];
  if (index !== undefined) app.select(ladder.frame[index]!, ladder.stream);
}

/** See the module. The pointer goes through them to the picture, which knows what is near. */
export function CallButtons(props: {
  readonly app: App;
  readonly ladder: Ladder;
  readonly columns: Columns;
  readonly heights: Heights;
  readonly height: number;
  /** -1: none has the focus any more. */
  readonly onFocus: (call: number) => void;
}): VNode {
  const { app, ladder, columns, heights, height, onFocus } = props;
  const seen = seenCalls(ladder, columns, heights).filter(
    ({ y, hasWords }) => hasWords && y - HIGH / 2 >= HEAD && y + HIGH / 2 <= height,
  );
  return (
    <div role="group" aria-label={app.say(text("Calls of the programs", "程序的调用"))}>
      {seen.map(({ rung, y }) => {
        const { call } = ladder.rungs[rung]!;
        return (
          <button
            type="button"
            key={rung}
            class="ladder-call"
            aria-label={app.say(callSentenceOf(ladder, call))}
            style={placeOf(ladder.calls[call]!.end, columns, y)}
            onFocus={() => onFocus(call)}
            onBlur={() => onFocus(-1)}
            onClick={(e) => {
              e.stopPropagation();
              selectCall(app, ladder, call);
            }}
          />
        );
      })}
    </div>
  );
}

function placeOf(end: 0 | 1, columns: Columns, y: number): Record<string, string> {
  const { isNarrow, outer, inner, lane } = columns;
  const left = isNarrow ? inner[0] : end === 0 ? outer[0] - lane : outer[1];
  const width = isNarrow ? inner[1] - inner[0] : lane;
  return {
    left: `${left}px`,
    top: `${y - HIGH / 2}px`,
    width: `${width}px`,
    height: `${HIGH}px`,
  };
}
