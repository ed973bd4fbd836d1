/**
 * Why a capture could not be read, or not to its end: what, where, why, and
 * what to do about it.
 *
 * @module
 */
import { joinTexts, text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import type { CaptureWarning } from "../pcap/sink.ts";
import { hasLostBytes, visibleName } from "./file-name.ts";

/** What is wrong with an input. */
export type InputErrorCode =
  | "missing"
  | "directory"
  | "not-permitted"
  | "empty"
  | "not-a-capture"
  | "damaged"
  | "io"
  | "aborted";

/** A capture could not be read, or not to its end. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly code: InputErrorCode;
  /** As given; not safe to show. */
  readonly path: string;
  /** The whole of it for people: what, why, and what to do. Safe to show. */
  readonly text: Text;

  constructor(code: InputErrorCode, path: string, detail?: Text, cause?: unknown) {
    const why = detail ?? REASONS[code];
    const shown =
      path === "-"
        ? text("standard input", "标准输入")
        : text(visibleName(path), visibleName(path));
    const said = text(`Cannot read ${shown.en}: ${why.en}.`, `无法读取 ${shown.zh}：${why.zh}。`);
    super(said.en.slice(0, -1), { cause });
    this.code = code;
    this.path = path;
    const hint = HINTS[code];
    this.text = hint === undefined ? said : joinTexts([said, hint]);
  }
}

const REASONS: Readonly<Record<InputErrorCode, Text>> = {
  missing: text("no such file", "文件不存在"),
  directory: text("it is a directory", "它是一个目录"),
  "not-permitted": text("permission denied", "权限不足"),
  empty: text("empty file", "文件是空的"),
  "not-a-capture": text("not a capture", "不是抓包文件"),
  damaged: text("damaged", "文件已损坏"),
  io: text("reading failed", "读取失败"),
  aborted: text("reading was stopped", "读取被中止"),
};

const HINTS: Readonly<Partial<Record<InputErrorCode, Text>>> = {
  directory: text("Name a capture file in it.", "请指定其中的一个抓包文件。"),
  "not-permitted": text(
    "Ask its owner for read permission, or copy it to a place of yours.",
    "请向文件的所有者申请读取权限，或把它复制到你自己的目录。",
  ),
  "not-a-capture": text(
    "seqack reads pcap, pcapng and snoop files, also when gzip, zstd or lz4 has compressed them.",
    "seqack 可以读取 pcap、pcapng 和 snoop 文件，用 gzip、zstd 或 lz4 压缩过的也可以。",
  ),
  damaged: text("Everything before that place has been read.", "该位置之前的内容都已读取。"),
};

const LOST_BYTES = text(
  "no such file; a name that is not UTF-8 does not arrive here whole: rename it, or pass the file as standard input (-)",
  "文件不存在；文件名若不是 UTF-8 编码，就无法完整传到这里：请改名，或从标准输入（-）读入",
);

const TOO_MANY_OPEN = text(
  "too many files are open at once: raise the limit (ulimit -n), or merge some of them first",
  "同时打开的文件太多：请提高上限（ulimit -n），或先合并其中一部分",
);

/** From what opening threw. */
export function openError(path: string, cause: unknown): InputError {
  const errno = errnoOf(cause);
  if (errno === "ENOENT") {
    return new InputError("missing", path, hasLostBytes(path) ? LOST_BYTES : undefined, cause);
  }
  if (errno === "EISDIR") return new InputError("directory", path, undefined, cause);
  if (errno === "EACCES" || errno === "EPERM") {
    return new InputError("not-permitted", path, undefined, cause);
  }
  if (errno === "EMFILE" || errno === "ENFILE") {
    return new InputError("io", path, TOO_MANY_OPEN, cause);
  }
  return readError(path, cause);
}

/** From what reading threw. */
export function readError(path: string, cause: unknown): InputError {
  if (errnoOf(cause) === "EISDIR") return new InputError("directory", path, undefined, cause);
  const why = visible(cause instanceof Error ? cause.message : String(cause));
  return new InputError("io", path, text(why, why), cause);
}

/** From the warning that ended reading before a capture began. */
export function notACapture(path: string, warning: CaptureWarning | null): InputError {
  const message = visible(warning?.message ?? REASONS.empty.en);
  if (message === REASONS.empty.en) return new InputError("empty", path);
  const offset = warning?.offset ?? 0;
  const [at, atZh] = offset === 0 ? ["", ""] : [`at byte ${offset}: `, `第 ${offset} 字节处，`];
  const why = text(`${at}${message}`, `不是可读的抓包文件（${atZh}${message}）`);
  return new InputError("not-a-capture", path, why);
}

/** From the warning that ended reading in the middle. */
export function damaged(path: string, { offset, frame, message }: CaptureWarning): InputError {
  const why = visible(message);
  const where = text(
    frame === 0 ? `damaged at byte ${offset}` : `damaged after frame ${frame}, at byte ${offset}`,
    frame === 0 ? `第 ${offset} 字节处损坏` : `第 ${frame} 帧之后、第 ${offset} 字节处损坏`,
  );
  return new InputError("damaged", path, text(`${where.en}: ${why}`, `${where.zh}（${why}）`));
}

function errnoOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}
