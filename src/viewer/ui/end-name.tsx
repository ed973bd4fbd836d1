/**
 * Address and port of an end of a connection, in as much room as there is.
 *
 * @module
 */
import type { VNode } from "preact";

/** The address may lose its end where it has no room, never the port behind it. */
export function EndName({ end }: { readonly end: string }): VNode {
  const port = end.lastIndexOf(":");
  if (port === -1) return <>{end}</>;
  return (
    <span class="end-name" title={end}>
      <span>{end.slice(0, port)}</span>
      <span>{end.slice(port)}</span>
    </span>
  );
}
