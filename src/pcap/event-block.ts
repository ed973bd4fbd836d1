/**
 * The block that holds events: a pcapng block of a type for local use, which
 * every other reader passes over without a word, and without a frame number.
 *
 * ```text
 *  8 signature, 8 bytes: ASCII "seqackEV"     24 events as a JSON array in UTF-8,
 * 16 version          18 encoding (1: JSON)      padded with zero bytes
 * 20 bytes of JSON                            -4 total length again
 * ```
 *
 * Why this way: `docs/decisions/0002-events-in-local-blocks.md`.
 *
 * @module
 */
import type { RecordedEvent } from "./event.ts";
import { eventFromJson, eventToJson } from "./event-fields.ts";

/** Bytes of the body before the events. */
export const EVENTS_HEADER_LEN = 16;
/** Events of one block, in bytes, as far as they can be parted. */
export const EVENTS_TARGET_LEN = 60 * 1024;
/** A longer block is passed over. */
export const MAX_EVENTS_BLOCK_LEN = 1024 * 1024;
/** Version written, and the newest that is read. */
export const EVENTS_VERSION = 1;
/** Encoding of the payload: a JSON array, UTF-8. */
export const JSON_ENCODING = 1;

const SIGNATURE = new TextEncoder().encode("seqackEV");
const UTF8 = new TextEncoder();
const FATAL_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a block of type {@link BlockType.EVENTS} was found to be. */
export type EventBlock =
  | {
      readonly is: "events";
      readonly events: readonly RecordedEvent[];
      /** Events of kinds that this version does not know. */
      readonly unknown: number;
      /** Events with a field that is not what it should be. */
      readonly wrong: number;
    }
  /** Somebody else's local block. */
  | { readonly is: "foreign" }
  /** Ours, by a later version. */
  | { readonly is: "later"; readonly version: number }
  | { readonly is: "damaged"; readonly why: string };

/** Whether the body at `[at, end)` begins with our signature. */
export function isEventBody(v: DataView, at: number, end: number): boolean {
  return end - at >= EVENTS_HEADER_LEN && SIGNATURE.every((b, i) => v.getUint8(at + i) === b);
}

/** Reads the body of an event block at `[at, end)`. */
export function parseEventBody(v: DataView, at: number, end: number, le: boolean): EventBlock {
  if (!isEventBody(v, at, end)) return { is: "foreign" };
  const version = v.getUint16(at + 8, le);
  if (version > EVENTS_VERSION || v.getUint16(at + 10, le) !== JSON_ENCODING) {
    return { is: "later", version };
  }
  const len = v.getUint32(at + 12, le);
  const from = at + EVENTS_HEADER_LEN;
  if (len > end - from)
    return { is: "damaged", why: `${len} bytes of events do not fit the block` };
  return parseEvents(new Uint8Array(v.buffer, v.byteOffset + from, len));
}

function parseEvents(utf8: Uint8Array): EventBlock {
  const json = parseJson(utf8);
  if (!Array.isArray(json)) return { is: "damaged", why: "events are not a JSON array" };
  const events: RecordedEvent[] = [];
  let unknown = 0;
  let wrong = 0;
  for (const item of json) {
    const event = eventFromJson(item);
    if (event === "unknown") unknown++;
    else if (event === "wrong") wrong++;
    else events.push(event);
  }
  return { is: "events", events, unknown, wrong };
}

function parseJson(utf8: Uint8Array): unknown {
  try {
    return JSON.parse(FATAL_UTF8.decode(utf8));
  } catch {
    return undefined; // not JSON: the caller says so
  }
}

/** Bodies for as many blocks as the events need, each of about {@link EVENTS_TARGET_LEN} at most. */
export function emitEventBodies(events: readonly RecordedEvent[], le: boolean): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  let batch: string[] = [];
  let len = 0;
  for (const event of events) {
    const json = eventToJson(event);
    if (len + json.length > EVENTS_TARGET_LEN && batch.length > 0) {
      bodies.push(emitBody(batch, le));
      batch = [];
      len = 0;
    }
    batch.push(json);
    len += json.length + 1;
  }
  if (batch.length > 0) bodies.push(emitBody(batch, le));
  return bodies;
}

function emitBody(batch: readonly string[], le: boolean): Uint8Array {
  const json = UTF8.encode(`[${batch.join(",")}]`);
  const body = new Uint8Array(EVENTS_HEADER_LEN + json.length);
  const v = new DataView(body.buffer);
  body.set(SIGNATURE);
  v.setUint16(8, EVENTS_VERSION, le);
  v.setUint16(10, JSON_ENCODING, le);
  v.setUint32(12, json.length, le);
  body.set(json, EVENTS_HEADER_LEN);
  return body;
}
