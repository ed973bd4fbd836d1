/**
 * A filter that cannot be read, as a usage error that points at the token.
 *
 * @module
 */
import stringWidth from "string-width";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { FilterError } from "../pcap/filter/error.ts";
import { UsageError } from "./command.ts";

/**
 * What `make` makes of a filter.
 *
 * @throws {UsageError} with the filter and a caret under the token at fault.
 */
export function withFilter<T>(filter: string, make: (filter: string) => T): T {
  try {
    return make(filter);
  } catch (e) {
    throw e instanceof FilterError ? filterUsageError(filter, e) : e;
  }
}

/** The error with the filter and, under it, carets. */
export function filterUsageError(filter: string, e: FilterError): UsageError {
  const before = stringWidth(visible(filter.slice(0, e.position)));
  const wrong = stringWidth(visible(filter.slice(e.position, e.position + e.length)));
  const picture = `  ${visible(filter)}\n  ${" ".repeat(before)}${"^".repeat(Math.max(1, wrong))}`;
  const why = visible(e.message.replace(/^Cannot read filter: /, ""));
  return new UsageError(
    text(`the filter cannot be read: ${why}\n${picture}`, `无法读懂过滤器：${why}\n${picture}`),
  );
}
