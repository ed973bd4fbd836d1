/**
 * What a part of the page does when a key is pressed.
 *
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ActionHandler, App } from "./app.ts";

/**
 * Hears actions while the caller is on the page. `handler` is always that of
 * the last rendering, and there before anything is painted: a key that follows
 * at once finds what the reader sees, not what was shown before.
 */
export function useActions(app: App, handler: ActionHandler): void {
  const latest = useRef(handler);
  latest.current = handler;
  useLayoutEffect(() => app.onAction((action) => latest.current(action)), [app]);
}
