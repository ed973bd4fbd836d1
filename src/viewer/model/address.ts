/**
 * The page's state as the part of its address behind `#`, and back:
 *
 *     #/stream/3/packet/127?t=0.41,0.53&view=segments&filter=tcp.len>0&lang=zh&theme=dark
 *
 * A link that was copied begins with `#/f/<fingerprint>`: it is meant for that recording.
 *
 * Times are seconds since the recording's first packet. What is not said has its default; what cannot
 * be read counts as not said.
 *
 * @module
 */
import { visible } from "../../base/visible.ts";
import type { Lang } from "../../base/lang.ts";
import type { BytesAs } from "./bytes/cells.ts";

/** `auto`: as the system has it. */
export type Theme = "auto" | "light" | "dark";

/** How times are shown: since the first packet, since the row before, or of the day. */
export type TimeMode = "relative" | "delta" | "absolute";

/** Kinds of boundaries that are drawn over bytes. */
export const LANES = ["write", "segment", "read"] as const;

/** See {@link LANES}. */
export type Lane = (typeof LANES)[number];

/** Which byte stream is shown, read as what, and without which boundaries. */
export interface BytesPlace {
  /** `null`: that of the selected segment. */
  readonly dir: 0 | 1 | null;
  readonly as: BytesAs;
  readonly hidden: readonly Lane[];
}

const SORTS = [
  "stream",
  "start",
  "duration",
  "segments",
  "sent",
  "received",
  "rtt",
  "verdicts",
] as const;

/** What conversations can be sorted by. */
export type ConversationSort = (typeof SORTS)[number];

/** In which order the conversations are, and which of them. */
export interface Order {
  readonly sort: ConversationSort;
  readonly descending: boolean;
}

/** Everything that a link restores. */
export interface Place {
  /** Fingerprint of the recording that the rest is about; `null`: whichever is open. */
  readonly file: string | null;
  /** Name of a view. */
  readonly view: string;
  readonly stream: number | null;
  readonly frame: number | null;
  /** Nanoseconds since the first packet: from, to. */
  readonly range: readonly [number, number] | null;
  /** What the view keeps of itself, in words of its own: letters, digits and `_.,:+-`. */
  readonly show: string;
  /** A display filter. */
  readonly filter: string;
  readonly time: TimeMode;
  /** `null`: the browser's. */
  readonly lang: Lang | null;
  readonly theme: Theme;
  readonly bytes: BytesPlace;
  readonly order: Order;
  /** Words of an address or a port: conversations with them are listed. */
  readonly find: string;
}

/** Where a page starts. */
export const START: Place = {
  file: null,
  view: "",
  stream: null,
  frame: null,
  range: null,
  show: "",
  filter: "",
  time: "relative",
  lang: null,
  theme: "auto",
  bytes: { dir: null, as: "utf8", hidden: [] },
  order: { sort: "stream", descending: false },
  find: "",
};

/** Longest filter that a link may carry, and longest words to find. */
const MAX_FILTER = 4096;
const MAX_FIND = 256;

/** Reads a hash, with or without its `#`. */
export function parsePlace(hash: string): Place {
  const [path, query] = splitOnce(hash.replace(/^#/, ""), "?");
  const words = path.split("/");
  const after = (name: string): number | null => {
    const at = words.indexOf(name);
    return at === -1 ? null : toCount(words[at + 1] ?? "");
  };
  const values = parseQuery(query);
  const [lang, theme, time] = [values.get("lang"), values.get("theme"), values.get("time")];
  const view = values.get("view") ?? "";
  return {
    file: /^\/f\/([0-9a-f]{16})(?:\/|$)/.exec(path)?.[1] ?? null,
    view: /^[a-z]{1,20}$/.test(view) ? view : START.view,
    stream: after("stream"),
    frame: after("packet"),
    range: parseRange(values.get("t") ?? ""),
    show: /^[\w.,:+-]{1,160}$/.exec(values.get("show") ?? "")?.[0] ?? START.show,
    // Whoever made the link: what it asks is to be seen.
    filter: visible((values.get("filter") ?? "").slice(0, MAX_FILTER)),
    time: time === "delta" || time === "absolute" ? time : START.time,
    lang: lang === "en" || lang === "zh" ? lang : START.lang,
    theme: theme === "light" || theme === "dark" ? theme : START.theme,
    bytes: parseBytes(values.get("bytes") ?? ""),
    order: parseOrder(values.get("sort") ?? ""),
    find: visible((values.get("find") ?? "").slice(0, MAX_FIND)),
  };
}

/** Writes it, with its `#`; what {@link parsePlace} reads back. */
export function formatPlace(place: Place): string {
  const { view, stream, frame, range, show, filter, time, lang, theme } = place;
  const path = [
    "#",
    ...(place.file === null ? [] : ["f", place.file]),
    ...(stream === null ? [] : ["stream", String(stream)]),
    ...(frame === null ? [] : ["packet", String(frame)]),
  ].join("/");
  const values: [string, string][] = [];
  if (range !== null) values.push(["t", range.map((ns) => seconds(ns)).join(",")]);
  if (view !== START.view) values.push(["view", view]);
  if (show !== START.show) values.push(["show", show]);
  if (filter !== START.filter) values.push(["filter", encodeURIComponent(filter)]);
  if (time !== START.time) values.push(["time", time]);
  if (lang !== null) values.push(["lang", lang]);
  if (theme !== START.theme) values.push(["theme", theme]);
  if (formatBytes(place.bytes) !== "") values.push(["bytes", formatBytes(place.bytes)]);
  if (formatOrder(place.order) !== "") values.push(["sort", formatOrder(place.order)]);
  if (place.find !== "") values.push(["find", encodeURIComponent(place.find)]);
  const query = values.map(([name, value]) => `${name}=${value}`).join("&");
  return (path === "#" ? "#/" : path) + (query === "" ? "" : `?${query}`);
}

/** `rtt.down`; nothing for the order of their numbers. */
function formatOrder({ sort, descending }: Order): string {
  if (descending) return `${sort}.down`;
  return sort === START.order.sort ? "" : sort;
}

function parseOrder(word: string): Order {
  const [name, way] = splitOnce(word, ".");
  const sort = SORTS.find((one) => one === name);
  return sort === undefined ? START.order : { sort, descending: way === "down" };
}

/** `server.hex.-read`: each part where it is not the default. */
function formatBytes({ dir, as, hidden }: BytesPlace): string {
  const parts = [
    dir === null ? "" : dir === 0 ? "client" : "server",
    as === "utf8" ? "" : as,
    ...hidden.map((lane) => `-${lane}`),
  ];
  return parts.filter((part) => part !== "").join(".");
}

function parseBytes(word: string): BytesPlace {
  const parts = word.split(".");
  return {
    dir: parts.includes("client") ? 0 : parts.includes("server") ? 1 : null,
    as: parts.includes("hex") ? "hex" : parts.includes("latin1") ? "latin1" : "utf8",
    hidden: LANES.filter((lane) => parts.includes(`-${lane}`)),
  };
}

function splitOnce(words: string, sign: string): readonly [string, string] {
  const at = words.indexOf(sign);
  return at === -1 ? [words, ""] : [words.slice(0, at), words.slice(at + 1)];
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const part of query.split("&")) {
    const [name, value] = splitOnce(part, "=");
    try {
      values.set(name, decodeURIComponent(value));
    } catch (e) {
      if (!(e instanceof URIError)) throw e;
    }
  }
  return values;
}

function toCount(word: string): number | null {
  return /^\d{1,10}$/.test(word) ? Number(word) : null;
}

function parseRange(word: string): readonly [number, number] | null {
  const found = /^(-?\d{1,9}(?:\.\d{1,9})?),(-?\d{1,9}(?:\.\d{1,9})?)$/.exec(word);
  if (found === null) return null;
  const [from, to] = [Math.round(Number(found[1]) * 1e9), Math.round(Number(found[2]) * 1e9)];
  return from < to ? [from, to] : null;
}

/** Never as `1e-9`, which {@link parseRange} does not take. */
const seconds = (ns: number): string => (ns / 1e9).toFixed(9).replace(/\.?0+$/, "");
