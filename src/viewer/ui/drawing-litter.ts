/**
 * What drawing leaves behind: where a row says something new, the browser lays it out anew, and lets some 50 MB of old
 * layouts gather before it looks for them by itself. Those pages of memory it keeps afterwards.
 *
 * @module
 */
import { options } from "preact";
import { Litter } from "../model/garbage.ts";

/** Bytes that one element or component leaves when it is drawn again: 250 KB a frame of a list with 1,000. */
const LITTER_OF_NODE = 256;

/** Bytes of it that may gather. */
const MOST = 8 * 2 ** 20;

/** From now on garbage is looked for as often as that much has been drawn. */
export function collectAfterDrawing(): void {
  const litter = new Litter(MOST);
  const before = options.diffed?.bind(options);
  options.diffed = (node) => {
    litter.add(LITTER_OF_NODE);
    before?.(node);
  };
}
