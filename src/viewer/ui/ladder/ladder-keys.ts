/**
 * Keys of the ladder, for its picture and its table.
 *
 * @module
 */
import type { Action } from "../../model/keys.ts";
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
    const select = (index: number): void => {
      const frame = ladder.frame[Math.max(0, Math.min(ladder.frame.length - 1, index))];
      if (frame !== undefined) app.select(frame, ladder.stream);
    };
    // Without a selection the first segment that is seen is the next.
    const at = selected === -1 ? list.from - 1 : selected;
    const moves: Partial<Record<Action, () => void>> = {
      "next-row": () => select(at + 1),
      "previous-row": () => select(at - 1),
      "next-page": () => select(at + page),
      "previous-page": () => select(at - page),
      "first-row": () => select(0),
      "last-row": () => select(ladder.frame.length - 1),
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
