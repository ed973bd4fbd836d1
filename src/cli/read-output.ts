/**
 * What `read` prints of each frame: lines, rows of fields, JSON.
 *
 * @module
 */
import { Explainer } from "../analysis/evidence/explainer.ts";
import { type Reason, reasonField } from "../analysis/evidence/reason.ts";
import type { Frame } from "../analysis/fields/frame.ts";
import type { Lang } from "../base/lang.ts";
import { FieldRows } from "../report/fields.ts";
import { JsonFrames } from "../report/json.ts";
import { LinePrinter } from "../report/lines.ts";
import { reasonLines, verdictTag } from "../report/reasons.ts";
import type { Io } from "./command.ts";
import type { ReadOptions } from "./read-options.ts";

/** Where the IP header's second line begins, and two more. */
const INDENT = 6;

/** One face of a capture. */
export interface FrameOutput {
  /** Stands before the first frame. */
  readonly head: string;
  /** Told of every frame, before it is known whether it is shown. */
  pass(frame: Frame): void;
  /** Told of a frame that the display filter hides; what the capture filter refuses was never there. */
  hide(frame: Frame): void;
  frame(frame: Frame): string;
  /** Stands behind the last. */
  end(): string;
}

/** What of the terminal matters here. */
type Face = Pick<Io, "lang" | "columns" | "paint" | "stdoutIsTerminal">;

/** The output that was asked for. */
export function frameOutput(options: ReadOptions, io: Face): FrameOutput {
  const { format, fields, settings } = options;
  switch (format) {
    case "text":
      return new TextOutput(options, io);
    case "fields": {
      const rows = new FieldRows(fields, settings);
      const head = settings.header ? `${rows.header()}\n` : "";
      return {
        head,
        pass: () => {},
        hide: () => {},
        frame: (f) => `${rows.row(f)}\n`,
        end: () => "",
      };
    }
    case "json": {
      const json = new JsonFrames(fields.length === 0 ? null : fields);
      const explainer = options.lines.verbose === true ? new Explainer() : null;
      const own = (f: Frame): ReturnType<typeof reasonsLayer> =>
        explainer === null || f.segment === null
          ? null
          : reasonsLayer(explainer.reasons(baseOf(f)), io.lang);
      return {
        head: "",
        pass: (f) => passTo(explainer, f),
        hide: () => {},
        frame: (f) => json.frame(f, own(f)),
        end: () => json.end(),
      };
    }
  }
}

/** Lines as tcpdump's; with `-v` the reasons below them, with tags the verdicts at their end. */
class TextOutput implements FrameOutput {
  readonly head = "";
  readonly #printer: LinePrinter;
  readonly #explainer: Explainer | null;
  readonly #hasTags: boolean;
  readonly #io: Face;

  constructor({ lines, tags }: ReadOptions, io: Face) {
    const { verbose = false, quiet = false } = lines;
    this.#printer = new LinePrinter(lines);
    this.#explainer = verbose ? new Explainer() : null;
    this.#hasTags = tags || (io.stdoutIsTerminal && !verbose && !quiet);
    this.#io = io;
  }

  pass(frame: Frame): void {
    passTo(this.#explainer, frame);
  }

  /** Numbers count from the stream's start, as in Wireshark, whatever is shown of it. */
  hide({ segment }: Frame): void {
    if (segment !== null) this.#printer.skip(segment);
  }

  frame({ packet, segment, verdicts, samples }: Frame): string {
    if (samples.length > 0) return `${this.#printer.samples(packet).join("\n")}\n`;
    if (segment === null) return `${this.#printer.other(packet)}\n`;
    const line = this.#printer.segment(segment);
    const tag =
      this.#hasTags && verdicts !== null && verdicts.isShown
        ? verdictTag(verdicts.bits, this.#io.paint)
        : "";
    if (this.#explainer === null) return `${line}${tag}\n`;
    const reasons = this.#explainer.reasons(this.#printer.base);
    return `${[line + tag, ...reasonLines(reasons, this.#io, INDENT)].join("\n")}\n`;
  }

  end(): string {
    return "";
  }
}

function passTo(explainer: Explainer | null, { segment, verdicts, causes }: Frame): void {
  if (segment !== null && verdicts !== null) explainer?.pass(segment, verdicts, causes);
}

/** Counts as `tcp.seq` and `tcp.ack` beside it do. */
function baseOf({ segment }: Frame): { seq: number; ack: number } | null {
  if (segment === null || !segment.isLenKnown) return null;
  return { seq: (segment.seq - segment.relSeq) >>> 0, ack: segment.ackBase };
}

/** Values are strings, as everywhere in this shape. */
function reasonsLayer(
  reasons: readonly Reason[],
  lang: Lang,
): Readonly<Record<string, unknown>> | null {
  if (reasons.length === 0) return null;
  const why = reasons.map(({ name, frame, text }) => ({
    field: reasonField(name),
    ...(frame === 0 ? {} : { frame: String(frame) }),
    text: text[lang],
  }));
  return { "seqack.why": why };
}
