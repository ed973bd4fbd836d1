/**
 * What `read` prints of each frame: lines, rows of fields, JSON.
 *
 * @module
 */
import type { Frame } from "../analysis/fields/frame.ts";
import { FieldRows } from "../report/fields.ts";
import { JsonFrames } from "../report/json.ts";
import { LinePrinter } from "../report/lines.ts";
import type { ReadOptions } from "./read-options.ts";

/** One face of a capture. */
export interface FrameOutput {
  /** Stands before the first frame. */
  readonly head: string;
  frame(frame: Frame): string;
  /** Stands behind the last. */
  end(): string;
}

/** The output that was asked for. */
export function frameOutput({ format, fields, settings, lines }: ReadOptions): FrameOutput {
  switch (format) {
    case "text": {
      const printer = new LinePrinter(lines);
      const line = ({ packet, segment }: Frame): string =>
        segment === null ? printer.other(packet) : printer.segment(segment);
      return { head: "", frame: (frame) => `${line(frame)}\n`, end: () => "" };
    }
    case "fields": {
      const rows = new FieldRows(fields, settings);
      const head = settings.header ? `${rows.header()}\n` : "";
      return { head, frame: (frame) => `${rows.row(frame)}\n`, end: () => "" };
    }
    case "json": {
      const json = new JsonFrames(fields.length === 0 ? null : fields);
      return { head: "", frame: (frame) => json.frame(frame), end: () => json.end() };
    }
  }
}
