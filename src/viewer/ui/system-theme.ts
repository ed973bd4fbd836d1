/**
 * Whether the reader's system is dark.
 *
 * @module
 */
import { type ReadonlySignal, signal } from "@preact/signals";

/** Changes with the system. */
export function systemIsDark(): ReadonlySignal<boolean> {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const isDark = signal(query.matches);
  query.addEventListener("change", () => (isDark.value = query.matches));
  return isDark;
}
