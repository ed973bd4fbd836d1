/**
 * Fields of the frame itself: number, times, lengths.
 *
 * @module
 */
import { civilDate, clockTime } from "./date.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";
import type { Frame } from "./frame.ts";
import { protocolField } from "./readers.ts";

/** A field with one value. */
function one(name: string, type: FieldType, read: (frame: Frame) => FieldValue): Field {
  return { name, type, read: (frame, out) => void out.push(read(frame)) };
}

/** `frame.*`. */
export const FRAME_FIELDS: readonly Field[] = [
  protocolField("frame", (f) => f.packet.at),
  one("frame.time", "string", (f) => showDate(f.packet.sec, f.packet.nsec)),
  one("frame.time_epoch", "time", (f) => f.timeNs),
  one("frame.time_delta", "time", (f) => f.deltaNs),
  one("frame.time_relative", "time", (f) => f.relativeNs),
  one("frame.number", "uint", (f) => f.packet.frame),
  one("frame.len", "uint", (f) => f.packet.origLen),
  one("frame.cap_len", "uint", (f) => f.packet.capLen),
  {
    name: "frame.comment",
    type: "string",
    read: (f, out) => {
      for (const comment of f.packet.comments) out.push(comment);
    },
  },
];

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `"Nov 22, 2026 11:48:30.067629000 UTC"`. */
function showDate(sec: number, nsec: number): string {
  const { year, month, day } = civilDate(Math.floor(sec / 86_400));
  const date = `${MONTHS[month - 1]} ${String(day).padStart(2)}, ${year}`;
  return `${date} ${clockTime(sec)}.${String(nsec).padStart(9, "0")} UTC`;
}
