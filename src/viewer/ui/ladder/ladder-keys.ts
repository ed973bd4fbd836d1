/**
 * Keys of the ladder, for its picture and its table.
 *
 * @module
 */
import { type Action, rowAfter } from "../../model/keys.ts";
import type { LadderList } from "../../model/ladder-list.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";

/** What moves the time that is seen. */
export interface TimeMoves {
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly fit: () => void;
}

const ZOOM = 1.6;
const PAN = 0.25;

/** Moves the selection from segment to segment, and the time; beyond the range too: the range follows. */
export function useLadderKeys(
  app: App,
  list: LadderList,
  selected: number,
  page: number,
  { zoom, pan, fit }: TimeMoves,
): void {
  useActions(app, (action) => {
    const { ladder } = list;
    // Without a selection the first segment that is seen is the next.
    const at = selected === -1 ? list.from - 1 : selected;
    const target = rowAfter(action, at, page, ladder.frame.length);
    if (target !== null) {
      const frame = ladder.frame[target];
      if (frame !== undefined) app.select(frame, ladder.stream);
      return true;
    }
    const moves: Partial<Record<Action, () => void>> = {
      "zoom-in": () => zoom(1 / ZOOM),
      "zoom-out": () => zoom(ZOOM),
      "pan-left": () => pan(-PAN),
      "pan-right": () => pan(PAN),
      fit,
    };
    moves[action]?.();
    return moves[action] !== undefined;
  });
}
