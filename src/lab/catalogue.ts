/**
 * All scenarios, by name.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";
import { ENDINGS, OPENINGS } from "./scenarios/endings.ts";
import { MESSAGES } from "./scenarios/messages.ts";
import { TRANSFERS } from "./scenarios/transfer.ts";

/** In the order in which a reader may want to go through them. */
export const SCENARIOS: readonly Scenario[] = [...MESSAGES, ...OPENINGS, ...TRANSFERS, ...ENDINGS];

/** The scenario of that name, or `null`. */
export function findScenario(name: string): Scenario | null {
  return SCENARIOS.find((s) => s.name === name) ?? null;
}
