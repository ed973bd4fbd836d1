/**
 * Connections for programs: tab-separated fields, and JSON.
 *
 * A field is called as the path to it in the JSON: `toServer.rtt.medianNs`.
 *
 * @module
 */
import type { Conversation } from "../analysis/conversations/conversation.ts";
import { VERDICTS } from "../analysis/verdicts/verdict.ts";

/** What a field of a connection is: `null` is what was not seen. */
export type ConversationValue = string | number | bigint | boolean | null;

/** A named measure. */
export interface ConversationField {
  readonly name: string;
  readonly read: (c: Conversation) => ConversationValue;
}

const OF_CONNECTION = [
  "stream",
  "client",
  "server",
  "communityId",
  "firstFrame",
  "lastFrame",
  "startNs",
  "durationNs",
  "completeness",
  "handshake.synToSynAckNs",
  "handshake.synAckToAckNs",
  "handshake.rttNs",
  "firstFin",
  "firstRst",
  "ending",
];

const OF_DIRECTION = [
  "segments",
  "wireBytes",
  "dataSegments",
  "payloadBytes",
  "uniqueBytes",
  "retransmittedSegments",
  "retransmittedBytes",
  "retransmittedShare",
  "window.min",
  "window.max",
  "maxFlight",
  "zeroWindows",
  "zeroWindowNs",
  "rtt.samples",
  "rtt.minNs",
  "rtt.medianNs",
  "rtt.p95Ns",
  "rtt.maxNs",
  "mss",
  "windowScale",
  "sackPermitted",
  "timestamps",
  "syns",
  "fins",
  "rsts",
  ...VERDICTS.map((name) => `verdicts.${name}`),
];

/** All fields, in the order in which they are printed. */
export const CONVERSATION_FIELDS: readonly ConversationField[] = [
  ...OF_CONNECTION,
  ...OF_DIRECTION.map((name) => `toServer.${name}`),
  ...OF_DIRECTION.map((name) => `toClient.${name}`),
].map((name) => ({ name, read: readerOf(name) }));

function readerOf(name: string): (c: Conversation) => ConversationValue {
  const path = name.split(".");
  // What is not counted in an object of counts has not happened.
  const otherwise = name.includes(".verdicts.") ? 0 : null;
  return (c) => {
    let value: unknown = c;
    for (const key of path) {
      if (typeof value !== "object" || value === null) return otherwise;
      value = Reflect.get(value, key);
    }
    return isValue(value) ? value : otherwise;
  };
}

function isValue(value: unknown): value is ConversationValue {
  return value !== undefined && (typeof value !== "object" || value === null);
}

/** The fields of `c` with tabs between; nothing stands for `null`, 1 and 0 for booleans. */
export function conversationRow(c: Conversation, fields: readonly ConversationField[]): string {
  return fields.map(({ read }) => showValue(read(c))).join("\t");
}

function showValue(value: ConversationValue): string {
  if (value === null) return "";
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

/** `c` as one line of JSON; nanoseconds since 1970, which no number of JSON holds, as a string. */
export function conversationJson(c: Conversation): string {
  return JSON.stringify(c, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
