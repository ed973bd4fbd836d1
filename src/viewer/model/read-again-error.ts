/**
 * A file cannot be read a second time.
 *
 * @module
 */
import { type Text, text } from "../../base/lang.ts";

/** Says so in both languages; `cause` is the system's reason. */
export class ReadAgainError extends Error {
  override readonly name = "ReadAgainError";
  readonly words: Text = text(
    "The file has changed or gone since it was opened: its bytes cannot be read any more. Open it again.",
    "文件在打开之后被改动或移走，无法再读取其中的字节。请重新打开。",
  );

  constructor(cause: unknown) {
    super("Cannot read the file again: it has changed or gone since it was opened", { cause });
  }
}
