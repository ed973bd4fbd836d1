/**
 * The page's own icons.
 *
 * @module
 */
import type { VNode } from "preact";

const PATHS = {
  brand: "M3 5h18M3 19h18M5 5l14 7-14 7M16.5 9.5 19 12l-3 1.2",
  menu: "M4 6h16M4 12h16M4 18h16",
  help: "M9.2 9a3 3 0 1 1 4.3 2.7c-1 .5-1.5 1.1-1.5 2.3M12 17.6v.1",
  auto: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18ZM12 7a5 5 0 0 1 0 10Z",
  light:
    "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  close: "M6 6l12 12M18 6 6 18",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  copy: "M9 9h11v11H9ZM15 9V4H4v11h5",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  swap: "M4 8h14l-4-4M20 16H6l4 4",
  file: "M6 3h8l4 4v14H6ZM14 3v4h4",
} as const;

/** Decoration only: what it is about says a label beside it. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }): VNode {
  return (
    <svg class={`icon is-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
