/**
 * How the display filter is doing.
 *
 * @module
 */
import type { Problem } from "../model/protocol.ts";

/** See the module; packets looked at, of how many, and how many passed. */
export interface FilterState {
  readonly phase: "none" | "running" | "done" | "wrong";
  readonly done: number;
  readonly total: number;
  readonly matches: number;
  readonly problem: Problem | null;
}

/** Everything is shown. */
export const NO_FILTER: FilterState = {
  phase: "none",
  done: 0,
  total: 0,
  matches: 0,
  problem: null,
};
