/**
 * Events as JSON: one table per kind says how each field is written and what
 * is accepted when it is read. A file is not trusted: a value of the wrong
 * type or range makes the event wrong, a field that is not in the table is not
 * looked at.
 *
 * @module
 */
import type {
  CallEvent,
  CallOp,
  ClockEvent,
  DecisionAct,
  DecisionEvent,
  DecisionMaker,
  RecordedEvent,
  SampleEvent,
} from "./event.ts";

type Json = string | number | boolean | null;

/** How one field is written and read. */
interface Field<T> {
  /** `undefined`: nothing is written. */
  readonly write: (value: T) => Json | undefined;
  /** `undefined`: not such a value. */
  readonly read: (json: unknown) => T | undefined;
}

type Fields<E> = { readonly [K in Exclude<keyof E, "kind">]-?: Field<E[K]> };

/** Names and addresses are short; a longer one is no name. */
const MAX_TEXT_LEN = 1024;

const same = <T extends Json>(value: T): T => value;

const flag: Field<boolean> = {
  write: same,
  read: (json) => (typeof json === "boolean" ? json : undefined),
};

const name: Field<string> = {
  write: same,
  read: (json) => (typeof json === "string" && json.length <= MAX_TEXT_LEN ? json : undefined),
};

/** A whole number from 0. */
const count: Field<number> = {
  write: same,
  read: (json) =>
    typeof json === "number" && Number.isSafeInteger(json) && json >= 0 ? json : undefined,
};

/** 64 bits, as decimal digits: JSON numbers are exact to 2^53 only. */
const time: Field<bigint> = {
  write: (value) => value.toString(),
  read: (json) =>
    typeof json === "string" && /^(?:0|[1-9]\d{0,18})$/.test(json) ? BigInt(json) : undefined,
};

function oneOf<T extends string>(...words: readonly T[]): Field<T> {
  return { write: same, read: (json) => words.find((word) => word === json) };
}

function orNull<T>(field: Field<T>): Field<T | null> {
  return {
    write: (value) => (value === null ? null : field.write(value)),
    read: (json) => (json === null ? null : field.read(json)),
  };
}

/** A field that older recordings do not have: `null` is not written. */
function orAbsent<T>(field: Field<T>): Field<T | null> {
  return {
    write: (value) => (value === null ? undefined : field.write(value)),
    read: (json) => (json === undefined || json === null ? null : field.read(json)),
  };
}

const CALL_OPS = ["listen", "accept", "dial", "read", "write", "closeWrite", "close"] as const;

const CALL: Fields<CallEvent> = {
  id: count,
  op: oneOf<CallOp>(...CALL_OPS),
  role: oneOf("client", "server"),
  conn: orNull(count),
  begin: time,
  end: orNull(time),
  local: orNull(name),
  remote: orNull(name),
  bytes: orNull(count),
  eof: flag,
  error: orNull(name),
};

const CLOCK: Fields<ClockEvent> = { source: name, errorNs: count };

const DECISION_ACTS = [
  "sent",
  "dropped",
  "trimmed",
  "state",
  "timer",
  "recovery",
  "limited",
  "marked",
  "corrupted",
  "duplicated",
  "held",
] as const;

const DECISION: Fields<DecisionEvent> = {
  by: oneOf<DecisionMaker>("stack", "host", "link"),
  act: oneOf<DecisionAct>(...DECISION_ACTS),
  time,
  local: name,
  remote: name,
  why: name,
  seq: orNull(count),
  len: orNull(count),
  sent: orNull(time),
};

const SAMPLE: Fields<SampleEvent> = {
  by: name,
  time,
  local: name,
  remote: name,
  state: name,
  mss: count,
  cwnd: count,
  ssthresh: orNull(count),
  sndWnd: count,
  rcvWnd: count,
  flight: count,
  queued: count,
  srttNs: orNull(count),
  rtoNs: count,
  recovery: name,
  congestion: name,
  pacingRate: orAbsent(count),
};

type Kind = RecordedEvent["kind"];
type FieldsOfKind = { readonly [K in Kind]: Fields<Extract<RecordedEvent, { kind: K }>> };

const FIELDS: FieldsOfKind = { call: CALL, clock: CLOCK, decision: DECISION, sample: SAMPLE };

/**
 * One event as JSON text, its fields always in the same order.
 *
 * @throws {RangeError} when a field holds what would not be read again.
 */
export function eventToJson(event: RecordedEvent): string {
  const out: Record<string, Json | undefined> = { kind: event.kind };
  const values: Readonly<Record<string, unknown>> = { ...event };
  for (const [key, field] of entries(event.kind)) {
    const json = field.write(values[key]);
    if (field.read(json) === undefined) {
      throw new RangeError(`Cannot write ${event.kind} event: ${key} is ${String(values[key])}`);
    }
    out[key] = json;
  }
  return JSON.stringify(out);
}

/** The event in parsed JSON; `"unknown"` when its kind is of a later version, `"wrong"` when a field is. */
export function eventFromJson(json: unknown): RecordedEvent | "unknown" | "wrong" {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return "wrong";
  const values = new Map<string, unknown>(Object.entries(json));
  const kind = values.get("kind");
  if (typeof kind !== "string") return "wrong";
  if (!isKind(kind)) return "unknown";
  const event: Record<string, unknown> = { kind };
  for (const [key, field] of entries(kind)) {
    const value = field.read(values.get(key));
    if (value === undefined) return "wrong";
    event[key] = value;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field of FIELDS[kind] was read
  return event as unknown as RecordedEvent;
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(FIELDS, kind);
}

function entries(kind: Kind): [string, Field<unknown>][] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- write() gets the value of its own key
  return Object.entries(FIELDS[kind]) as [string, Field<unknown>][];
}
