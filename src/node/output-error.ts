/**
 * Why a capture could not be written.
 *
 * @module
 */
import { joinTexts, text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { visibleName } from "./file-name.ts";

/** What is wrong with an output. `closed-pipe`: the reader of standard output has gone, which is no fault. */
export type OutputErrorCode = "no-space" | "closed-pipe" | "not-permitted" | "missing" | "io";

/** A capture could not be written, or not to its end. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  readonly code: OutputErrorCode;
  /** As given; not safe to show. */
  readonly path: string;
  /** For people, and safe to show: what, why, and what is left of the file. */
  readonly text: Text;

  /** `kept`: whole bytes that the file holds after all; `null`: nothing was left behind. */
  constructor(path: string, cause: unknown, kept: number | null) {
    const code = codeOf(cause);
    const raw = visible(cause instanceof Error ? cause.message : String(cause));
    const why = code === "io" ? text(raw, raw) : REASONS[code];
    const shown =
      path === "-"
        ? text("standard output", "标准输出")
        : text(visibleName(path), visibleName(path));
    const said = text(`Cannot write ${shown.en}: ${why.en}.`, `无法写入 ${shown.zh}：${why.zh}。`);
    super(said.en.slice(0, -1), { cause });
    this.code = code;
    this.path = path;
    this.text = joinTexts([said, leftOf(kept)]);
  }
}

const REASONS: Readonly<Record<Exclude<OutputErrorCode, "io">, Text>> = {
  "no-space": text("no space left on the device", "磁盘空间不足"),
  "closed-pipe": text("its reader has gone", "管道另一端已关闭"),
  "not-permitted": text("permission denied", "权限不足"),
  missing: text("no such directory", "目录不存在"),
};

function leftOf(kept: number | null): Text {
  if (kept === null) return text("No file was left behind.", "没有留下文件。");
  return text(
    `The first ${kept} bytes are whole and can be read.`,
    `前 ${kept} 字节是完整的，可以读取。`,
  );
}

/** Why the system refused to write, from its error code: `ENOENT` gives "no such directory". */
export function whyNotWritten(errno: string): Text {
  const code = codeOfErrno(errno);
  return code === "io" ? text(errno, errno) : REASONS[code];
}

function codeOf(cause: unknown): OutputErrorCode {
  return codeOfErrno(cause instanceof Error && "code" in cause ? cause.code : undefined);
}

function codeOfErrno(errno: unknown): OutputErrorCode {
  if (errno === "ENOSPC" || errno === "EDQUOT" || errno === "EFBIG") return "no-space";
  if (errno === "EPIPE" || errno === "ERR_STREAM_DESTROYED") return "closed-pipe";
  if (errno === "EACCES" || errno === "EPERM" || errno === "EROFS") return "not-permitted";
  return errno === "ENOENT" ? "missing" : "io";
}
