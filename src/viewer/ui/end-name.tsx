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
  const room = `calc(100% - ${end.length - port}ch - var(--before, 0px))`;
  return (
    <span title={end}>
      <span class="end-address" style={{ maxWidth: room }}>
        {end.slice(0, port)}
      </span>
      {end.slice(port)}
    </span>
  );
}
