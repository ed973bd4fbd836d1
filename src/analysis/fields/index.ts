/**
 * Fields: what a frame holds, called and printed as Wireshark does.
 *
 * @module
 */
export { type Field, type FieldType, type FieldValue, showValue } from "./field.ts";
export { type Frame, FrameFeed } from "./frame.ts";
export { FIELDS, findField, nearestFields } from "./registry.ts";
